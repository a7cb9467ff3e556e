/*
 * Keeps a copy of all accounts in a folder, one JSON file for each: `target/sync copy`, for instance every night.
 *
 * The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
 * next run continues. It is written last, so after a failure the next run returns the same changes.
 */

#include <egito.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace fs = std::filesystem;

static void write(const fs::path &path, std::string_view text) {
    std::ofstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(path);
    file << text;
    file.close();
}

static void sync(const fs::path &folder) {
    const auto accounts = egito::client::from_env().accounts();
    fs::create_directories(folder);
    std::optional<std::string> mark;
    if (std::ifstream file{folder / "mark"}) std::getline(file, mark.emplace());

    int changed = 0;
    auto changes = accounts.changes(mark);
    for (const egito::record &account : changes) {
        write(folder / (account.id().value() + ".json"), account.json());
        ++changed;
    }
    std::vector<std::string> known;
    for (const auto &file : fs::directory_iterator(folder))
        if (file.path().extension() == ".json") known.push_back(file.path().stem());
    const auto deleted = accounts.deleted(known);
    for (const auto &id : deleted) fs::remove(folder / (id + ".json"));

    write(folder / "mark.part", changes.mark());
    fs::rename(folder / "mark.part", folder / "mark");
    std::cout << changed << " changed, " << deleted.size() << " deleted\n";
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: sync FOLDER\n";
        return 2;
    }
    try {
        sync(argv[1]);
        return 0;
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return error.retryable() ? 75 : 1; // 75: try again later
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}

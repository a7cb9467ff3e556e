/*
 * Writes all accounts to a CSV file, in constant memory: `target/export accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

#include <egito.hpp>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>

/** Writes the file, and returns the number of accounts. */
static int export_accounts(const std::filesystem::path &target) {
    std::filesystem::path part = target;
    part += ".part";
    std::ofstream file;
    file.exceptions(std::ios::failbit | std::ios::badbit);
    file.open(part);
    file << "\xEF\xBB\xBFid,nip,name,city\n"; // Excel needs a byte order mark for Polish letters
    int count = 0;
    for (const egito::record &account : egito::client::from_env().accounts().list()) { // reads page after page
        file << account.id().value();
        for (const auto field : {"nip", "name", "city"})
            file << ',' << std::quoted(account.get_string(field).value_or(""), '"', '"'); // doubles the quotes inside
        file << '\n';
        ++count;
    }
    file.close();
    std::filesystem::rename(part, target);
    return count;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: export FILE\n";
        return 2;
    }
    try {
        std::cout << export_accounts(argv[1]) << " accounts written to " << argv[1] << '\n';
        return 0;
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return error.retryable() ? 75 : 1; // 75: try again later
    } catch (const std::exception &error) {
        std::cerr << argv[1] << ": " << error.what() << '\n';
        return 1;
    }
}

/*
 * Imports accounts from a CSV file with the columns nip;name;city: `target/import accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

#include <egito.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

/** Reads the record of each line. The cells of this file have no quotes. */
static std::vector<egito::object> read_accounts(const std::string &path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<egito::object> accounts;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> cells;
        std::istringstream cell_stream(line + ';');
        for (std::string cell; std::getline(cell_stream, cell, ';');) cells.push_back(cell);
        if (cells.size() != 3)
            throw std::runtime_error(path + ", line " + std::to_string(number) + ": expected 3 cells, got " + std::to_string(cells.size()));
        if (number > 1) // the first line has the names of the columns
            accounts.push_back(egito::object().set("nip", cells[0]).set("name", cells[1]).set("city", cells[2]));
    }
    return accounts;
}

/** Imports the accounts, and returns the exit code. */
static int import_accounts(const std::string &path) {
    std::map<std::string_view, int> counts;
    std::ostringstream rejected;
    bool run_again = false;
    egito::bulk_options options;
    options.journal = path + ".journal";
    for (const auto &row : egito::client::from_env().accounts().upsert_many(read_accounts(path), "nip", options)) {
        const bool done = row.ok() && row.change() != egito::change::ambiguous;
        ++counts[done ? to_string(*row.change()) : "rejected"];
        if (!done)
            rejected << "line " << row.index() + 2 << ": " << (row.ok() ? "several accounts have this number" : row.error()->what()) << '\n';
        run_again |= !row.ok() && (row.error()->retryable() || row.error()->outcome() == EGITO_OUTCOME_UNKNOWN);
    }
    std::cout << counts["created"] << " created, " << counts["updated"] << " updated, " << counts["unchanged"] << " unchanged, "
              << counts["rejected"] << " rejected\n";
    std::remove((path + ".rejected.txt").c_str());
    if (counts["rejected"] > 0) {
        std::ofstream(path + ".rejected.txt") << rejected.str();
        return run_again ? 75 : 1; // 75: try again later
    }
    std::remove(options.journal->c_str()); // the import is done: the next one begins from the start
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        std::cerr << "usage: import FILE\n";
        return 2;
    }
    try {
        return import_accounts(argv[1]);
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return error.retryable() ? 75 : 1;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}

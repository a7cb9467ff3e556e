/*
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `target/normalize --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

#include <egito.hpp>
#include <algorithm>
#include <iostream>
#include <iterator>

struct findings {
    std::vector<std::pair<std::string, egito::object>> updates; // the id of an account, and its fields to update
    int invalid = 0;
};

static findings find(const egito::entity &accounts) {
    findings found;
    for (const egito::record &account : accounts.list()) {
        const std::string id = account.id().value(), nip = account.get_string("nip").value_or("");
        std::string digits;
        std::copy_if(nip.begin(), nip.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
        if (!nip.empty() && digits.size() != 10) {
            std::cerr << "account " << id << ": " << nip << " is not a tax number\n";
            ++found.invalid;
        } else if (digits != nip) {
            std::cout << "account " << id << ": " << nip << " becomes " << digits << '\n';
            found.updates.emplace_back(id, egito::object().set("nip", digits));
        }
    }
    return found;
}

int main(int argc, char **argv) {
    const bool write = argc == 2 && argv[1] == std::string_view("--write");
    if (argc > 1 && !write) {
        std::cerr << "usage: normalize [--write]\n";
        return 2;
    }
    try {
        const auto accounts = egito::client::from_env().accounts();
        auto [updates, invalid] = find(accounts);
        std::size_t done = 0, failed = 0;
        bool retryable = false;
        if (write)
            for (const auto &row : accounts.update_many(updates, 4)) {
                ++(row.ok() ? done : failed);
                if (const auto error = row.error()) { // one failed update does not stop the others
                    std::cerr << error->name() << ": " << error->what() << '\n';
                    retryable |= error->retryable();
                }
            }
        std::cout << done << " of " << updates.size() << " changed, " << invalid << " invalid\n";
        return retryable ? 75 : failed > 0 || invalid > 0; // 75: try again later
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return error.retryable() ? 75 : 1;
    }
}

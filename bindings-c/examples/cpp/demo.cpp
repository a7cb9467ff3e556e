/* Accounts, contacts and opportunities from C++. Reads EGITO_NAME (or EGITO_BASE_URL) and its like from the environment. */

#include "egito.hpp"

#include <iostream>

int main() {
    try {
        const auto client = egito::client::from_env();
        const auto accounts = client.accounts();

        const auto account = accounts.create(R"({"name": "Żubr sp. z o.o.", "city": "Kraków"})");
        const auto contact = client.contacts().create(R"({"firstName": "Łucja", "lastName": "Wąs"})");
        const auto opportunity = client.opportunities().create(R"({"name": "Wdrożenie", "amount": 125.50})");
        std::cout << "created: account " << account << ", contact " << contact << ", opportunity " << opportunity << '\n';

        accounts.update(account, R"({"phone": "+48 12 446 66 66"})");
        const auto read = accounts.get(account);
        std::cout << read.get_string("name").value() << ", " << read.get_string("phone").value_or("no phone") << '\n';

        int count = 0;
        for (const auto &each : accounts.list(R"({"page_size": 500})"))
            count += each.has("id");
        std::cout << count << " accounts\n";

        std::cout << "industries:";
        for (const auto &industry : client.dictionary("industry"))
            std::cout << ' ' << industry.json();
        std::cout << '\n';

        client.opportunities().remove(opportunity);
        try {
            accounts.create(R"({"city": "Kraków"})");
        } catch (const egito::validation_error &error) {
            std::cout << "refused: " << error.what() << '\n';
        }
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return 1;
    }
}

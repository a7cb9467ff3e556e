/* Creates, reads, changes, lists and deletes records in C++, and shows an error. Reads EGITO_* from the environment. */

#include "egito.hpp"

#include <iostream>

int main() {
    try {
        const auto client = egito::client::from_env();
        const auto accounts = client.accounts();

        const auto account = accounts.create(R"({"name": "Żółta Łódź sp. z o.o.", "city": "Gdańsk"})");
        const auto contact = client.contacts().create(R"({"firstName": "Zażółć", "lastName": "Gęślą-Jaźń"})");
        const auto opportunity = client.opportunities().create(R"({"name": "Wdrożenie CRM 🚀", "value": 12500.5})");
        std::cout << "created   account " << account << ", contact " << contact << ", opportunity " << opportunity << '\n';

        std::cout << "read back " << accounts.get(account).get_string("name").value() << '\n';
        std::cout << "          " << client.contacts().get(contact).get_string("lastName").value() << '\n';
        std::cout << "          " << client.opportunities().get(opportunity).get_string("name").value() << '\n';
        accounts.update(account, R"({"phone": "+48 12 446 66 66"})");
        std::cout << "changed   " << accounts.get(account).get_string("phone").value() << '\n';

        int count = 0;
        for (const auto &each : accounts.list(R"({"page_size": 500})"))
            count += each.has("id");
        std::cout << "listed    " << count << " accounts, 500 to a page\n";

        int industries = 0;
        for (const auto &industry : client.dictionary("industry"))
            industries += industry.has("id");
        std::cout << "industry  " << industries << " entries\n";

        client.opportunities().remove(opportunity);
        std::cout << "deleted   opportunity " << opportunity << '\n';
        try {
            accounts.create(R"({"city": "Łomża"})");
        } catch (const egito::validation_error &error) {
            std::cout << "refused   " << error.name() << ": " << error.what() << '\n';
        }
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return 1;
    }
}

/* egito.hpp: lists of changes, ids, journals and outboxes. */

#include "egito.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))
#define THROWS(type, expression)                                                                                                   \
    [&] {                                                                                                                          \
        try {                                                                                                                      \
            (void)(expression);                                                                                                    \
        } catch (const egito::type &) {                                                                                            \
            return true;                                                                                                           \
        }                                                                                                                          \
        return false;                                                                                                              \
    }()

namespace {

void fail(int line, const char *what) {
    std::fprintf(stderr, "cpp_changes.cpp:%d: failed: %s\n", line, what);
    std::exit(1);
}

void changes(const egito::client &client) {
    const auto tickets = client.entity("Ticket");
    std::vector<std::string> ids;
    for (const char *name : {"Żubr", "Ryś", "Bóbr"})
        ids.push_back(tickets.create(egito::object().set("name", name)));
    auto all = tickets.changes();
    CHECK(THROWS(config_error, all.mark()));
    CHECK(all.to_vector().size() == 3);
    const std::string mark = all.mark();
    auto none = tickets.changes(mark);
    CHECK(none.to_vector().empty());
    tickets.update(ids[1], egito::object().set("name", "Żbik"));
    auto changed = tickets.changes(egito::changes_options().since(none.mark()).by("lastUpdated").lag(std::chrono::minutes(5)).page_size(10));
    const auto records = changed.to_vector();
    CHECK(records.size() == 1 && records[0].id() == ids[1]);
    auto pages = changed.pages();
    CHECK(!pages.next() && changed.mark() != mark);
    auto list = tickets.list();
    CHECK(list.to_vector().size() == 3 && THROWS(config_error, list.mark()));

    CHECK(tickets.ids() == ids);
    tickets.remove(ids[2]);
    CHECK((tickets.deleted(std::vector<std::string>{ids[0], ids[2], "A-17"}) == std::vector<std::string>{ids[2], "\"A-17\""}));
    CHECK(tickets.deleted(std::vector<int>{}).empty());
}

void journal(const egito::client &client) {
    std::string folder = (std::filesystem::temp_directory_path() / "egito-cpp-journal-XXXXXX").string();
    CHECK(mkdtemp(folder.data()) != nullptr);
    egito::bulk_options options;
    options.journal = folder + "/import.journal";
    const std::vector<std::string> leads{R"({"lastName": "Ryś"})", R"({"lastName": "Żbik"})"};
    const auto first = client.leads().create_many(leads, options).to_vector();
    const auto again = client.leads().create_many(leads, options).to_vector();
    for (std::size_t each = 0; each < leads.size(); each++)
        CHECK(first[each].id() == again[each].id() && !first[each].resumed() && again[each].resumed());
    CHECK(THROWS(config_error, client.contacts().create_many(leads, options)));
    std::filesystem::remove_all(folder);
}

void outbox(const egito::client &client) {
    const std::string folder = (std::filesystem::temp_directory_path() / "egito-cpp-outbox-XXXXXX").string();
    std::string name = folder;
    CHECK(mkdtemp(name.data()) != nullptr);
    egito::outbox_options options;
    options.keep_days = 7;
    options.lookup = egito::lookup::scan;
    const egito::outbox outbox = client.outbox(name + "/outbox.db", options);
    const auto lead = egito::object().set("formKey", "cpp-40").set("lastName", "Ryś");
    const std::int64_t first = outbox.put("Lead", lead, "formKey");
    CHECK(outbox.put("Lead", lead, {"formKey"}) == first && outbox.counts().waiting == 1);
    const std::int64_t refused = outbox.put_upsert("Account", egito::object().set("nip", "cpp-41"), "nip");
    outbox.discard(outbox.put_delete("Lead", 7000000));
    const egito::delivery sent = outbox.deliver();
    CHECK(sent.delivered == 1 && sent.refused == 1 && sent.waiting == 0 && !sent.paused_by);

    egito::entry_query query;
    query.state = egito::entry_state::refused;
    const auto entries = outbox.entries(query);
    CHECK(entries.size() == 1 && entries[0].id == refused && entries[0].action == "upsert" && entries[0].key[0] == "nip");
    CHECK(entries[0].error->get_string("code") == "validation" && entries[0].record->get_string("nip") == "cpp-41");
    outbox.retry(refused);
    outbox.edit(refused, egito::object().set("nip", "cpp-41").set("name", "Żubr"));
    CHECK(outbox.deliver(1).delivered == 1);
    const egito::outbox_entry entry = outbox.get(refused);
    CHECK(entry.state == egito::entry_state::delivered && to_string(entry.state) == "delivered" && entry.record_id && entry.delivered_at);
    CHECK(client.accounts().get(*entry.record_id).get_string("name") == "Żubr");
    CHECK(THROWS(not_found_error, outbox.get(999)));

    CHECK(!outbox.last_delivery());
    outbox.start(std::chrono::minutes(1));
    const std::int64_t update = outbox.put_update("Account", *entry.record_id, egito::object().set("city", "Łódź"));
    while (outbox.get(update).state != egito::entry_state::delivered) {
    }
    outbox.stop();
    std::filesystem::remove_all(name);
}

} // namespace

int main() {
    const egito::client client(egito::record(std::getenv("EGITO_SANDBOX")).get_json("settings").value());
    changes(client);
    journal(client);
    outbox(client);
}

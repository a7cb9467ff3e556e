/* egito.hpp: records, exceptions, lists, options, values, moves and responses. */

#include "egito.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

extern "C" egito_status egito_panic_for_tests(const egito_client *client, egito_error **error);

namespace {

void fail(int line, const char *what) {
    std::fprintf(stderr, "cpp_api.cpp:%d: failed: %s\n", line, what);
    std::exit(1);
}

template <typename Error, typename Function> Error thrown(int line, Function function) {
    try {
        function();
    } catch (const Error &error) {
        return error;
    }
    fail(line, "expected an exception of this class");
    std::abort();
}

#define THROWS(type, expression) thrown<egito::type>(__LINE__, [&] { (void)(expression); })

egito::client sandbox_client() {
    return egito::client(egito::record(std::getenv("EGITO_SANDBOX")).get_json("settings").value());
}

void create_once(const egito::client &client) {
    const auto leads = client.leads();
    const auto lead = egito::object().set("formKey", "cpp-1").set("lastName", "Ryś");
    const egito::found_or_created first = leads.create_once(lead, "formKey");
    CHECK(first.created && first.duplicates.empty());
    egito::record_key key{"formKey", "lastName"};
    key.settle = std::chrono::milliseconds(500);
    key.lookup = egito::lookup::scan;
    const egito::found_or_created again = leads.create_once(lead, key);
    CHECK(!again.created && again.id == first.id);
    CHECK(leads.create_once(lead, {"formKey", "lastName"}).id == first.id && leads.create_once(lead, {"formKey"}).id == first.id);
    const std::string second = leads.create(lead);
    CHECK((leads.create_once(lead, std::string("formKey")).duplicates == std::vector<std::string>{first.id, second}));
    CHECK(THROWS(config_error, leads.create_once(lead, "nip")).details().get_string("setting") == "key");
}

void upsert(const egito::client &client) {
    const auto accounts = client.accounts();
    const auto account = egito::object().set("nip", "cpp-7").set("name", "Żubr").set("city", "Kraków");
    const egito::upserted first = accounts.upsert(account, "nip");
    CHECK(first.change == egito::change::created && first.fields.empty() && first.duplicates.empty());
    CHECK(accounts.upsert(account, {"nip", "name"}).change == egito::change::unchanged);
    const egito::upserted moved = accounts.upsert(egito::object(account).set("city", "Łódź").set("phone", "12"), "nip");
    CHECK(moved.id == first.id && moved.change == egito::change::updated && to_string(moved.change) == "updated");
    CHECK((moved.fields == std::vector<std::string>{"city", "phone"}));
    const std::string second = accounts.create(account);
    const egito::upserted several = accounts.upsert(account, "nip");
    CHECK(several.change == egito::change::ambiguous && several.id == first.id);
    CHECK((several.duplicates == std::vector<std::string>{first.id, second}));
    CHECK(THROWS(config_error, accounts.upsert(account, "formKey")).details().get_string("setting") == "key");
}

void upsert_many(const egito::client &client) {
    const auto accounts = client.accounts();
    const std::string stored = accounts.create(R"({"nip": "cpp-10", "name": "Żubr", "city": "Kraków", "n": 1.10})");
    const std::vector<std::string> inputs{R"({"nip": "cpp-10", "name": "Żubr", "city": "Łódź", "n": 2.50})",
                                          R"({"nip": "cpp-11", "name": "Ryś"})", R"({"nip": "cpp-11", "name": "Żbik"})"};
    const auto plan = accounts.plan_upsert(inputs, "nip").to_vector();
    CHECK(plan[0].change() == egito::change::updated && plan[0].id() == stored);
    CHECK((plan[0].fields() == std::vector<std::string>{"city", "n"}) && plan[0].record()->get_json("n") == "2.50");
    CHECK(plan[1].change() == egito::change::created && !plan[1].id() && plan[1].record()->json() == inputs[1]);
    CHECK(!plan[2].change() && !plan[2].ok() && plan[2].error()->details().get_string("setting") == "key");
    CHECK(accounts.get(stored).get_string("city") == "Kraków");

    std::vector<egito::planned_row> from_file;
    for (const auto &row : plan)
        from_file.emplace_back(egito::planned_row(row).json()); // as a program stores and reads it
    CHECK(from_file[0].id() == stored && from_file[0].change() == "updated" && from_file[0].planned_for() == "Account(nip)");
    CHECK(!from_file[1].id() && from_file[1].record()->json() == inputs[1] && !from_file[2].change());
    for (const auto &row : client.contacts().apply_upsert(from_file, "nip").to_vector())
        CHECK(!row.ok() && row.error()->details().get_string("setting") == "change");
    for (const auto &row : accounts.apply_upsert(from_file, "name").to_vector()) CHECK(!row.ok());
    const std::vector<egito::planned_row> unknown{egito::planned_row(R"_({"id": 7, "change": "removed", "planned_for": "Account(nip)"})_")};
    CHECK(accounts.apply_upsert(unknown, "nip").to_vector()[0].error()->details().get_string("setting") == "change");
    THROWS(config_error, egito::planned_row("[]"));
    THROWS(config_error, egito::planned_row(R"({"change": 7})"));
    CHECK(accounts.get(stored).get_string("city") == "Kraków");

    const auto applied = accounts.apply_upsert(from_file, "nip", 2).to_vector();
    CHECK(applied[0].change() == egito::change::updated && applied[0].id() == stored && applied[1].ok());
    CHECK(!applied[2].ok() && !applied[2].input().change());
    for (const auto &row : accounts.apply_upsert(plan, "nip").to_vector()) CHECK(row.ok() == row.input().ok()); // the rows themselves
    egito::record_key key{"nip"};
    key.lookup = egito::lookup::automatic;
    key.settle = std::chrono::seconds(1);
    for (const auto &row : accounts.upsert_many(std::vector<std::string>(inputs.begin(), inputs.end() - 1), key))
        CHECK(row.change() == egito::change::unchanged && row.fields().empty() && row.duplicates().empty());
    const auto created = accounts.create_many(std::vector<std::string>{R"({"nip": "cpp-10", "name": "Ryś"})"}, 1, "nip").to_vector();
    CHECK(created[0].change() == egito::change::created);
    key.lookup = egito::lookup::scan;
    const auto ambiguous = accounts.upsert_many(std::vector<std::string>{inputs[0]}, key).to_vector();
    CHECK(ambiguous[0].change() == egito::change::ambiguous);
    CHECK((ambiguous[0].duplicates() == std::vector<std::string>{stored, *created[0].id()}));
}

void records(const egito::client &client) {
    const auto accounts = client.accounts();
    const std::string id = accounts.create(R"({"name": "Żubr sp. z o.o.", "n": 12345678901234567890})");
    const egito::record read = accounts.get(id);
    CHECK(read.id() == id && read.get_string("name") == "Żubr sp. z o.o." && read.get_json("n") == "12345678901234567890");
    CHECK(!read.get_string("nothing") && !read.get_int64("nothing") && !read.has("nothing"));
    CHECK(accounts.get(read.get_int64("id").value()).id() == id);
    CHECK(accounts.update(id, R"({"city": "Kraków"})") == id && accounts.remove(id) == id);
    THROWS(not_found_error, accounts.get(id));
    THROWS(config_error, read.get_int64("name"));
    CHECK(egito::json_string("a\"b") == R"("a\"b")");
}

void errors(const egito::client &client) {
    const auto refused = THROWS(validation_error, client.accounts().create("{}"));
    CHECK(refused.code() == EGITO_ERROR_VALIDATION && refused.name() == "validation" && refused.attempts() == 1);
    CHECK(refused.outcome() == EGITO_OUTCOME_REJECTED && refused.http_status() && refused.what()[0] != '\0');
    CHECK(refused.details().get_string("errors.0.field") == "name");
    CHECK(THROWS(config_error, egito::client(R"({"nme": "x"})")).details().get_string("setting") == "nme");
    CHECK(!THROWS(config_error, client.entity("no name")).http_status());
    CHECK(!refused.retryable() && !refused.retry_after());
    THROWS(config_error, egito::record(std::string_view("{\0}", 3)));
    THROWS(internal_error, egito::detail::checked([&](egito_error **e) { return egito_panic_for_tests(client.handle(), e); }));
}

void lists(const egito::client &client) {
    std::size_t all = 0, of_pages = 0;
    for (const egito::record &account : client.accounts().list(R"({"page_size": 100})"))
        all += account.has("id");
    for (const std::string &page : client.accounts().list(R"({"page_size": 100})").pages())
        of_pages += page.front() == '[';
    CHECK(all > 300 && of_pages == (all - 2) / 99 + 1); // each page after the first one has 99 new records, and one that is known
    CHECK(client.accounts().list().to_vector().size() == all);
    egito::record_list list = client.accounts().list(R"({"limit": 3})");
    egito::page_list pages = list.pages();
    for (const std::string &page : pages) CHECK(page.front() == '[');
    thrown<std::logic_error>(__LINE__, [&] { (void)pages.begin(); }); // another loop would look like an empty list
    thrown<std::logic_error>(__LINE__, [&] { (void)list.pages().begin(); });
    CHECK(list.to_vector().size() == 3);
    egito::record_list part = client.accounts().list(R"({"start": 20, "limit": 7})");
    CHECK(part.first() && part.first()->get_int64("id") == 21 && part.exists() && part.count() == 7);
    CHECK(!part.total()); // this server reports no total
    CHECK(part.to_vector().size() == 7); // the queries did not move the list
    egito::record_list none = client.accounts().list(R"({"limit": 0})");
    CHECK(!none.first() && !none.exists() && none.count() == 0);
    CHECK(client.dictionary("industry").next()->has("id"));
    for (const egito::record &account : client.accounts().list(R"({"filters": {"name": "no such name"}})"))
        CHECK(!account.has("id"));
}

/** Each range-for reads a list from its beginning, also a nested one. */
void a_list_can_be_read_again(const egito::client &client) {
    egito::record_list accounts = client.accounts().list(egito::list_options().limit(3).page_size(2).start(1));
    std::string ids, pairs;
    for (int time = 0; time < 2; time++)
        for (const egito::record &account : accounts) ids += *account.id() + " ";
    CHECK(ids == "2 3 4 2 3 4 ");
    for (const egito::record &outer : accounts)
        for (const egito::record &inner : accounts) pairs += *outer.id() + *inner.id() + " ";
    CHECK(pairs == "22 23 24 32 33 34 42 43 44 ");
    CHECK(!accounts.next() && accounts.count() == 3);
}

void options(const egito::client &client) {
    using std::chrono::milliseconds;
    const auto found = [&](const egito::json_argument &options) { return client.accounts().list(options).count(); };
    client.accounts().create(R"({"name": "Options", "city": "Łomża"})");
    client.accounts().create(R"({"name": "Options", "city": "Ełk"})");
    CHECK(found(egito::list_options().filter("name", "Options").filter("city", "Ełk")) == 1);
    auto last = client.accounts().list(egito::list_options().sort("id").descending().limit(1));
    CHECK(last.first()->get_string("city") == "Ełk");
    const auto records_of_a_page = [](const egito::entity &accounts) {
        return egito::record(R"({"page": )" + *accounts.list().pages().next() + "}").size("page");
    };
    CHECK(records_of_a_page(client.with_options(egito::settings().page_size(2)).accounts()) == 2);
    CHECK(records_of_a_page(client.accounts().with_options(R"({"page_size": 3})")) == 3 && records_of_a_page(client.accounts()) > 3);
    THROWS(config_error, client.with_options(R"({"name": "other"})"));
    CHECK(egito::settings().name("firma").timeout(milliseconds(1500)).max_retries(0).headers({{"X-A", "b"}}).dump() ==
          R"({"name":"firma","timeout":1.5,"max_retries":0,"headers":{"X-A":"b"}})");
    CHECK(client.accounts().get(1).id());
}

enum class size { small = 1, large = 7 };

void values() {
    using namespace std::chrono;
    const system_clock::time_point time = system_clock::time_point() + seconds(1709201472) + microseconds(999);
    egito::object object;
    object.set("time", time).set("before", system_clock::time_point() - nanoseconds(1)).set("enum", size::large);
    object.set("some", std::optional<int>(1)).set("none", std::optional<std::string>()).set_decimal("price", "12.50");
    object.set("list", std::vector<std::string>{"a", "b"}).set("empty", std::vector<int>());
    object.set("lists", std::vector<std::vector<double>>{{0.5}, {}}).set("flags", std::vector<bool>{true, false});
    object.append("list", std::vector<int>{1}).append("list", std::optional<int>()).append("tags", "x");
    CHECK(object.json() == R"({"time":"2024-02-29T10:11:12.000Z","before":"1969-12-31T23:59:59.999Z","enum":7,"some":1,"none":null,)"
                           R"("price":12.50,"list":["a","b",[1],null],"empty":[],"lists":[[0.5],[]],"flags":[true,false],"tags":["x"]})");
    THROWS(config_error, egito::object().set("a", 1).append("a", 2));
    THROWS(config_error, egito::object().set_decimal("price", "12,50"));
    CHECK(egito::object().set("a", 0.1f).set("b", std::vector<float>{0.2f, 3.4e38f}).json() == R"({"a":0.1,"b":[0.2,3.4e+38]})");
    using hour = time_point<system_clock, hours>;
    THROWS(config_error, egito::object().set("time", hour::max()));
    THROWS(config_error, egito::object().set("time", hour::min()));

    const egito::record read(object.json());
    CHECK(read.size() == 11 && read.size("list") == 4 && read.size("nothing") == 0 && read.names().front() == "time");
    CHECK(read.items("list") == (std::vector<std::string>{"\"a\"", "\"b\"", "[1]", "null"}) && read.items("nothing").empty());
    THROWS(config_error, read.size("price"));
    const egito::record nested(R"({"address": {"city": "Ełk"}, "phones": [{"n": "1"}]})");
    CHECK(nested.get_record("address")->get_string("city") == "Ełk" && nested.get_record("phones.0")->names().front() == "n");
    CHECK(!nested.get_record("nothing"));
    THROWS(config_error, nested.get_record("phones"));
}

void moves() {
    static_assert(!std::is_copy_constructible_v<egito::client> && !std::is_copy_constructible_v<egito::record_list>);
    static_assert(std::is_nothrow_move_constructible_v<egito::client> && std::is_copy_constructible_v<egito::record>);
    static_assert(std::is_base_of_v<std::runtime_error, egito::error>);
    egito::client client = sandbox_client();
    const auto accounts = client.accounts();
    egito::client moved = std::move(client);
    moved.close();
    THROWS(config_error, accounts.get(1));
}

/** Missing and moved values are refused, without a crash. */
void null_and_moved_values_are_refused(const egito::client &client) {
    const char *const missing = nullptr;
    const auto accounts = client.accounts();
    THROWS(config_error, egito::object().set("base_url", missing));
    THROWS(config_error, egito::object().set(missing, 1));
    THROWS(config_error, egito::object().set_json("name", missing));
    THROWS(config_error, accounts.get(missing));
    THROWS(config_error, accounts.create(missing));
    THROWS(config_error, accounts.call(missing));
    THROWS(config_error, client.entity(missing));
    THROWS(config_error, client.dictionary(missing));
    THROWS(config_error, egito::client(missing));
    THROWS(config_error, egito::record(missing));
    THROWS(config_error, egito::json_string(missing));
    CHECK(accounts.list(missing).next() && accounts.list("").next()); // no options, as in C

    egito::record record(R"({"id": 1})");
    CHECK(!record.has(missing));
    THROWS(config_error, record.get_string(missing));
    const egito::record moved = std::move(record);
    THROWS(config_error, record.json()); // NOLINT: on purpose
    CHECK(!record.has("id") && !record.get_int64("id") && moved.get_int64("id") == 1);
    THROWS(config_error, accounts.create(record));
    egito::object object;
    const egito::object gone = std::move(object);
    THROWS(config_error, object.json()); // NOLINT: on purpose
    THROWS(config_error, object.set("a", 1));
    THROWS(config_error, egito::object(object));
}

/** Characters and booleans are neither ids nor numbers. */
void invalid_ids_do_not_compile() {
    static_assert(!std::is_constructible_v<egito::record_id, bool> && !std::is_constructible_v<egito::record_id, char>);
    static_assert(!std::is_constructible_v<egito::record_id, double> && !std::is_constructible_v<egito::record_id, wchar_t>);
    static_assert(std::is_constructible_v<egito::record_id, std::uint64_t> && std::is_constructible_v<egito::record_id, short>);
    static_assert(std::is_convertible_v<std::string_view, egito::record_id> && std::is_convertible_v<const char *, egito::record_id>);
    static_assert(!std::is_convertible_v<int, egito::json_argument> && std::is_convertible_v<egito::record, egito::json_argument>);
}

void iterators_are_input_iterators(const egito::client &client) {
    auto accounts = client.accounts().list(R"({"page_size": 100})");
    auto i = accounts.begin();
    const auto first = *i++;
    CHECK(i == i && i != accounts.end() && accounts.end() == accounts.end());
    CHECK(first.get_int64("id") && first.get_int64("id") != (*i).get_int64("id"));
}

void responses(const egito::client &client) {
    const auto accounts = client.accounts().with_response();
    const auto created = accounts.create(R"({"name": "Żubr"})");
    CHECK(created.status == 200 && created.attempts == 1 && created.elapsed.count() > 0);
    CHECK(created.header("CONTENT-Type") == "application/json;charset=UTF-8" && !created.header("nothing"));
    CHECK(created.headers.count("content-type") == 1);
    const auto read = accounts.get(created.value);
    CHECK(read.value.get_string("name") == "Żubr" && read.call_id == created.call_id + 1);
    CHECK(accounts.update(created.value, R"({"city": "Kraków"})").value == created.value);
    CHECK(accounts.remove(created.value).value == created.value);
    THROWS(not_found_error, accounts.get(created.value));
    auto list = client.accounts().list(R"({"page_size": 100, "limit": 150})");
    std::size_t pages = 0;
    for (const auto &page : list.with_response().pages())
        pages += page.status == 200 && page.value.front() == '[';
    CHECK(pages == 2);
    CHECK(list.with_response().pages().next()->call_id > read.call_id);
}

} // namespace

void probe(const egito::client &client) {
    const egito::probe_report report = client.probe(R"({"entities": ["Account"]})");
    CHECK(report.is_ok && report.text.find("login") != std::string::npos);
    CHECK(report.toml.find("# Settings") == 0 && egito::record(report.json).get_bool("is_ok") == true);
    THROWS(config_error, client.probe(R"({"entities": []})"));
    THROWS(config_error, egito::client::from_file("/no/such/file.toml"));
}

int main() {
    const egito::client client = sandbox_client();
    records(client);
    create_once(client);
    upsert(client);
    upsert_many(client);
    errors(client);
    a_list_can_be_read_again(client); // before other tests add records
    lists(client);
    options(client);
    values();
    moves();
    null_and_moved_values_are_refused(client);
    invalid_ids_do_not_compile();
    iterators_are_input_iterators(client);
    responses(client);
    probe(client);
}

/* egito.hpp: exceptions with their class, lists in range-for, values that may be missing, moves. */

#include "egito.hpp"

#include <cstdio>
#include <cstdlib>
#include <type_traits>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

extern "C" egito_status egito_panic_for_tests(const egito_client *client, egito_error **error);

namespace {

void fail(int line, const char *what) {
    std::fprintf(stderr, "comfort.cpp:%d: does not hold: %s\n", line, what);
    std::exit(1);
}

template <typename Error, typename Function> Error thrown(int line, Function function) {
    try {
        function();
    } catch (const Error &error) {
        return error;
    }
    fail(line, "an exception of this class");
    std::abort();
}

#define THROWS(type, expression) thrown<egito::type>(__LINE__, [&] { (void)(expression); })

egito::client sandbox_client() {
    return egito::client(egito::record(std::getenv("EGITO_SANDBOX")).get_json("settings").value());
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
    THROWS(config_error, egito::record(std::string_view("{\0}", 3)));
    THROWS(internal_error, egito::detail::checked([&](egito_error **e) { return egito_panic_for_tests(client.handle(), e); }));
}

void lists(const egito::client &client) {
    std::size_t all = 0, of_pages = 0;
    for (const egito::record &account : client.accounts().list(R"({"page_size": 100})"))
        all += account.has("id");
    for (const std::string &page : client.accounts().list(R"({"page_size": 100})").pages())
        of_pages += page.front() == '[';
    CHECK(all > 300 && of_pages == (all + 99) / 100);
    CHECK(client.accounts().list().to_vector().size() == all);
    egito::record_list part = client.accounts().list(R"({"start": 20, "limit": 7})");
    CHECK(part.first() && part.first()->get_int64("id") == 21 && part.exists() && part.count() == 7);
    CHECK(!part.total()); // this server does not tell
    CHECK(part.to_vector().size() == 7); // none of that has moved it
    egito::record_list none = client.accounts().list(R"({"limit": 0})");
    CHECK(!none.first() && !none.exists() && none.count() == 0);
    CHECK(client.dictionary("industry").next()->has("id"));
    for (const egito::record &account : client.accounts().list(R"({"filters": {"name": "no such name"}})"))
        CHECK(!account.has("id"));
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

/** As in C: what is missing is refused, and nothing crashes. */
void nulls_and_what_was_moved(const egito::client &client) {
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

/** A letter or a boolean is no id, and no number. */
void what_is_no_id_does_not_compile() {
    static_assert(!std::is_constructible_v<egito::record_id, bool> && !std::is_constructible_v<egito::record_id, char>);
    static_assert(!std::is_constructible_v<egito::record_id, double> && !std::is_constructible_v<egito::record_id, wchar_t>);
    static_assert(std::is_constructible_v<egito::record_id, std::uint64_t> && std::is_constructible_v<egito::record_id, short>);
    static_assert(std::is_convertible_v<std::string_view, egito::record_id> && std::is_convertible_v<const char *, egito::record_id>);
    static_assert(!std::is_convertible_v<int, egito::json_argument> && std::is_convertible_v<egito::record, egito::json_argument>);
}

void iterators_are_those_of_the_standard(const egito::client &client) {
    auto accounts = client.accounts().list(R"({"page_size": 100})");
    auto i = accounts.begin();
    const auto first = *i++;
    CHECK(i == i && i != accounts.end() && accounts.end() == accounts.end());
    CHECK(first.get_int64("id") && first.get_int64("id") != (*i).get_int64("id"));
}

} // namespace

int main() {
    const egito::client client = sandbox_client();
    records(client);
    errors(client);
    lists(client);
    moves();
    nulls_and_what_was_moved(client);
    what_is_no_id_does_not_compile();
    iterators_are_those_of_the_standard(client);
}

/* egito.hpp: bulks over any range, JSON libraries, objects, cancellation, events and the log. */

#include "egito.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

namespace {

using nlohmann::json;

void fail(int line, const char *what) {
    std::fprintf(stderr, "cpp_bulk.cpp:%d: failed: %s\n", line, what);
    std::exit(1);
}

egito::client sandbox_client() {
    return egito::client(egito::record(std::getenv("EGITO_SANDBOX")).get_json("settings").value());
}

/** A lazy range, which may throw. */
class numbers {
public:
    explicit numbers(int last, int throws_at = -1) : last_(last), throws_at_(throws_at) {}

    struct end_mark {};
    class iterator {
    public:
        iterator(const numbers &of, int at) : of_(&of), at_(at) {}
        json operator*() const {
            if (at_ == of_->throws_at_) throw std::runtime_error("the range ends badly");
            return {{"name", "Number " + std::to_string(at_)}};
        }
        iterator &operator++() { return ++at_, *this; }
        bool operator!=(end_mark) const { return at_ != of_->last_; }

    private:
        const numbers *of_;
        int at_;
    };
    iterator begin() const { return {*this, 0}; }
    end_mark end() const { return {}; }

private:
    int last_, throws_at_;
};

void a_bulk_reads_any_range(const egito::client &client) {
    const auto accounts = client.accounts();
    const std::vector<std::string> records = {R"({"name": "a"})", R"({"city": "no name"})", "5", R"({"name": "b"})"};
    std::vector<std::uint64_t> done;
    const auto rows = accounts.create_many(records, 1).to_vector([&](const egito::progress &now) {
        done.push_back(now.done * 10 + now.failed);
    });
    CHECK((done == std::vector<std::uint64_t>{10, 21, 32, 42}));
    CHECK(rows[0].ok() && rows[0].id() && !rows[0].error() && rows[3].index() == 3 && rows[3].input() == records[3]);
    CHECK(rows[1].error()->code() == EGITO_ERROR_VALIDATION && rows[2].error()->code() == EGITO_ERROR_CONFIG);
    try {
        rows[1].check();
        fail(__LINE__, "expected an exception");
    } catch (const egito::validation_error &error) {
        CHECK(error.details().get_string("errors.0.field") == "name");
    }

    std::list<egito::record_id> ids;
    for (const auto &row : accounts.create_many(numbers(20), 3)) {
        CHECK(row.ok() && row.input().at("name") == "Number " + std::to_string(row.index()));
        ids.emplace_back(*row.id());
    }
    CHECK(ids.size() == 20);
    auto none = accounts.get_many(std::list<egito::record_id>());
    CHECK(none.begin() == none.end());
    try {
        (void)none.begin();
        fail(__LINE__, "expected an exception");
    } catch (const std::logic_error &) { // another loop would look like a bulk without inputs
    }
    std::map<std::int64_t, json> changes;
    for (const auto &row : accounts.get_many(ids)) changes[row.record()->get_int64("id").value()] = {{"city", "Łódź"}};
    CHECK(changes.size() == 20);
    for (const auto &row : accounts.update_many(changes)) CHECK(row.ok() && row.id() == std::to_string(row.input().first));
    CHECK(accounts.get(ids.front()).as<json>().at("city") == "Łódź");
    for (const auto &row : accounts.delete_many(std::vector<std::int64_t>{changes.begin()->first, 999999999}))
        CHECK(row.ok() == (row.index() == 0));
}

/** A value of another JSON library, which throws something else than a std::exception. */
struct custom_record {
    int number;
    std::string dump() const {
        if (number == 1) throw 42;
        return R"({"name": "Own )" + std::to_string(number) + "\"}";
    }
};

/** An input that cannot be written is a row, and each row has its own input, also after an exception. */
void check_pairs_after_an_exception(const egito::entity &accounts) {
    const std::vector<custom_record> records = {{0}, {1}, {2}};
    for (const auto &row : accounts.create_many(records, 1)) {
        CHECK(row.index() == static_cast<std::uint64_t>(row.input().number));
        CHECK(row.input().number == 1 ? row.error()->code() == EGITO_ERROR_CONFIG : row.ok());
    }
}

void a_bulk_can_be_left_moved_and_can_throw(const egito::client &client) {
    const auto accounts = client.accounts();
    const auto before = client.stats().calls;
    for (const auto &row : accounts.create_many(numbers(1000), 1))
        if (row.index() == 2) break;
    CHECK(client.stats().calls - before == 3);
    auto bulk = accounts.create_many(std::vector<std::string>{R"({"name": "moved"})"});
    auto moved = std::move(bulk);
    CHECK(moved.next()->ok() && !moved.next());
    auto thrown = accounts.create_many(numbers(10, 3), 1);
    std::size_t rows = 0;
    try {
        for (const auto &row : thrown) rows += row.ok();
        fail(__LINE__, "expected an exception");
    } catch (const std::runtime_error &error) {
        CHECK(std::string(error.what()) == "the range ends badly" && rows == 3);
    }
    check_pairs_after_an_exception(accounts);
    const json unwritable = {{"name", "\xff"}};
    const auto refused = accounts.create_many(std::vector<json>{unwritable, {{"name", "x"}}}).to_vector();
    CHECK(refused[0].error()->code() == EGITO_ERROR_CONFIG && refused[1].ok());
}

void json_arguments_have_all_types(const egito::client &client) {
    const auto accounts = client.accounts();
    const auto address = egito::object().set("city", "Kraków");
    auto account = egito::object().set("name", "Żubr").set("n", 7).set("big", UINT64_MAX).set("ratio", 0.5);
    account.set("open", true).set("none", nullptr).set("address", address).set_json("price", "12.50").set("text", std::string("t"));
    const egito::record read = accounts.get(accounts.create(account));
    CHECK(read.get_string("address.city") == "Kraków" && read.get_decimal("big") == "18446744073709551615");
    CHECK(read.get_decimal("price") == "12.50" && read.get_bool("open") == true && read.get_double("ratio") == 0.5);
    CHECK(accounts.get(accounts.create(json{{"name", "of nlohmann"}})).as<json>().at("name") == "of nlohmann");
    CHECK(accounts.get(accounts.create(read)).get_string("name") == "Żubr");
    const auto filters = egito::object().set("filters", egito::object().set("name", "of nlohmann"));
    CHECK(accounts.list(filters).to_vector().size() == 1);
    const auto mixed = egito::object().set("name", "mixed").set("tags", json{"new", "vip"}).set("of", read);
    const json created = {{"id", json::parse(accounts.create(mixed))}, {"none", nullptr}};
    CHECK(accounts.get(created["id"]).get_string("tags.1") == "vip");
    CHECK(accounts.get(created.at("id")).get_string("of.name") == "Żubr");
    std::vector<egito::object> people(2);
    people[0].set("name", "first");
    people[1] = egito::object(people[0]).set("name", "second");
    for (const auto &row : accounts.create_many(people)) CHECK(row.ok() && row.input().json() == people[row.index()].json());
    try {
        (void)accounts.get(created["none"]);
        fail(__LINE__, "expected an exception");
    } catch (const egito::config_error &) {
    }
    try {
        egito::object().set("name", std::string_view("\0", 1));
        fail(__LINE__, "expected an exception");
    } catch (const egito::config_error &) {
    }
}

void events_and_log_lines_are_received(const egito::client &client) {
    auto received = std::make_shared<std::vector<std::string>>();
    client.on_event([received](std::string_view event) {
        received->push_back(egito::record(event).get_string("action").value());
        throw std::runtime_error("ignored");
    });
    egito::log_to(EGITO_LOG_DEBUG, [received](egito_log_level level, std::string_view line) {
        CHECK(level == EGITO_LOG_DEBUG);
        received->emplace_back(line.substr(0, line.find(' ')));
    });
    (void)client.accounts().list().next();
    CHECK((*received == std::vector<std::string>{"attempt", "list"}));
    client.on_event({});
    egito::log_to(EGITO_LOG_OFF, {});
    CHECK(received.use_count() == 1);
    const egito::stats stats = client.stats();
    CHECK(stats.calls > 50 && stats.attempts >= stats.calls && stats.logins == 1 && stats.retries == 0);
    CHECK(stats.bytes_sent > 0 && stats.bytes_received > 0);
}

/** A program must learn that inputs were left, whenever the bulk was cancelled. */
void a_cancelled_bulk_throws_after_its_last_row(const egito::client &client) {
    const std::vector<std::string> records(20, R"({"name": "Cancelled"})");
    const egito::cancellation_token before, during;
    auto none = client.with_cancellation(before).accounts().create_many(records);
    before.cancel();
    try {
        (void)none.to_vector();
        fail(__LINE__, "expected an exception");
    } catch (const egito::cancelled_error &) {
    }
    CHECK(none.rest().empty());
    auto vector = client.accounts().create_many(records, 1);
    try {
        (void)vector.to_vector([&](const egito::progress &) { vector.cancel(); });
        fail(__LINE__, "expected an exception");
    } catch (const egito::cancelled_error &) {
    }
    const auto rest = vector.rest();
    CHECK(!rest.empty() && rest.size() < records.size() && rest.front().index() == 0 && rest.front().ok());
    auto some = client.with_cancellation(during).accounts().create_many(records, 1);
    std::size_t rows = 0;
    try {
        for (const auto &row : some) {
            rows += row.index() == rows;
            during.cancel();
        }
        fail(__LINE__, "expected an exception");
    } catch (const egito::cancelled_error &) {
    }
    CHECK(rows >= 1 && rows < records.size());
    auto all = client.accounts().create_many(std::vector<std::string>(1, records[0]));
    CHECK(all.next());
    all.cancel();
    CHECK(!all.next()); // no inputs were left
}

/** The server never responds: the call waits until it is cancelled. */
void another_thread_cancels() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(listener, reinterpret_cast<sockaddr *>(&address), size) == 0 && listen(listener, 4) == 0);
    CHECK(getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) == 0);
    const egito::client client(egito::object()
                                   .set("base_url", "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)))
                                   .set("client_id", "i").set("client_secret", "s").set("username", "u").set("password", "p"));
    const egito::cancellation_token token;
    std::thread waits([accounts = client.with_cancellation(token).accounts()] {
        try {
            (void)accounts.get(1);
            fail(__LINE__, "expected an exception");
        } catch (const egito::cancelled_error &) {
        }
    });
    const int connection = accept(listener, nullptr, nullptr);
    char byte = 0;
    CHECK(connection >= 0 && read(connection, &byte, 1) == 1);
    token.cancel();
    waits.join();
    while (read(connection, &byte, 1) > 0) {} // ends once the client has closed its request
    close(connection);
    close(listener);
}

} // namespace

int main() {
    static_assert(!std::is_copy_constructible_v<egito::bulk<numbers>> && std::is_nothrow_move_constructible_v<egito::object>);
    const egito::client client = sandbox_client();
    CHECK(egito::version() == EGITO_VERSION);
    a_bulk_reads_any_range(client);
    a_bulk_can_be_left_moved_and_can_throw(client);
    json_arguments_have_all_types(client);
    events_and_log_lines_are_received(client);
    a_cancelled_bulk_throws_after_its_last_row(client);
    another_thread_cancels();
}

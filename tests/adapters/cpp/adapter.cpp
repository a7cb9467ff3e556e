/* The adapter through which the suite plays C++: reads commands as JSON lines, writes replies. See tests/README.md. */

#include "egito.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <typeinfo>
#include <vector>

/* For tests only, and therefore not in the header. */
extern "C" egito_status egito_panic_for_tests(const egito_client *client, egito_error **error);

namespace {

/** A client, and its events since it was opened. */
struct open_client {
    explicit open_client(const egito::record &command) : client(command.get_json("settings").value()) {
        if (command.has("events")) client.on_event([received = received](std::string_view event) { received->add(event); });
    }

    struct events {
        void add(std::string_view event) {
            const std::lock_guard<std::mutex> guard(lock);
            all.emplace_back(event);
        }
        std::vector<std::string> so_far() {
            const std::lock_guard<std::mutex> guard(lock);
            return all;
        }
        std::mutex lock;
        std::vector<std::string> all;
    };
    std::shared_ptr<events> received = std::make_shared<events>();
    egito::client client;
};
std::map<std::string, std::shared_ptr<open_client>> clients;

/** A method, command or argument that this adapter does not know. */
struct unknown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/** Returns the name of the class that was thrown, from the compiler. */
std::string class_of(const egito::error &error) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void *)> name(
        abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), std::free);
    return name.get();
}

/** Runs a function, and returns its result or error as a member of the reply. */
template <typename Function> std::string member(Function function) {
    try {
        return "\"result\":" + function();
    } catch (const egito::error &error) {
        return "\"error\":{\"class\":\"" + class_of(error) + "\"," + std::string(error.json().substr(1));
    } catch (const unknown &what) {
        return "\"unknown\":" + egito::json_string(what.what());
    } catch (const std::exception &thrown) {
        return "\"crashed\":" + egito::json_string(thrown.what());
    }
}

std::string array(const std::vector<std::string> &items) {
    std::string json = "[";
    for (const std::string &item : items)
        json += (json.size() == 1 ? "" : ",") + item;
    return json + "]";
}

std::string array_of_names(const std::vector<std::string> &names) {
    std::vector<std::string> items;
    for (const std::string &name : names)
        items.push_back(egito::json_string(name));
    return array(items);
}

std::string json_of(const egito::record &record) { return std::string(record.json()); }
std::string json_of(const std::string &page) { return page; }
template <typename Value> std::string json_of(const egito::response<Value> &response) {
    std::string headers;
    for (auto line = response.headers.begin(); line != response.headers.end();) {
        const auto end = response.headers.upper_bound(line->first);
        headers += (headers.empty() ? "" : ",") + egito::json_string(line->first) + ":";
        std::vector<std::string> values;
        for (; line != end; ++line)
            values.push_back(egito::json_string(line->second));
        headers += array(values);
    }
    egito::object json;
    json.set_json("value", json_of(response.value)).set("status", response.status).set_json("headers", "{" + headers + "}");
    json.set("attempts", response.attempts).set("call_id", response.call_id).set("elapsed", response.elapsed.count());
    return json.json();
}
std::string json_of(const std::pair<std::string, std::string> &change) {
    return "[" + change.first + "," + change.second + "]";
}
std::string json_of(const egito::found_or_created &found) {
    return R"({"id":)" + found.id + R"(,"created":)" + (found.created ? "true" : "false") + R"(,"duplicates":)" +
           array(found.duplicates) + "}";
}
std::string json_of(const egito::upserted &upserted) {
    return R"({"id":)" + upserted.id + R"(,"change":")" + std::string(to_string(upserted.change)) + R"(","fields":)" +
           array_of_names(upserted.fields) + R"(,"duplicates":)" + array(upserted.duplicates) + "}";
}
std::string json_of(const egito::stats &stats) {
    return egito::object()
        .set("calls", stats.calls).set("attempts", stats.attempts).set("retries", stats.retries)
        .set("logins", stats.logins).set("bytes_sent", stats.bytes_sent).set("bytes_received", stats.bytes_received)
        .json();
}
template <typename Input> std::string json_of(const egito::row<Input> &row) {
    egito::object json;
    json.set("index", row.index()).set_json("input", json_of(row.input()));
    json.set_json("id", row.id().value_or("null"));
    json.set_json("record", row.record() ? std::string(row.record()->json()) : "null");
    if (row.ok()) return json.set("error", nullptr).json();
    const std::string failed = member([&]() -> std::string { row.check(); return "null"; });
    return json.json().insert(json.json().size() - 1, "," + failed);
}

/** Arguments of one call. */
class arguments {
public:
    explicit arguments(const egito::record &call) : call_(call) {}

    std::string json(const char *name) const { return call_.get_json(path(name)).value(); }
    std::string text(const char *name) const { return call_.get_string(path(name)).value(); }
    std::string json_or_empty(const char *name) const { return call_.get_json(path(name)).value_or(""); }
    std::string text_or_empty(const char *name) const { return call_.get_string(path(name)).value_or(""); }

    std::string list_options() const {
        std::string options;
        for (const char *name : {"filters", "sort", "order", "page_size", "limit", "start"})
            if (const auto value = call_.get_json(path(name)))
                options += (options.empty() ? "{\"" : ",\"") + (name + ("\":" + *value));
        return options.empty() ? options : options + "}";
    }

    /** Reads the items of a list, at most `take`. */
    template <typename List> std::string all_of(List list) const {
        std::vector<std::string> items;
        auto take = call_.get_int64(path("take")).value_or(INT64_MAX);
        for (const auto &item : list) {
            items.push_back(json_of(item));
            if (--take == 0) break;
        }
        return array(items);
    }

    /** Reads a list, and deletes each record before it reads the next one. */
    std::string delete_all(const egito::entity &entity) const {
        std::vector<std::string> items;
        for (const auto &record : entity.list(list_options())) {
            entity.remove(record.get_json("id").value());
            items.push_back(json_of(record));
        }
        return array(items);
    }
    bool with_response() const { return call_.get_bool(path("with_response")).value_or(false); }
    bool deletes() const { return call_.get_bool(path("delete")).value_or(false); }

    egito::record_key key() const {
        egito::record_key wanted{};
        if (const auto field = call_.get_json(path("key")); field->front() == '"') wanted.fields = {text("key")};
        else
            for (std::size_t index = 0; const auto name = call_.get_string(path("key.") + std::to_string(index)); index++)
                wanted.fields.push_back(*name);
        if (const auto ms = call_.get_int64(path("settle_ms"))) wanted.settle = std::chrono::milliseconds(*ms);
        if (const std::string lookup = text_or_empty("lookup"); !lookup.empty())
            wanted.lookup = lookup == "scan" ? egito::lookup::scan : lookup == "auto" ? egito::lookup::automatic : egito::lookup::filter;
        return wanted;
    }

    std::optional<egito::record_key> key_or_none() const {
        return call_.has(path("key")) ? std::optional(key()) : std::nullopt;
    }

    egito::bulk_options bulk_options() const {
        egito::bulk_options options(static_cast<std::size_t>(call_.get_int64(path("concurrency")).value_or(8)));
        if (const auto rows = call_.get_int64(path("max_failures"))) options.max_failures = static_cast<std::uint64_t>(*rows);
        if (const auto seconds = call_.get_double(path("outage_timeout")))
            options.outage_timeout = std::chrono::duration<double>(*seconds);
        if (const auto seconds = call_.get_double(path("cancel_grace")))
            options.cancel_grace = std::chrono::duration<double>(*seconds);
        options.journal = call_.get_string(path("journal"));
        return options;
    }

    /** Returns the inputs of a bulk, as JSON. */
    std::vector<std::string> inputs() const {
        std::vector<std::string> all;
        while (auto input = call_.get_json(path("inputs.") + std::to_string(all.size())))
            all.push_back(std::move(*input));
        return all;
    }
    std::vector<std::pair<std::string, std::string>> changes() const {
        std::vector<std::pair<std::string, std::string>> all;
        for (const std::string &change : inputs()) {
            const egito::record pair("{\"of\":" + change + "}");
            all.emplace_back(pair.get_json("of.0").value_or(""), pair.get_json("of.1").value_or(""));
        }
        return all;
    }

    /** Reads all rows of a bulk with its progress, or only the first ones if the case stops early. */
    template <typename Bulk> std::string rows_of(const egito::client &client, Bulk bulk) const {
        if (call_.has(path("cancel_after")) || call_.has(path("close_after"))) return interrupted(client, std::move(bulk));
        std::vector<std::string> rows, progress;
        if (auto left = call_.get_int64(path("stop_after"))) {
            for (auto it = bulk.begin(); *left > 0 && it != bulk.end(); ) {
                rows.push_back(row_of(*it));
                if (--*left > 0) ++it;
            }
            if (json_or_empty("rest") == "true")
                for (const auto &row : bulk.rest()) rows.push_back(row_of(row));
            return "{\"rows\":" + array(rows) + "}";
        }
        for (const auto &row : bulk.to_vector([&](const egito::progress &now) {
                 progress.push_back("[" + std::to_string(now.done) + "," + std::to_string(now.failed) + "]");
             }))
            rows.push_back(row_of(row));
        return "{\"rows\":" + array(rows) + ",\"progress\":" + array(progress) + "}";
    }

    /** Reads a list of changes and its mark. */
    std::string changes_of(const egito::entity &entity) const {
        egito::changes_options options(call_.get_string(path("since")));
        if (const auto field = call_.get_string(path("by"))) options.by(*field);
        if (const auto ms = call_.get_int64(path("lag_ms"))) options.lag(std::chrono::milliseconds(*ms));
        if (const auto size = call_.get_int64(path("page_size"))) options.page_size(static_cast<std::uint64_t>(*size));
        if (call_.has(path("filters")))
            for (const std::string &name : call_.names(path("filters")))
                options.filter(name, egito::record("{\"of\":" + *call_.get_json(path("filters.") + name) + "}").get_string("of").value_or(""));
        auto changes = entity.changes(options);
        std::vector<std::string> records;
        for (const auto &record : changes) records.push_back(json_of(record));
        return "{\"records\":" + array(records) + ",\"mark\":" + egito::json_string(changes.mark()) + "}";
    }
    std::vector<std::string> ids() const { return call_.items(path("ids")); }
    std::vector<std::string> steps() const { return call_.items(path("steps")); }

    /** Plans an upsert, and applies the plan if the case says so. */
    std::string plan(const egito::client &client, const egito::entity &entity) const {
        if (!call_.has(path("apply"))) return rows_of(client, entity.plan_upsert(inputs(), key(), bulk_options()));
        const auto plan = entity.plan_upsert(inputs(), key(), bulk_options()).to_vector();
        std::vector<std::string> rows;
        for (const auto &row : plan)
            rows.push_back(row_of(row));
        const auto target = call_.get_string(path("apply_to"));
        std::string report = rows_of(client, (target ? client.entity(*target) : entity).apply_upsert(plan, key(), bulk_options()));
        return report.insert(1, "\"plan\":" + array(rows) + ",");
    }

private:
    /** Returns a row with the members that belong to the options of its bulk. */
    template <typename Input> std::string row_of(const egito::row<Input> &row) const {
        std::string json = json_of(row);
        egito::object more;
        if (call_.has(path("key"))) more.set("fields", row.fields()).set_json("duplicates", array(row.duplicates()));
        if (call_.has(path("key"))) more.set("change", row.change() ? std::optional(to_string(*row.change())) : std::nullopt);
        if (call_.has(path("journal"))) more.set("resumed", row.resumed());
        if (more.json() == "{}") return json;
        json.back() = ',';
        return json + more.json().substr(1);
    }

    /** Cancels the bulk or closes the client after a number of rows, and reads the others. */
    template <typename Bulk> std::string interrupted(const egito::client &client, Bulk bulk) const {
        std::vector<std::string> rows;
        const auto cancel_after = call_.get_int64(path("cancel_after")), close_after = call_.get_int64(path("close_after"));
        std::string end = "null";
        try {
            do {
                if (cancel_after == static_cast<std::int64_t>(rows.size())) bulk.cancel();
                if (close_after == static_cast<std::int64_t>(rows.size())) client.close();
                auto row = bulk.next();
                if (!row) break;
                rows.push_back(row_of(*row));
            } while (true);
        } catch (const egito::cancelled_error &) {
            end = "\"cancelled\"";
        }
        return "{\"rows\":" + array(rows) + ",\"ended\":" + end + "}";
    }

    static std::string path(const char *name) { return std::string("args.") + name; }

    const egito::record &call_;
};

egito::entity entity_of(const egito::client &client, const arguments &args) {
    const std::string name = args.text("entity");
    if (args.json_or_empty("shortcut") == "true") {
        if (name == "Account") return client.accounts();
        if (name == "Contact") return client.contacts();
        if (name == "Opportunity") return client.opportunities();
        if (name == "Lead") return client.leads();
        throw unknown("shortcut of " + name);
    }
    return client.entity(name);
}

/** Does one step of an outbox. */
std::string do_step(const egito::outbox &outbox, const egito::record &step) {
    const std::string what = step.get_string("do").value(), entity = step.get_string("entity").value_or("");
    const std::string record = step.get_json("record").value_or(""), id = step.get_json("id").value_or("0");
    const auto key = [&] {
        egito::record_key fields{};
        if (const auto name = step.get_json("key"); name && name->front() == '"') fields.fields = {step.get_string("key").value()};
        else
            for (const std::string &each : step.items("key")) fields.fields.push_back(egito::record("{\"of\":" + each + "}").get_string("of").value());
        return fields;
    };
    if (what == "put") return std::to_string(outbox.put(entity, record, key()));
    if (what == "put_upsert") return std::to_string(outbox.put_upsert(entity, record, key()));
    if (what == "put_update") return std::to_string(outbox.put_update(entity, id, record));
    if (what == "put_delete") return std::to_string(outbox.put_delete(entity, id));
    if (what == "deliver") {
        const auto limit = step.get_int64("limit");
        return outbox.deliver(limit ? std::optional(static_cast<std::uint64_t>(*limit)) : std::nullopt).json;
    }
    if (what == "counts") {
        const egito::outbox_counts counts = outbox.counts();
        return egito::object().set("waiting", counts.waiting).set("sending", counts.sending).set("refused", counts.refused)
            .set("unclear", counts.unclear).set("delivered", counts.delivered).json();
    }
    if (what == "entries") {
        egito::entry_query query;
        if (const auto state = step.get_string("state")) query.state = egito::detail::state_of(*state);
        if (const auto limit = step.get_int64("limit")) query.limit = static_cast<std::uint32_t>(*limit);
        std::vector<std::string> entries;
        for (const auto &entry : outbox.entries(query)) entries.push_back(entry.json);
        return array(entries);
    }
    const std::int64_t entry = std::stoll(id);
    if (what == "get") return outbox.get(entry).json;
    if (what == "retry") outbox.retry(entry);
    else if (what == "edit") outbox.edit(entry, record);
    else if (what == "discard") outbox.discard(entry);
    else throw unknown("step " + what);
    return "null";
}

/** Opens an outbox, and does the steps of a command. The error of a step takes the place of its result. */
std::string play_outbox(const egito::client &client, const arguments &args) {
    const egito::outbox outbox = client.outbox(args.text("path"));
    std::vector<std::string> results;
    for (const std::string &step : args.steps()) {
        const std::string done = member([&] { return do_step(outbox, egito::record(step)); });
        const std::string result = "\"result\":";
        results.push_back(done.rfind(result, 0) == 0 ? done.substr(result.size()) : "{" + done + "}");
    }
    return array(results);
}

/** Makes a call that returns its response, or reads pages with theirs. */
std::string play_with_response(const egito::entity &plain, const std::string &method, const arguments &args) {
    const auto entity = plain.with_response();
    if (method == "create") return json_of(entity.create(args.json("record")));
    if (method == "get") return json_of(entity.get(args.json("id")));
    if (method == "update") return json_of(entity.update(args.json("id"), args.json("record")));
    if (method == "delete") return json_of(entity.remove(args.json("id")));
    if (method == "pages") return args.all_of(plain.list(args.list_options()).with_response().pages());
    if (method == "call")
        return json_of(entity.call(args.text("action"), args.json_or_empty("params"), args.text_or_empty("method")));
    throw unknown("with_response of " + method);
}

std::string play(const egito::record &call) {
    const open_client &opened = *clients.at(call.get_string("client").value());
    const egito::client &client = opened.client;
    const std::string method = call.get_string("method").value();
    const arguments args(call);
    if (method == "dictionary") return args.all_of(client.dictionary(args.text("type")));
    if (method == "stats") return json_of(client.stats());
    if (method == "events") return array(opened.received->so_far());
    if (method == "panic") {
        egito::detail::checked([&](egito_error **error) { return egito_panic_for_tests(client.handle(), error); });
        return "null";
    }
    if (method == "outbox") return play_outbox(client, args);
    const egito::entity entity = entity_of(client, args);
    if (args.with_response()) return play_with_response(entity, method, args);
    if (method == "create") return entity.create(args.json("record"));
    if (method == "create_once") return json_of(entity.create_once(args.json("record"), args.key()));
    if (method == "upsert") return json_of(entity.upsert(args.json("record"), args.key()));
    if (method == "get") return json_of(entity.get(args.json("id")));
    if (method == "update") return entity.update(args.json("id"), args.json("record"));
    if (method == "delete") return entity.remove(args.json("id"));
    if (method == "list" && args.deletes()) return args.delete_all(entity);
    if (method == "list") return args.all_of(entity.list(args.list_options()));
    if (method == "pages") return args.all_of(entity.list(args.list_options()).pages());
    if (method == "first") {
        const auto first = entity.list(args.list_options()).first();
        return first ? json_of(*first) : "null";
    }
    if (method == "exists") return entity.list(args.list_options()).exists() ? "true" : "false";
    if (method == "total") {
        const auto total = entity.list(args.list_options()).total();
        return total ? std::to_string(*total) : "null";
    }
    if (method == "count") return std::to_string(entity.list(args.list_options()).count());
    if (method == "call")
        return entity.call(args.text("action"), args.json_or_empty("params"), args.text_or_empty("method"));
    if (method == "changes") return args.changes_of(entity);
    if (method == "ids") return array(entity.ids());
    if (method == "deleted") return array(entity.deleted(args.ids()));
    if (method == "create_many") return args.rows_of(client, entity.create_many(args.inputs(), args.bulk_options(), args.key_or_none()));
    if (method == "upsert_many")
        return args.rows_of(client, entity.upsert_many(args.inputs(), args.key(), args.bulk_options()));
    if (method == "plan_upsert") return args.plan(client, entity);
    if (method == "get_many") return args.rows_of(client, entity.get_many(args.inputs(), args.bulk_options()));
    if (method == "update_many") return args.rows_of(client, entity.update_many(args.changes(), args.bulk_options()));
    if (method == "delete_many") return args.rows_of(client, entity.delete_many(args.inputs(), args.bulk_options()));
    throw unknown("method " + method);
}

/** Begins all calls before it waits for the first one. */
std::string play_parallel(const egito::record &command) {
    std::vector<std::future<std::string>> running;
    while (const auto json = command.get_json("calls." + std::to_string(running.size())))
        running.push_back(std::async(std::launch::async, [call = egito::record(*json)] {
            return "{" + member([&] { return play(call); }) + "}";
        }));
    std::vector<std::string> results;
    for (auto &each : running)
        results.push_back(each.get());
    return "\"results\":" + array(results);
}

std::string reply_to(const egito::record &command) {
    const std::string what = command.get_string("do").value();
    if (what == "parallel") return play_parallel(command);
    return member([&]() -> std::string {
        if (what == "call") return play(command);
        const std::string name = command.get_string("client").value();
        if (what == "open") clients[name] = std::make_shared<open_client>(command);
        else if (what == "close") clients.at(name)->client.close();
        else throw unknown("do " + what);
        return "null";
    });
}

/** Each code has a class with its name; `class_of` checks that for each error. */
std::string hello() {
    std::string codes;
    for (int code = 1; egito_code_name(code) != nullptr; code++) {
        const std::string name = egito_code_name(code);
        codes += (codes.empty() ? "\"" : ",\"") + name + "\":\"egito::" + name + "_error\"";
    }
    return "{\"hello\":{\"adapter\":\"cpp\",\"language\":\"C++17, GCC " __VERSION__ "\",\"version\":" +
           egito::json_string(egito::version()) + ",\"protocol\":1,\"codes\":{" + codes + "}}}";
}

} // namespace

int main() {
    std::cout << hello() << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        const egito::record command(line);
        std::cout << "{\"seq\":" << command.get_json("seq").value() << "," << reply_to(command) << "}" << std::endl;
    }
}

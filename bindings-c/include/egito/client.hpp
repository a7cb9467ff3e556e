/** egito/client.hpp: the client, its entities, events and logs. Included by egito.hpp. */

#ifndef EGITO_CLIENT_HPP
#define EGITO_CLIENT_HPP

#include "bulk.hpp"
#include "create_once.hpp"
#include "ids.hpp"
#include "outbox.hpp"
#include "settings.hpp"
#include "upsert.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

namespace detail {

/** Deletes the std::function of a listener. */
template <typename Function> void delete_function(void *user) { delete static_cast<Function *>(user); }

} // namespace detail

class entity_with_response;

/** A kind of record, such as Account. It shares the connections of its client. */
class entity {
public:
    /** Creates a record from a JSON object, and returns its id. */
    std::string create(const json_argument &record) const {
        return *detail::text([&](char **id, egito_error **e) {
            return egito_create(client_.get(), name_.c_str(), record.c_str(), id, e);
        });
    }
    /**
     * Finds the record with the key of `record`, or creates it. Call it again after any error: it creates no second record with this
     * key. `key` is the name of a field, or an egito::record_key. Throws config_error if a field of the key is missing or empty, or if
     * the server ignores the filter; outcome_unknown_error if the record was not found in time; and like create. See egito_create_once.
     */
    found_or_created create_once(const json_argument &record, const record_key &key) const {
        const json_argument options = detail::options_of(key);
        egito_found_or_created *found = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_create_once(client_.get(), name_.c_str(), record.c_str(), options.c_str(), &found, e);
        });
        return detail::take(found);
    }
    /**
     * Finds the record with the key of `record`. Creates it if there is none, or updates only the fields that differ. Values are compared
     * as servers store them, and nothing is written if several records have the key, see egito_upsert. Call it again after any error.
     * Throws like create_once and update.
     */
    upserted upsert(const json_argument &record, const record_key &key) const {
        const json_argument options = detail::options_of(key);
        egito_upserted *upserted = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_upsert(client_.get(), name_.c_str(), record.c_str(), options.c_str(), &upserted, e);
        });
        return detail::take(upserted);
    }
    /** Reads one record. Throws not_found_error if it does not exist. */
    record get(const record_id &id) const {
        egito_record *record = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_get_record(client_.get(), name_.c_str(), id.c_str(), &record, e);
        });
        return egito::record(record);
    }
    /** Changes the fields of a JSON object, and returns the id of the record. */
    std::string update(const record_id &id, const json_argument &fields) const {
        return *detail::text([&](char **out, egito_error **e) {
            return egito_update(client_.get(), name_.c_str(), id.c_str(), fields.c_str(), out, e);
        });
    }
    /** Deletes a record, and returns its id. (`delete` is a keyword of C++.) */
    std::string remove(const record_id &id) const {
        return *detail::text([&](char **out, egito_error **e) {
            return egito_delete(client_.get(), name_.c_str(), id.c_str(), out, e);
        });
    }
    /** Returns the records as a lazy list: nothing is sent until it is read. The options are egito::list_options, or JSON as in egito_list. */
    record_list list(const json_argument &options = {}) const {
        return record_list(client_, [name = name_, options](const egito_client *handle) {
            egito_cursor *cursor = nullptr;
            detail::checked([&](egito_error **e) {
                return egito_list(handle, name.c_str(), options.or_null(), &cursor, e);
            });
            return cursor;
        });
    }
    /**
     * Returns the records that were created or changed since an earlier list of changes, the newest first, as a lazy list. Its `mark` is
     * `since` of the next one. None is missed, and none comes twice with the same content. See egito_list and changes_options.
     */
    record_list changes(const changes_options &options = {}) const { return list(options); }
    /** Reads the ids of all records, as JSON. The server sends whole records, of which nothing is kept. */
    std::vector<std::string> ids() const {
        egito_id_list *ids = nullptr;
        detail::checked([&](egito_error **e) { return egito_ids(client_.get(), name_.c_str(), &ids, e); });
        return detail::take(ids);
    }
    /**
     * Returns those of a range of ids whose records do not exist any more, each once. A record that still exists is never returned, even
     * if the list changes meanwhile. See egito_deleted.
     */
    template <typename Ids> std::vector<std::string> deleted(const Ids &known_ids) const {
        const std::vector<record_id> ids(std::begin(known_ids), std::end(known_ids));
        std::vector<const char *> texts;
        for (const record_id &id : ids)
            texts.push_back(id.c_str());
        egito_id_list *deleted = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_deleted(client_.get(), name_.c_str(), texts.data(), texts.size(), &deleted, e);
        });
        return detail::take(deleted);
    }
    /** Returns the same entity with other settings for its calls, see client::with_options. */
    entity with_options(const json_argument &options) const {
        egito_client *other = nullptr;
        detail::checked([&](egito_error **e) { return egito_client_with_options(client_.get(), options.c_str(), &other, e); });
        return entity(std::shared_ptr<egito_client>(other, egito_client_free), name_);
    }
    /**
     * Returns the same entity for calls that return an egito::response: the result with HTTP status, headers and number of attempts.
     * For the pages of a list, use record_list::with_response. Calls of a bulk keep no responses; their events have the status.
     */
    inline entity_with_response with_response() const;
    /** Calls a custom action and returns its response, which may be any JSON value. See egito_call. */
    std::string call(const text_argument &action, const json_argument &params = {}, const text_argument &method = {}) const {
        return *detail::text([&](char **response, egito_error **e) {
            return egito_call(client_.get(), name_.c_str(), action.c_str(), params.or_null(), method.or_null(), response, e);
        });
    }

    /**
     * Creates many records, and returns a lazy bulk with one row per record, see egito::bulk. `records` is a range of arguments of
     * `create`. The options can be the concurrency alone. A record that cannot be written as JSON is a row with a config_error. With a
     * key, a record whose create has an unknown outcome is looked for.
     */
    template <typename Records>
    bulk<Records> create_many(Records &&records, const bulk_options &options = {}, const std::optional<record_key> &key = {}) const {
        using input = typename bulk<Records>::input_type;
        return {begin("create", options, key), std::forward<Records>(records), detail::push_record<input>};
    }
    /** Reads many records: a range of ids. See create_many. */
    template <typename Ids> bulk<Ids> get_many(Ids &&ids, const bulk_options &options = {}) const {
        return {begin("get", options), std::forward<Ids>(ids), detail::push_id<typename bulk<Ids>::input_type>};
    }
    /** Changes many records: a range of pairs of an id and the fields to change, such as a std::map. See create_many. */
    template <typename Changes> bulk<Changes> update_many(Changes &&changes, const bulk_options &options = {}) const {
        using input = typename bulk<Changes>::input_type;
        return {begin("update", options), std::forward<Changes>(changes), detail::push_change<input>};
    }
    /** Deletes many records: a range of ids. See create_many. */
    template <typename Ids> bulk<Ids> delete_many(Ids &&ids, const bulk_options &options = {}) const {
        return {begin("delete", options), std::forward<Ids>(ids), detail::push_id<typename bulk<Ids>::input_type>};
    }
    /**
     * Creates records, updates the fields that differ, or leaves records unchanged: a range of arguments of `upsert`, which the key
     * identifies. The rows have a `change`. Two records with one key: the second one is a row with a config_error. See create_many.
     */
    template <typename Records>
    bulk<Records> upsert_many(Records &&records, const record_key &key, const bulk_options &options = {}) const {
        using input = typename bulk<Records>::input_type;
        return {begin("upsert", options, key), std::forward<Records>(records), detail::push_record<input>};
    }
    /** Returns the rows that upsert_many would return, with what it would write as their `record`, and writes nothing. */
    template <typename Records>
    bulk<Records> plan_upsert(Records &&records, const record_key &key, const bulk_options &options = {}) const {
        using input = typename bulk<Records>::input_type;
        return {begin("plan_upsert", options, key), std::forward<Records>(records), detail::push_record<input>};
    }
    /**
     * Does what a range of rows of plan_upsert, or of planned_row, says. A record that should be created is not created if there is one with its key by now.
     * A row of a plan that has an error is a row with a config_error.
     */
    template <typename Plan>
    bulk<Plan> apply_upsert(Plan &&plan, const record_key &key, const bulk_options &options = {}) const {
        using input = typename bulk<Plan>::input_type;
        return {begin("apply_upsert", options, key), std::forward<Plan>(plan), detail::push_planned<input>};
    }

private:
    friend class client;
    friend class entity_with_response;
    egito_bulk *begin(const char *action, const bulk_options &options, const std::optional<record_key> &key = {}) const {
        object json_options;
        if (key) detail::set_key(json_options, *key);
        json_options.set("concurrency", options.concurrency).set("outage_timeout", options.outage_timeout.count());
        json_options.set("cancel_grace", options.cancel_grace.count());
        if (options.max_failures) json_options.set("max_failures", *options.max_failures);
        if (options.journal) json_options.set("journal", *options.journal);
        const json_argument json = json_options;
        egito_bulk *bulk = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_bulk_new(client_.get(), name_.c_str(), action, json.c_str(), &bulk, e);
        });
        return bulk;
    }
    entity(std::shared_ptr<egito_client> client, text_argument name) : client_(std::move(client)), name_(std::move(name)) {
        detail::checked([&](egito_error **e) { return egito_check_entity(client_.get(), name_.c_str(), e); });
    }

    std::shared_ptr<egito_client> client_;
    text_argument name_;
};

/** An entity whose calls return an egito::response, see entity::with_response. They throw the same exceptions as those of entity. */
class entity_with_response {
public:
    /** Creates a record; the value is its id. */
    response<std::string> create(const json_argument &record) const {
        return with_handle([&](const entity &entity) { return entity.create(record); });
    }
    /** Reads one record. */
    response<record> get(const record_id &id) const {
        return with_handle([&](const entity &entity) { return entity.get(id); });
    }
    /** Changes the fields of a JSON object; the value is the id of the record. */
    response<std::string> update(const record_id &id, const json_argument &fields) const {
        return with_handle([&](const entity &entity) { return entity.update(id, fields); });
    }
    /**
     * Deletes a record; the value is its id. If an earlier attempt had already deleted it, the response is the one of the retry, with
     * status 404.
     */
    response<std::string> remove(const record_id &id) const {
        return with_handle([&](const entity &entity) { return entity.remove(id); });
    }
    /** Calls a custom action, see entity::call. */
    response<std::string> call(const text_argument &action, const json_argument &params = {},
                               const text_argument &method = {}) const {
        return with_handle([&](const entity &entity) { return entity.call(action, params, method); });
    }

private:
    friend class entity;
    explicit entity_with_response(entity plain) : entity_(std::move(plain)) {}
    /** Runs a call on its own handle: this object is thread-safe. */
    template <typename Call> response<std::invoke_result_t<Call, const entity &>> with_handle(Call call) const {
        const auto handle = detail::with_response(entity_.client_.get());
        return detail::response_of(handle.get(), call(entity(handle, entity_.name_)));
    }

    entity entity_;
};

inline entity_with_response entity::with_response() const { return entity_with_response(*this); }

/** Aborts calls from another thread, see client::with_cancellation. Copies abort the same calls. Thread-safe. */
class cancellation_token {
public:
    cancellation_token() {
        egito_cancellation_token *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_cancellation_token_new(&handle, e); });
        handle_.reset(handle, egito_cancellation_token_free);
    }
    /** Aborts the calls in flight with a cancelled_error and closes their requests. Later calls fail at once. */
    void cancel() const noexcept { egito_cancellation_token_cancel(handle_.get()); }

private:
    friend class client;
    std::shared_ptr<egito_cancellation_token> handle_;
};

/** Statistics of a client, see egito_client_stats. */
struct stats {
    std::uint64_t calls, attempts, retries, logins, bytes_sent, bytes_received;
};

/** The result of client::probe. It contains no secrets and no data of the customer. */
struct probe_report {
    /** Whether no check found a problem. */
    bool is_ok;
    /** The report for people. */
    std::string text;
    /** The settings for the server as a TOML file, for client::from_file. */
    std::string toml;
    /** The whole report as JSON, see egito_probe. */
    std::string json;
};

/** A client for one customer's Egito. Thread-safe. */
class client {
public:
    /** Creates a client from egito::settings, or from JSON as in egito_client_new. Sends nothing. Throws config_error. */
    explicit client(const json_argument &settings) : client(create(egito_client_new, settings.c_str())) {}
    /** Creates a client from the environment, see egito_client_from_env. `settings` override the environment. */
    static client from_env(const json_argument &settings = {}) {
        return client(create(egito_client_from_env, settings.or_null()));
    }
    /** Creates a client from a TOML file, see egito_client_from_file. `settings` override the file. */
    static client from_file(const text_argument &path, const json_argument &settings = {}) {
        egito_client *handle = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_client_from_file(path.c_str(), settings.or_null(), &handle, e);
        });
        return client(handle);
    }
    client(client &&) noexcept = default;
    client &operator=(client &&) noexcept = default;

    egito::entity accounts() const { return entity("Account"); }
    egito::entity contacts() const { return entity("Contact"); }
    egito::entity opportunities() const { return entity("Opportunity"); }
    egito::entity leads() const { return entity("Lead"); }
    /** Returns any entity by its name. Throws config_error if no entity can have this name. */
    egito::entity entity(const text_argument &name) const { return {handle_, name}; }
    /** Returns the entries of a dictionary such as "industry", as records. */
    record_list dictionary(const text_argument &type, const json_argument &options = {}) const {
        return record_list(handle_, [type, options](const egito_client *handle) {
            egito_cursor *cursor = nullptr;
            detail::checked([&](egito_error **e) {
                return egito_dictionary(handle, type.c_str(), options.or_null(), &cursor, e);
            });
            return cursor;
        });
    }
    /**
     * Opens the outbox in this file: writes are stored in it first, and sent later, once and in order. Any number of processes can use the
     * same file at the same time. See egito_outbox_new.
     */
    egito::outbox outbox(const text_argument &path, const outbox_options &options = {}) const {
        object given = object().set("concurrency", options.concurrency).set("keep_days", options.keep_days);
        detail::set_lookup(given, options.lookup);
        const json_argument json = given;
        egito_outbox *outbox = nullptr;
        detail::checked([&](egito_error **e) { return egito_outbox_new(handle_.get(), path.c_str(), json.c_str(), &outbox, e); });
        return egito::outbox(outbox);
    }
    /**
     * Returns the same client with other settings for its calls, as egito::settings or JSON: only settings of single calls.
     * Both share the login, the connections and the counters, and closing one closes both. Throws config_error.
     */
    client with_options(const json_argument &options) const {
        egito_client *other = nullptr;
        detail::checked([&](egito_error **e) { return egito_client_with_options(handle_.get(), options.c_str(), &other, e); });
        return client(other);
    }
    /** Returns the same client for calls that the token can cancel. Closing one closes both. */
    client with_cancellation(const cancellation_token &token) const {
        egito_client *other = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_client_with_cancellation(handle_.get(), token.handle_.get(), &other, e);
        });
        return client(other);
    }
    /** Checks the settings on the server, and finds those that it needs. The options are those of egito_probe. */
    probe_report probe(const json_argument &options = {}) const {
        std::string json = *detail::text(
            [&](char **out, egito_error **e) { return egito_probe(handle_.get(), options.or_null(), out, e); });
        const record report(json);
        const auto text = [&](const char *name) { return report.get_string(name).value_or(""); };
        return {report.get_bool("is_ok").value_or(false), text("text"), text("toml"), std::move(json)};
    }
    /** Returns the statistics so far. */
    egito::stats stats() const {
        const record json(*detail::text(
            [&](char **out, egito_error **e) { return egito_client_stats(handle_.get(), out, e); }));
        const auto count = [&](const char *name) { return static_cast<std::uint64_t>(json.get_int64(name).value_or(0)); };
        return {count("calls"),  count("attempts"),   count("retries"),
                count("logins"), count("bytes_sent"), count("bytes_received")};
    }
    /**
     * Sets the listener that receives each event as JSON, see egito_event_callback; an empty function removes it. It is called by all
     * threads that use the client, that read ahead and that drive bulks. Its exceptions are ignored.
     */
    void on_event(std::function<void(std::string_view event_json)> listener) const {
        const auto call = [](const char *event_json, void *user) {
            try {
                (*static_cast<std::function<void(std::string_view)> *>(user))(event_json);
            } catch (...) { // must not change the result of the call
            }
        };
        const bool has_function = static_cast<bool>(listener);
        void *user = new std::function<void(std::string_view)>(std::move(listener)); // the library frees it in any case
        detail::checked([&](egito_error **e) {
            return egito_client_on_event(handle_.get(), has_function ? static_cast<egito_event_callback>(call) : nullptr, user,
                                         detail::delete_function<std::function<void(std::string_view)>>, e);
        });
    }
    /** Closes the client: later calls throw config_error. Waits for calls in flight, see egito_client_close. Thread-safe. */
    void close() const noexcept { egito_client_close(handle_.get()); }
    /** Returns the handle for functions of egito.h. The client keeps the ownership. */
    const egito_client *handle() const noexcept { return handle_.get(); }

private:
    using constructor = egito_status (*)(const char *, egito_client **, egito_error **);
    static egito_client *create(constructor function, const char *settings_json) {
        egito_client *handle = nullptr;
        detail::checked([&](egito_error **e) { return function(settings_json, &handle, e); });
        return handle;
    }
    explicit client(egito_client *handle) : handle_(handle, egito_client_free) {}

    std::shared_ptr<egito_client> handle_;
};

/**
 * Sets the listener that receives the log lines of all clients of this process, see egito_log_to; an empty function removes it. It is
 * called on the thread that does the work. Its exceptions are ignored.
 */
inline void log_to(egito_log_level level, std::function<void(egito_log_level level, std::string_view line)> listener) {
    using function = std::function<void(egito_log_level, std::string_view)>;
    const auto call = [](int number, const char *line, void *user) {
        try {
            (*static_cast<function *>(user))(static_cast<egito_log_level>(number), line);
        } catch (...) { // no caller could receive it
        }
    };
    const bool has_function = static_cast<bool>(listener);
    void *user = new function(std::move(listener)); // the library frees it in any case
    detail::checked([&](egito_error **e) {
        return egito_log_to(level, has_function ? static_cast<egito_log_callback>(call) : nullptr, user, detail::delete_function<function>, e);
    });
}

} // namespace egito

#endif /* EGITO_CLIENT_HPP */

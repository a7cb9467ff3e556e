/** egito/client.hpp: the client, its entities, and what it tells. Included by egito.hpp. */

#ifndef EGITO_CLIENT_HPP
#define EGITO_CLIENT_HPP

#include "bulk.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace egito {

namespace detail {

/** Frees what a listener was kept in. */
template <typename Function> void forget(void *user) { delete static_cast<Function *>(user); }

} // namespace detail

class entity_with_response;

/** One kind of thing in the CRM, such as Account. It keeps its client's connections. */
class entity {
public:
    /** Saves a new record, a JSON object, and gives its id. */
    std::string create(const json_argument &record) const {
        return *detail::text([&](char **id, egito_error **e) {
            return egito_create(client_.get(), name_.c_str(), record.c_str(), id, e);
        });
    }
    /** Reads one record. Throws not_found_error where there is none. */
    record get(const record_id &id) const {
        egito_record *record = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_get_record(client_.get(), name_.c_str(), id.c_str(), &record, e);
        });
        return egito::record(record);
    }
    /** Changes the fields in a JSON object, and gives the record's id. */
    std::string update(const record_id &id, const json_argument &fields) const {
        return *detail::text([&](char **out, egito_error **e) {
            return egito_update(client_.get(), name_.c_str(), id.c_str(), fields.c_str(), out, e);
        });
    }
    /** Deletes a record (`delete` is a word of C++), and gives its id. */
    std::string remove(const record_id &id) const {
        return *detail::text([&](char **out, egito_error **e) {
            return egito_delete(client_.get(), name_.c_str(), id.c_str(), out, e);
        });
    }
    /** The entity's records. The options are egito::list_options, or JSON as in egito_list. Nothing is sent before the list is read. */
    record_list list(const json_argument &options = {}) const {
        return record_list(client_, [name = name_, options](const egito_client *handle) {
            egito_cursor *cursor = nullptr;
            detail::checked([&](egito_error **e) {
                return egito_list(handle, name.c_str(), options.or_null(), &cursor, e);
            });
            return cursor;
        });
    }
    /** The same entity, whose calls go by other settings, see client::with_options. */
    entity with_options(const json_argument &options) const {
        egito_client *other = nullptr;
        detail::checked([&](egito_error **e) { return egito_client_with_options(client_.get(), options.c_str(), &other, e); });
        return entity(std::shared_ptr<egito_client>(other, egito_client_free), name_);
    }
    /**
     * The same entity for calls that give an egito::response: the result with HTTP status, headers and attempts. A list has
     * record_list::with_response for its pages. Calls of a bulk keep no response: events tell their status.
     */
    inline entity_with_response with_response() const;
    /** Any other action, see egito_call. Gives the answer, whatever JSON it is. */
    std::string call(const text_argument &action, const json_argument &params = {}, const text_argument &method = {}) const {
        return *detail::text([&](char **answer, egito_error **e) {
            return egito_call(client_.get(), name_.c_str(), action.c_str(), params.or_null(), method.or_null(), answer, e);
        });
    }

    /**
     * Saves many new records: a range of what `create` takes. Gives a row for each, see egito::bulk. The options may be the
     * concurrency alone. A record that cannot be written as JSON is a row with a config_error.
     */
    template <typename Records> bulk<Records> create_many(Records &&records, const bulk_options &options = {}) const {
        using input = typename bulk<Records>::input_type;
        return {begin("create", options), std::forward<Records>(records), detail::push_record<input>};
    }
    /** Reads many records: a range of ids. See create_many. */
    template <typename Ids> bulk<Ids> get_many(Ids &&ids, const bulk_options &options = {}) const {
        return {begin("get", options), std::forward<Ids>(ids), detail::push_id<typename bulk<Ids>::input_type>};
    }
    /** Changes many records: a range of pairs of an id and the fields that change, such as a std::map. See create_many. */
    template <typename Changes> bulk<Changes> update_many(Changes &&changes, const bulk_options &options = {}) const {
        using input = typename bulk<Changes>::input_type;
        return {begin("update", options), std::forward<Changes>(changes), detail::push_change<input>};
    }
    /** Deletes many records: a range of ids. See create_many. */
    template <typename Ids> bulk<Ids> delete_many(Ids &&ids, const bulk_options &options = {}) const {
        return {begin("delete", options), std::forward<Ids>(ids), detail::push_id<typename bulk<Ids>::input_type>};
    }

private:
    friend class client;
    friend class entity_with_response;
    egito_bulk *begin(const char *action, const bulk_options &options) const {
        object chosen;
        chosen.set("concurrency", options.concurrency).set("outage_timeout", options.outage_timeout.count());
        chosen.set("cancel_grace", options.cancel_grace.count());
        if (options.max_failures) chosen.set("max_failures", *options.max_failures);
        const json_argument json = chosen;
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

/** An entity whose calls give an egito::response, see entity::with_response. They throw what those of entity throw. */
class entity_with_response {
public:
    /** Saves a new record; the value is its id. */
    response<std::string> create(const json_argument &record) const {
        return answered([&](const entity &of) { return of.create(record); });
    }
    /** Reads one record. */
    response<record> get(const record_id &id) const {
        return answered([&](const entity &of) { return of.get(id); });
    }
    /** Changes the fields in a JSON object; the value is the record's id. */
    response<std::string> update(const record_id &id, const json_argument &fields) const {
        return answered([&](const entity &of) { return of.update(id, fields); });
    }
    /**
     * Deletes a record; the value is its id. Where an earlier attempt has deleted it already, the response is that of the retry, with
     * status 404.
     */
    response<std::string> remove(const record_id &id) const {
        return answered([&](const entity &of) { return of.remove(id); });
    }
    /** Any other action, see entity::call. */
    response<std::string> call(const text_argument &action, const json_argument &params = {},
                               const text_argument &method = {}) const {
        return answered([&](const entity &of) { return of.call(action, params, method); });
    }

private:
    friend class entity;
    explicit entity_with_response(entity of) : entity_(std::move(of)) {}
    /** Runs a call on a handle of its own: any number of threads may use this object. */
    template <typename Call> response<std::invoke_result_t<Call, const entity &>> answered(Call call) const {
        const auto handle = detail::with_response(entity_.client_.get());
        return detail::response_of(handle.get(), call(entity(handle, entity_.name_)));
    }

    entity entity_;
};

inline entity_with_response entity::with_response() const { return entity_with_response(*this); }

/** Ends calls from another thread, see client::cancelled_by. Copies end the same calls; any number of threads may use it. */
class cancel {
public:
    cancel() {
        egito_cancel *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_cancel_new(&handle, e); });
        handle_.reset(handle, egito_cancel_free);
    }
    /** What is under way ends by a cancelled_error, and its requests are closed; what begins later ends at once. */
    void now() const noexcept { egito_cancel_now(handle_.get()); }

private:
    friend class client;
    std::shared_ptr<egito_cancel> handle_;
};

/** What a client has done since it was made, see egito_client_stats. */
struct stats {
    std::uint64_t calls, attempts, retries, logins, bytes_sent, bytes_received;
};

/** The connection to one customer's Egito. Any number of threads may use one client at a time. */
class client {
public:
    /** From settings: one JSON object as in egito_client_new. Nothing is sent yet. Throws config_error. */
    explicit client(const json_argument &settings) : client(made(egito_client_new, settings.c_str())) {}
    /** From the environment, see egito_client_from_env; the settings given here go first. */
    static client from_env(const json_argument &settings = {}) {
        return client(made(egito_client_from_env, settings.or_null()));
    }
    client(client &&) noexcept = default;
    client &operator=(client &&) noexcept = default;

    egito::entity accounts() const { return entity("Account"); }
    egito::entity contacts() const { return entity("Contact"); }
    egito::entity opportunities() const { return entity("Opportunity"); }
    egito::entity leads() const { return entity("Lead"); }
    /** Returns any entity by its name. Throws config_error if no entity can have this name. */
    egito::entity entity(const text_argument &name) const { return {handle_, name}; }
    /** The entries of a dictionary such as "industry", as records. */
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
     * The same client, whose calls go by other settings: one JSON object with those that belong to single calls, such as `timeout_ms`.
     * Login, connections and counters are shared, and closing one closes both. Throws config_error.
     */
    client with_options(const json_argument &options) const {
        egito_client *other = nullptr;
        detail::checked([&](egito_error **e) { return egito_client_with_options(handle_.get(), options.c_str(), &other, e); });
        return client(other);
    }
    /** The same client, whose calls end once `cancel` says so. Closing one closes both. */
    client cancelled_by(const cancel &cancel) const {
        egito_client *cancellable = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_client_cancelled_by(handle_.get(), cancel.handle_.get(), &cancellable, e);
        });
        return client(cancellable);
    }
    /** What was done so far. */
    egito::stats stats() const {
        const record json(*detail::text(
            [&](char **out, egito_error **e) { return egito_client_stats(handle_.get(), out, e); }));
        const auto count = [&](const char *name) { return static_cast<std::uint64_t>(json.get_int64(name).value_or(0)); };
        return {count("calls"),  count("attempts"),   count("retries"),
                count("logins"), count("bytes_sent"), count("bytes_received")};
    }
    /**
     * Has a function called with the JSON of every attempt's end, see egito_event_callback; an empty one for none. It is called
     * by every thread that uses the client, by those that read ahead, and by each bulk's own. What it throws is ignored.
     */
    void on_event(std::function<void(std::string_view event_json)> listener) const {
        const auto call = [](const char *event_json, void *user) {
            try {
                (*static_cast<std::function<void(std::string_view)> *>(user))(event_json);
            } catch (...) { // it must not change what becomes of the call
            }
        };
        const bool listens = static_cast<bool>(listener);
        void *user = new std::function<void(std::string_view)>(std::move(listener)); // freed by the library in any case
        detail::checked([&](egito_error **e) {
            return egito_client_on_event(handle_.get(), listens ? static_cast<egito_event_callback>(call) : nullptr, user,
                                         detail::forget<std::function<void(std::string_view)>>, e);
        });
    }
    /** Later calls throw config_error, those under way go on. Any thread. */
    void close() const noexcept { egito_client_close(handle_.get()); }
    /** The handle for functions of egito.h; it stays the client's. */
    const egito_client *handle() const noexcept { return handle_.get(); }

private:
    using constructor = egito_status (*)(const char *, egito_client **, egito_error **);
    static egito_client *made(constructor make, const char *settings_json) {
        egito_client *handle = nullptr;
        detail::checked([&](egito_error **e) { return make(settings_json, &handle, e); });
        return handle;
    }
    explicit client(egito_client *handle) : handle_(handle, egito_client_free) {}

    std::shared_ptr<egito_client> handle_;
};


/**
 * Has a function told, line by line, what all clients of this process do, see egito_log_to; an empty one for nothing. It is
 * called on whichever thread does the work. What it throws is ignored.
 */
inline void log_to(egito_log_level level, std::function<void(egito_log_level level, std::string_view line)> listener) {
    using function = std::function<void(egito_log_level, std::string_view)>;
    const auto call = [](int of, const char *line, void *user) {
        try {
            (*static_cast<function *>(user))(static_cast<egito_log_level>(of), line);
        } catch (...) { // there is nobody to tell
        }
    };
    const bool listens = static_cast<bool>(listener);
    void *user = new function(std::move(listener)); // freed by the library in any case
    detail::checked([&](egito_error **e) {
        return egito_log_to(level, listens ? static_cast<egito_log_callback>(call) : nullptr, user, detail::forget<function>, e);
    });
}

} // namespace egito

#endif /* EGITO_CLIENT_HPP */

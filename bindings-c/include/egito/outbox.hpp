/** egito/outbox.hpp: outboxes. Included by egito.hpp. */

#ifndef EGITO_OUTBOX_HPP
#define EGITO_OUTBOX_HPP

#include "record_key.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace egito {

/** Options of an outbox. */
struct outbox_options {
    /** Maximum number of calls in flight of a delivery. */
    std::size_t concurrency = 8;
    /** For how many days delivered entries are kept. During this time, putting a record with the same key does nothing. */
    double keep_days = 30;
    /** How a delivery looks for records, instead of the lookup of each entry. */
    std::optional<egito::lookup> lookup;
};

/** The state of an entry of an outbox. */
enum class entry_state {
    waiting,   /**< it was not sent yet, or will be sent again */
    sending,   /**< a worker sends it now */
    refused,   /**< the server refused it; it holds back later entries with its key until it is retried, edited or discarded */
    unclear,   /**< it may have been done, and is looked for before it is sent again */
    delivered, /**< it is done */
};

namespace detail {

inline constexpr std::array<std::string_view, 5> entry_states{"waiting", "sending", "refused", "unclear", "delivered"};

} // namespace detail

/** Returns the name of a state, such as "waiting". */
inline std::string_view to_string(entry_state state) noexcept { return detail::entry_states[static_cast<std::size_t>(state)]; }

/** An entry of an outbox: one write that was stored, and is sent once. Times are strings such as `2026-11-27T10:00:00.125Z`. */
struct outbox_entry {
    std::int64_t id;
    std::string entity;
    std::string action; /**< `create`, `upsert`, `update` or `delete` */
    entry_state state;
    std::vector<std::string> key;         /**< names of the fields; empty for an update and a delete */
    std::optional<std::string> record_id; /**< as JSON; of a create or upsert, once it is delivered */
    std::optional<egito::record> record;  /**< the record or the fields to be sent; none for a delete */
    std::uint64_t attempts;               /**< how often it was sent, or may have been sent */
    std::optional<egito::record> error;   /**< details of the error of the last attempt */
    std::string created_at;
    std::optional<std::string> next_attempt_at;
    std::optional<std::string> delivered_at;
    std::string json; /**< the whole entry */
};

/** The number of entries in each state. */
struct outbox_counts {
    std::uint64_t waiting, sending, refused, unclear, delivered;
};

/** The result of outbox::deliver. */
struct delivery {
    std::uint64_t delivered; /**< number of entries that this call has delivered */
    std::uint64_t refused;   /**< number of entries that the server refused in this call */
    std::uint64_t unclear;   /**< number of entries of the outbox whose outcome is unclear */
    std::uint64_t waiting;   /**< number of entries of the outbox that are still waiting */
    std::optional<std::string> next_attempt_at;
    std::optional<egito::record> paused_by; /**< details of the error because of which the outbox is paused */
    std::string json;                       /**< the whole result */
};

/** Which entries outbox::entries returns. */
struct entry_query {
    std::optional<entry_state> state;
    std::uint32_t limit = 100;
    std::int64_t after = 0; /**< the id of an entry: only later ones are returned */
};

namespace detail {

inline std::uint64_t number_at(const record &json, const char *name) {
    return static_cast<std::uint64_t>(json.get_int64(name).value_or(0));
}

inline entry_state state_of(std::string_view name) {
    std::size_t state = 0;
    while (state + 1 < entry_states.size() && entry_states[state] != name) state++;
    return static_cast<entry_state>(state);
}

inline outbox_entry entry_of(const record &json) {
    std::vector<std::string> key;
    for (std::size_t index = 0; index < json.size("key"); index++)
        key.push_back(json.get_string("key." + std::to_string(index)).value_or(""));
    const auto text = [&](const char *name) { return json.get_string(name); };
    std::optional<std::string> record_id = json.has("record_id") ? json.get_json("record_id") : std::nullopt;
    return {json.get_int64("id").value_or(0), text("entity").value_or(""), text("action").value_or(""), state_of(text("state").value_or("")),
            std::move(key), std::move(record_id), json.get_record("record"), number_at(json, "attempts"), json.get_record("error"),
            text("created_at").value_or(""), text("next_attempt_at"), text("delivered_at"), std::string(json.json())};
}

inline delivery delivery_of(const record &json) {
    return {number_at(json, "delivered"), number_at(json, "refused"), number_at(json, "unclear"), number_at(json, "waiting"),
            json.get_string("next_attempt_at"), json.get_record("paused_by"), std::string(json.json())};
}

} // namespace detail

/**
 * Writes that are stored in a file first, and sent to the server later, once and in order, see client::outbox. Thread-safe. Copies are
 * the same outbox.
 */
class outbox {
public:
    /**
     * Stores a record to be created, and returns the id of its entry, which is on the disk then. The same key again returns the id of the
     * entry that is there. `key` is the name of a field, or an egito::record_key. Throws config_error for an invalid argument, and if the
     * file cannot be written. See egito_outbox_put.
     */
    std::int64_t put(const text_argument &entity, const json_argument &record, const record_key &key) const {
        return keyed(egito_outbox_put, entity, record, key);
    }
    /** Stores a record to be created or, if one with its key exists by then, to be updated. Every call stores an entry. See put. */
    std::int64_t put_upsert(const text_argument &entity, const json_argument &record, const record_key &key) const {
        return keyed(egito_outbox_put_upsert, entity, record, key);
    }
    /** Stores fields of a record to be updated. See put. */
    std::int64_t put_update(const text_argument &entity, const record_id &id, const json_argument &fields) const {
        return number([&](std::int64_t *entry, egito_error **e) {
            return egito_outbox_put_update(handle_.get(), entity.c_str(), id.c_str(), fields.c_str(), entry, e);
        });
    }
    /** Stores the id of a record to be deleted. See put. */
    std::int64_t put_delete(const text_argument &entity, const record_id &id) const {
        return number([&](std::int64_t *entry, egito_error **e) {
            return egito_outbox_put_delete(handle_.get(), entity.c_str(), id.c_str(), entry, e);
        });
    }

    /**
     * Sends the entries that are due, at most `limit` of them, and returns when none is due any more. While the server is down, the outbox
     * is paused, and this returns at once. Errors of entries are in the entries. See egito_outbox_deliver.
     */
    delivery deliver(std::optional<std::uint64_t> limit = std::nullopt) const {
        return detail::delivery_of(json([&](char **out, egito_error **e) {
            return egito_outbox_deliver(handle_.get(), limit.value_or(0), out, e);
        }));
    }
    /** Returns entries in the order of their ids. */
    std::vector<outbox_entry> entries(const entry_query &query = {}) const {
        object options;
        options.set("limit", query.limit).set("after", query.after);
        if (query.state) options.set("state", to_string(*query.state));
        const json_argument query_json = options;
        const auto found = detail::text([&](char **out, egito_error **e) {
            return egito_outbox_entries(handle_.get(), query_json.c_str(), out, e);
        });
        std::vector<outbox_entry> entries;
        for (const std::string &entry : record("{\"of\":" + *found + "}").items("of"))
            entries.push_back(detail::entry_of(record(entry)));
        return entries;
    }
    /** Returns one entry. Throws not_found_error if there is none. */
    outbox_entry get(std::int64_t entry_id) const {
        return detail::entry_of(json([&](char **out, egito_error **e) { return egito_outbox_get(handle_.get(), entry_id, out, e); }));
    }
    /** Returns the number of entries in each state. */
    outbox_counts counts() const {
        const record of = json([&](char **out, egito_error **e) { return egito_outbox_counts(handle_.get(), out, e); });
        return {detail::number_at(of, "waiting"), detail::number_at(of, "sending"), detail::number_at(of, "refused"),
                detail::number_at(of, "unclear"), detail::number_at(of, "delivered")};
    }
    /** Makes an entry due now, also one that the server refused. Also ends a pause of the outbox. */
    void retry(std::int64_t entry_id) const {
        detail::checked([&](egito_error **e) { return egito_outbox_retry(handle_.get(), entry_id, e); });
    }
    /** Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same. */
    void edit(std::int64_t entry_id, const json_argument &record) const {
        detail::checked([&](egito_error **e) { return egito_outbox_edit(handle_.get(), entry_id, record.c_str(), e); });
    }
    /** Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done. */
    void discard(std::int64_t entry_id) const {
        detail::checked([&](egito_error **e) { return egito_outbox_discard(handle_.get(), entry_id, e); });
    }

    /**
     * Starts a thread of the library that delivers whenever this process puts an entry, and otherwise after each interval. It ends with
     * `stop`, and when the last copy of this outbox is destroyed or its client is closed.
     */
    void start(std::chrono::duration<double> interval) const {
        detail::checked([&](egito_error **e) { return egito_outbox_start(handle_.get(), interval.count(), e); });
    }
    /** Stops the thread of `start`, and waits for its calls in flight, some seconds at most. */
    void stop() const {
        detail::checked([&](egito_error **e) { return egito_outbox_stop(handle_.get(), e); });
    }
    /** Returns the result of the last delivery of the thread of `start`, or throws its error; std::nullopt if none has ended. */
    std::optional<delivery> last_delivery() const {
        const auto last = detail::text([&](char **out, egito_error **e) { return egito_outbox_last_delivery(handle_.get(), out, e); });
        return last ? std::optional(detail::delivery_of(record(*last))) : std::nullopt;
    }

private:
    friend class client;
    using keyed_function = egito_status (*)(const egito_outbox *, const char *, const char *, const char *, std::int64_t *, egito_error **);

    explicit outbox(egito_outbox *handle) : handle_(handle, egito_outbox_free) {}
    std::int64_t keyed(keyed_function store, const text_argument &entity, const json_argument &record, const record_key &key) const {
        const json_argument options = detail::options_of(key);
        return number([&](std::int64_t *entry, egito_error **e) {
            return store(handle_.get(), entity.c_str(), record.c_str(), options.c_str(), entry, e);
        });
    }
    template <typename Function> static std::int64_t number(Function function) {
        std::int64_t entry = 0;
        detail::checked([&](egito_error **e) { return function(&entry, e); });
        return entry;
    }
    template <typename Function> static record json(Function function) { return record(*detail::text(function)); }

    std::shared_ptr<egito_outbox> handle_;
};

} // namespace egito

#endif /* EGITO_OUTBOX_HPP */

/** egito/bulk.hpp: bulks. Included by egito.hpp. */

#ifndef EGITO_BULK_HPP
#define EGITO_BULK_HPP

#include "list.hpp"
#include "upsert.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

/** Progress of a bulk. */
struct progress {
    std::uint64_t done;   /**< number of finished calls, in any order */
    std::uint64_t failed; /**< number of finished calls that failed */
};

/** Options of a bulk. A number alone is the concurrency. */
struct bulk_options {
    bulk_options(std::size_t calls = 8) : concurrency(calls) {} // implicit on purpose: create_many(records, 4)

    /** Maximum number of calls in flight. */
    std::size_t concurrency;
    /**
     * Maximum duration of an outage. While the server does not respond, the bulk pauses and probes it. After this time it gives
     * up: every further input gets a row with a connection_error and the outcome `not_sent`. Zero: it never pauses.
     */
    std::chrono::duration<double> outage_timeout = std::chrono::seconds(300);
    /** Stops the bulk after this number of failed rows. The remaining inputs get rows with a cancelled_error. */
    std::optional<std::uint64_t> max_failures;
    /** Time that calls in flight get to finish after `cancel` or `rest`. */
    std::chrono::duration<double> cancel_grace = std::chrono::seconds(5);
    /**
     * Path of a file that keeps what was done. The same bulk with the same journal, also after a crash, continues where it stopped: rows
     * that were done are returned from the journal.
     */
    std::optional<std::string> journal;
};

/** The result of one input of a bulk. */
template <typename Input> class row {
public:
    /** Takes ownership of a handle, which must not be null. */
    row(egito_row *handle, Input input) : handle_(handle, egito_row_free), input_(std::move(input)) {}

    /** Returns the position of the input, from 0. */
    std::uint64_t index() const noexcept { return egito_row_index(handle_.get()); }
    /** Returns the input. */
    const Input &input() const noexcept { return input_; }
    /**
     * Returns the id of the record that was created, read, changed, deleted or found, as JSON; the oldest one if several records have the
     * key.
     */
    std::optional<std::string> id() const { return text(egito_row_id_json(handle_.get())); }
    /** Returns the record that was read. For a plan, returns what would be written: the whole record, or the fields that differ. */
    std::optional<egito::record> record() const {
        const egito_record *read = egito_row_record(handle_.get());
        if (read == nullptr) return std::nullopt;
        return egito::record(std::shared_ptr<const egito_record>(handle_, read)); // keeps the row alive
    }
    /** Returns what an upsert did, or would do according to a plan. */
    std::optional<egito::change> change() const {
        const egito_change change = egito_row_change(handle_.get());
        return change == EGITO_CHANGE_NONE ? std::nullopt : std::optional(static_cast<egito::change>(change));
    }
    /** For a plan, returns its entity and key, such as `Account(nip)`: it is only applied to these. */
    std::optional<std::string> planned_for() const { return text(egito_row_planned_for(handle_.get())); }
    /** Returns the names of the fields that an upsert updated, or would update. */
    std::vector<std::string> fields() const {
        return detail::texts(handle_.get(), egito_row_field_count, egito_row_field);
    }
    /** Returns the ids of all records with the key if there are several, the oldest first. */
    std::vector<std::string> duplicates() const {
        return detail::texts(handle_.get(), egito_row_duplicate_count, egito_row_duplicate_id_json);
    }
    /** Returns whether the call was made by an earlier run, whose journal has this result. */
    bool resumed() const noexcept { return egito_row_is_resumed(handle_.get()); }
    /** Returns whether the call succeeded. */
    bool ok() const noexcept { return egito_row_error(handle_.get()) == nullptr; }
    /** Returns why the call failed. */
    std::optional<egito::error> error() const {
        return ok() ? std::nullopt : std::optional<egito::error>(egito::error(failure()));
    }
    /** Throws the error of the call, if it failed. */
    void check() const {
        if (!ok()) detail::raise(failure());
    }

private:
    static std::optional<std::string> text(const char *text) {
        return text == nullptr ? std::nullopt : std::optional<std::string>(text);
    }
    /** Shares the ownership of the row. */
    std::shared_ptr<const egito_error> failure() const { return {handle_, egito_row_error(handle_.get())}; }

    std::shared_ptr<const egito_row> handle_;
    Input input_;
};

/**
 * A row of a plan that can be stored as JSON, and be passed to entity::apply_upsert later:
 *
 *     std::ofstream("plan.jsonl") << egito::planned_row(row).json() << '\n';
 */
class planned_row {
public:
    /** Keeps what entity::apply_upsert needs of a row. */
    template <typename Input>
    explicit planned_row(const row<Input> &row) : id_(row.id()), record_(row.record()), planned_for_(row.planned_for()) {
        if (const std::optional<egito::change> change = row.change()) change_ = to_string(*change);
    }
    /** Reads a row that was stored. Throws config_error if it is not a JSON object, or a member has another type. */
    explicit planned_row(const json_argument &json) {
        const egito::record plan(json.c_str());
        if (plan.has("id")) id_ = plan.get_json("id");
        change_ = plan.get_string("change");
        record_ = plan.get_record("record");
        planned_for_ = plan.get_string("planned_for");
    }

    /** Returns the row as a JSON object with `id`, `change`, `record` and `planned_for`. */
    std::string json() const {
        object plan;
        id_ ? plan.set_json("id", *id_) : plan.set("id", nullptr);
        return plan.set("change", change_).set("record", record_).set("planned_for", planned_for_).json();
    }
    /** Returns the id of the record that would be updated. */
    const std::optional<std::string> &id() const noexcept { return id_; }
    /** Returns the name of the change, such as "updated"; std::nullopt for a row with an error, which is not applied. */
    const std::optional<std::string> &change() const noexcept { return change_; }
    /** Returns what would be written. */
    const std::optional<egito::record> &record() const noexcept { return record_; }
    /** Returns the entity and key of the plan, such as `Account(nip)`: it is only applied to these. */
    const std::optional<std::string> &planned_for() const noexcept { return planned_for_; }

private:
    std::optional<std::string> id_;
    std::optional<std::string> change_;
    std::optional<egito::record> record_;
    std::optional<std::string> planned_for_;
};

/**
 * The rows of a bulk, in the order of its inputs, as they become known. Can be read once, by one thread at a time.
 *
 * Reads inputs from their range while there is room for more calls, on the thread that reads the rows. Exceptions of the range pass
 * through. A thread of the library drives the calls in flight. Destroying the bulk aborts them.
 */
template <typename Inputs> class bulk {
    using begin_type = decltype(std::begin(std::declval<Inputs &>()));
    using end_type = decltype(std::end(std::declval<Inputs &>()));

public:
    using input_type = std::decay_t<decltype(*std::declval<begin_type &>())>;
    using row_type = row<input_type>;
    using iterator = detail::iterator<bulk, row_type>;
    /** Passes one input to egito_bulk_push. */
    using pusher = void (*)(egito_bulk *, const input_type &);

    /** Takes ownership of a handle. An lvalue range is kept by reference and must outlive the bulk. */
    bulk(egito_bulk *handle, Inputs &&inputs, pusher push)
        : inputs_(std::make_unique<source>(std::forward<Inputs>(inputs))), push_(push), handle_(handle) {}

    /**
     * Waits for the next row; returns std::nullopt after the last one. Throws cancelled_error after the last row if the bulk or its
     * client was cancelled and inputs were left.
     */
    std::optional<row_type> next() {
        return next([](const egito::progress &) {});
    }
    /** Waits for the next row like `next()`, and calls `on_progress` after each call that finishes meanwhile. */
    template <typename Callback> std::optional<row_type> next(Callback &&on_progress) {
        egito_row *row = nullptr;
        bool room = false, progressed = false;
        do {
            const bool more = !no_more_inputs_ && inputs_->more();
            detail::checked([&](egito_error **e) {
                return egito_bulk_step_or_progress(handle_.get(), more, &row, &room, &progressed, e);
            });
            if (room) push_next();
            if (progressed) on_progress(progress());
        } while (room || progressed);
        if (row == nullptr) {
            is_finished_ = true;
            return std::nullopt;
        }
        std::optional<row_type> next(std::in_place, row, std::move(unread_.front()));
        unread_.pop_front();
        return next;
    }
    /** Waits for the first row. Throws std::logic_error after the last row: another loop would look like a bulk without inputs. */
    iterator begin() {
        if (is_finished_) throw std::logic_error("the rows of this bulk were read already; start a new bulk");
        return iterator(this);
    }
    iterator end() noexcept { return iterator(); }

    /**
     * Returns all rows, once the last one is known. Throws cancelled_error if the bulk or its client was cancelled and inputs were left.
     * After an exception, `rest` returns the rows.
     */
    std::vector<row_type> to_vector() {
        return to_vector([](const egito::progress &) {});
    }
    /**
     * Returns all rows like `to_vector()`, and calls `on_progress` after each call that finishes, also while its row waits for a
     * slower one.
     */
    template <typename Callback> std::vector<row_type> to_vector(Callback on_progress) {
        egito_bulk_keep_all_rows(handle_.get());
        std::vector<row_type> rows = std::exchange(unreturned_, {});
        try {
            while (std::optional<row_type> row = next(on_progress))
                rows.push_back(std::move(*row));
        } catch (...) {
            unreturned_ = std::move(rows);
            throw;
        }
        return rows;
    }
    /** Returns the progress. Thread-safe. */
    egito::progress progress() const noexcept {
        return {egito_bulk_done(handle_.get()), egito_bulk_failed(handle_.get())};
    }
    /**
     * Cancels the bulk and returns the rows that were not returned yet, after the calls in flight have ended: every input that was
     * read has a row.
     */
    std::vector<row_type> rest() {
        cancel();
        no_more_inputs_ = true;
        std::vector<row_type> rows = std::exchange(unreturned_, {});
        while (std::optional<row_type> row = next())
            rows.push_back(std::move(*row));
        return rows;
    }
    /**
     * Cancels the bulk: no further input is read, and calls in flight get `cancel_grace` to finish. Calls that are still in flight
     * then become rows with a cancelled_error, or with an outcome_unknown_error if a create was sent. A second cancel ends them at
     * once. Thread-safe.
     */
    void cancel() const noexcept { egito_bulk_cancel(handle_.get()); }

private:
    /** Has a stable address when the bulk is moved, since iterators point into it. */
    struct source {
        explicit source(Inputs &&range)
            : inputs(std::forward<Inputs>(range)), next(std::begin(inputs)), last(std::end(inputs)) {}

        bool more() const { return next != last; }
        input_type take() {
            input_type input = *next;
            ++next;
            return input;
        }

        Inputs inputs;
        begin_type next;
        end_type last;
    };
    void push_next() {
        unread_.emplace_back(inputs_->take());
        try {
            push_(handle_.get(), unread_.back());
        } catch (...) {
            unread_.pop_back(); // the library did not accept it: each row keeps its own input
            throw;
        }
    }
    struct deleter {
        void operator()(egito_bulk *handle) const noexcept { egito_bulk_free(handle); }
    };

    std::unique_ptr<source> inputs_;
    pusher push_;
    /** Set by `rest`: no further input is read. */
    bool no_more_inputs_ = false;
    /** Whether the last row was returned. */
    bool is_finished_ = false;
    /** Rows that `to_vector` had read before it threw. */
    std::vector<row_type> unreturned_;
    /** Inputs without a row yet. */
    std::deque<input_type> unread_;
    std::unique_ptr<egito_bulk, deleter> handle_;
};

namespace detail {

/** Passes an input, built by `id` and `json`. An input that cannot be written as JSON becomes a failed row. */
template <typename Id, typename Json> void push(egito_bulk *bulk, Id id, Json json) {
    std::optional<decltype(id())> id_text;
    std::optional<decltype(json())> json_text;
    try {
        id_text.emplace(id());
        json_text.emplace(json());
    } catch (...) { // the library refuses the missing value, and makes it a failed row
    }
    checked([&](egito_error **e) {
        return egito_bulk_push(bulk, id_text ? id_text->or_null() : nullptr, json_text ? json_text->or_null() : nullptr, e);
    });
}

inline text_argument nothing() { return {}; }

template <typename Input> void push_record(egito_bulk *bulk, const Input &record) {
    push(bulk, nothing, [&] { return json_argument(record); });
}
template <typename Input> void push_id(egito_bulk *bulk, const Input &id) {
    push(bulk, [&] { return record_id(id); }, nothing);
}
template <typename Row> void push_planned(egito_bulk *bulk, const Row &row) {
    const planned_row planned(row);
    const auto text = [](const std::optional<std::string> &value) { return value ? value->c_str() : nullptr; };
    const char *record = planned.record() ? planned.record()->json().data() : nullptr;
    checked([&](egito_error **e) {
        return egito_bulk_push_planned(bulk, text(planned.id()), text(planned.change()), record, text(planned.planned_for()), e);
    });
}
template <typename Input> void push_change(egito_bulk *bulk, const Input &change) {
    push(bulk, [&] { return record_id(change.first); }, [&] { return json_argument(change.second); });
}

} // namespace detail

} // namespace egito

#endif /* EGITO_BULK_HPP */

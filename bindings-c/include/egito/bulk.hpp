/** egito/bulk.hpp: many inputs, one call each, some at a time. Included by egito.hpp. */

#ifndef EGITO_BULK_HPP
#define EGITO_BULK_HPP

#include "list.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

/** How far a bulk has come. */
struct progress {
    std::uint64_t done;   /**< calls that have finished, in whatever order */
    std::uint64_t failed; /**< those of them that failed */
};

/** The options of one bulk. A number alone is the concurrency. */
struct bulk_options {
    bulk_options(std::size_t calls = 8) : concurrency(calls) {} // implicit on purpose: create_many(records, 4)

    /** The maximum number of calls in flight. */
    std::size_t concurrency;
    /**
     * While the server gives no response, the bulk pauses and probes it; after this time it gives up, and every further input has
     * a row with a connection_error and the outcome `not_sent`. Zero: it never pauses.
     */
    std::chrono::duration<double> outage_timeout = std::chrono::seconds(300);
    /** Once so many rows have failed, nothing more is sent; the other inputs have rows with a cancelled_error. */
    std::optional<std::uint64_t> max_failures;
    /** How long calls in flight may go on after `cancel` or `rest`. */
    std::chrono::duration<double> cancel_grace = std::chrono::seconds(5);
};

/** One input's line in the report of a bulk. */
template <typename Input> class row {
public:
    /** Takes over a handle, which must not be null. */
    row(egito_row *handle, Input input) : handle_(handle, egito_row_free), input_(std::move(input)) {}

    /** Which input it is, from 0. */
    std::uint64_t index() const noexcept { return egito_row_index(handle_.get()); }
    /** The input itself. */
    const Input &input() const noexcept { return input_; }
    /** Id of the record that was created, read, changed or deleted, as JSON. */
    std::optional<std::string> id() const { return text(egito_row_id_json(handle_.get())); }
    /** The record that was read. */
    std::optional<egito::record> record() const {
        const egito_record *of = egito_row_record(handle_.get());
        if (of == nullptr) return std::nullopt;
        return egito::record(std::shared_ptr<const egito_record>(handle_, of));
    }
    /** Whether the call succeeded. */
    bool ok() const noexcept { return egito_row_error(handle_.get()) == nullptr; }
    /** Why it failed. */
    std::optional<egito::error> error() const {
        return ok() ? std::nullopt : std::optional<egito::error>(egito::error(failure()));
    }
    /** Throws the exception of its error, where it failed. */
    void check() const {
        if (!ok()) detail::raise(failure());
    }

private:
    static std::optional<std::string> text(const char *text) {
        return text == nullptr ? std::nullopt : std::optional<std::string>(text);
    }
    /** The error is the row's, and keeps it. */
    std::shared_ptr<const egito_error> failure() const { return {handle_, egito_row_error(handle_.get())}; }

    std::shared_ptr<const egito_row> handle_;
    Input input_;
};

/**
 * The rows of a bulk, in the order of its inputs, as they become known. To be read once, by one thread at a time.
 *
 * Takes inputs from their range as there is room for them, on the thread that reads; what the range throws passes through. Calls
 * in flight run on their own, on a thread of the bulk. Destroying the bulk ends them.
 */
template <typename Inputs> class bulk {
    using begin_type = decltype(std::begin(std::declval<Inputs &>()));
    using end_type = decltype(std::end(std::declval<Inputs &>()));

public:
    using input_type = std::decay_t<decltype(*std::declval<begin_type &>())>;
    using row_type = row<input_type>;
    using iterator = detail::iterator<bulk, row_type>;
    /** Hands one input over to a bulk of egito.h. */
    using pusher = void (*)(egito_bulk *, const input_type &);

    /** Takes over a handle. An lvalue range is kept by reference and must outlive the bulk. */
    bulk(egito_bulk *handle, Inputs &&inputs, pusher push)
        : inputs_(std::make_unique<source>(std::forward<Inputs>(inputs))), push_(push), handle_(handle) {}

    /**
     * The next row; nothing after the last. Throws cancelled_error after the last row if the bulk or its client was cancelled and inputs
     * were left.
     */
    std::optional<row_type> next() {
        return next([](const egito::progress &) {});
    }
    /** The same; the function is called after each call that finishes meanwhile. */
    template <typename Watch> std::optional<row_type> next(Watch &&watch) {
        egito_row *row = nullptr;
        bool room = false, progressed = false;
        do {
            const bool more = !is_ended_ && inputs_->more();
            detail::checked([&](egito_error **e) {
                return egito_bulk_step_or_progress(handle_.get(), more, &row, &room, &progressed, e);
            });
            if (room) push_next();
            if (progressed) watch(progress());
        } while (room || progressed);
        if (row == nullptr) return std::nullopt;
        std::optional<row_type> next(std::in_place, row, std::move(unread_.front()));
        unread_.pop_front();
        return next;
    }
    /** Waits for the first row. */
    iterator begin() { return iterator(this); }
    iterator end() noexcept { return iterator(); }

    /** All rows, once the last is known. If it is cancelled, those of the inputs that were taken; throws cancelled_error if none was. */
    std::vector<row_type> to_vector() {
        return to_vector([](const egito::progress &) {});
    }
    /** The same; the function is called after each call that finishes, also while its row waits for a slower one. */
    template <typename Watch> std::vector<row_type> to_vector(Watch watch) {
        egito_bulk_keep_all_rows(handle_.get());
        std::vector<row_type> rows;
        try {
            while (std::optional<row_type> row = next(watch))
                rows.push_back(std::move(*row));
        } catch (const cancelled_error &) {
            if (rows.empty()) throw;
        }
        return rows;
    }
    /** How far it has come. Any thread. */
    egito::progress progress() const noexcept {
        return {egito_bulk_done(handle_.get()), egito_bulk_failed(handle_.get())};
    }
    /**
     * Cancels the bulk and gives the rows that were not read yet, once the calls in flight have ended: each input that was taken
     * has a row.
     */
    std::vector<row_type> rest() {
        cancel();
        is_ended_ = true;
        std::vector<row_type> rows;
        while (std::optional<row_type> row = next())
            rows.push_back(std::move(*row));
        return rows;
    }
    /**
     * Ends the bulk: no further input is taken, and calls in flight have a moment to finish (`cancel_grace`). What is still in
     * flight then ends as a row with a cancelled_error, or an outcome_unknown_error where a create was sent; a second cancel
     * ends it at once. Any thread.
     */
    void cancel() const noexcept { egito_bulk_cancel(handle_.get()); }

private:
    /** Stays where it is when the bulk is moved, since iterators point into it. */
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
            unread_.pop_back(); // the library has not taken it: each row stays with its own input
            throw;
        }
    }
    struct deleter {
        void operator()(egito_bulk *handle) const noexcept { egito_bulk_free(handle); }
    };

    std::unique_ptr<source> inputs_;
    pusher push_;
    /** The program takes the rows that are left, and hands over no more inputs. */
    bool is_ended_ = false;
    /** Inputs that have no row yet. */
    std::deque<input_type> unread_;
    std::unique_ptr<egito_bulk, deleter> handle_;
};

namespace detail {

/** Hands an input over, made of what `id` and `json` give for it. One that cannot be written as JSON becomes a row as well. */
template <typename Id, typename Json> void push(egito_bulk *bulk, Id id, Json json) {
    std::optional<decltype(id())> id_text;
    std::optional<decltype(json())> json_text;
    try {
        id_text.emplace(id());
        json_text.emplace(json());
    } catch (...) { // what is not given, is refused in its row
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
template <typename Input> void push_change(egito_bulk *bulk, const Input &change) {
    push(bulk, [&] { return record_id(change.first); }, [&] { return json_argument(change.second); });
}

} // namespace detail

} // namespace egito

#endif /* EGITO_BULK_HPP */

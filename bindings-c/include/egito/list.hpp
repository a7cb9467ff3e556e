/** egito/list.hpp: lists. Included by egito.hpp. */

#ifndef EGITO_LIST_HPP
#define EGITO_LIST_HPP

#include "record.hpp"
#include "response.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

namespace detail {

/** An input iterator over the values of `next()` of a source. Pointer: a raw pointer, or a shared one that keeps the source alive. */
template <typename Source, typename Value, typename Pointer = Source *> class iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = const Value *;
    using reference = const Value &;

    iterator() = default;
    explicit iterator(Pointer source) : source_(std::move(source)), value_(source_->next()) {}

    reference operator*() const noexcept { return *value_; }
    pointer operator->() const noexcept { return &*value_; }
    iterator &operator++() {
        (void)(*this)++;
        return *this;
    }
    /** Result of `i++`, which holds the previous value. */
    class postfix_result {
    public:
        explicit postfix_result(Value value) : value_(std::move(value)) {}
        reference operator*() const noexcept { return value_; }

    private:
        Value value_;
    };
    postfix_result operator++(int) {
        std::optional<Value> next = source_->next();
        postfix_result previous(std::move(*value_));
        value_.reset(); // not every type can be assigned
        if (next) value_.emplace(std::move(*next));
        return previous;
    }
    /** Iterators at the end are equal, and so are those with the same source before the end. */
    friend bool operator==(const iterator &a, const iterator &b) noexcept {
        return a.value_.has_value() == b.value_.has_value() && (!a.value_ || a.source_ == b.source_);
    }
    friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

private:
    Pointer source_ = nullptr;
    std::optional<Value> value_;
};

/** Reads a list once, record by record. */
class cursor {
public:
    explicit cursor(egito_cursor *handle) : handle_(handle, egito_cursor_free) {}

    std::optional<record> next() {
        egito_record *next = nullptr;
        checked([&](egito_error **e) { return egito_cursor_next_record(handle_.get(), &next, e); });
        is_at_end_ = next == nullptr;
        return next == nullptr ? std::nullopt : std::optional<record>(record(next));
    }
    std::optional<std::string> next_page() {
        auto next = text([&](char **page, egito_error **e) { return egito_cursor_next_page(handle_.get(), page, e); });
        is_at_end_ = !next;
        return next;
    }
    /** Refuses a loop after the end, which would look like an empty list. */
    void refuse_second_reading() const {
        if (is_at_end_) throw std::logic_error("this list was read to its end already; request a new list");
    }
    egito_cursor *handle() const noexcept { return handle_.get(); }

private:
    bool is_at_end_ = false;
    std::unique_ptr<egito_cursor, void (*)(egito_cursor *)> handle_;
};

/** Reads a list once, page by page. */
class page_cursor {
public:
    explicit page_cursor(std::shared_ptr<cursor> cursor) : cursor_(std::move(cursor)) {}

    std::optional<std::string> next() {
        return cursor_->next_page();
    }
    void refuse_second_reading() const { cursor_->refuse_second_reading(); }

private:
    std::shared_ptr<cursor> cursor_;
};

/** Reads a list once, page by page, with the response of each page. */
class response_cursor {
public:
    response_cursor(std::shared_ptr<egito_client> client, std::shared_ptr<cursor> cursor)
        : client_(std::move(client)), pages_(std::move(cursor)) {}

    std::optional<response<std::string>> next() {
        auto page = pages_.next();
        if (!page) return std::nullopt;
        return response_of(client_.get(), std::move(*page));
    }
    void refuse_second_reading() const { pages_.refuse_second_reading(); }

private:
    std::shared_ptr<egito_client> client_;
    page_cursor pages_;
};

} // namespace detail

/** Options of a list: `list_options().filter("city", "Kraków").sort("name").limit(100)`. */
class list_options {
public:
    /** Selects records whose field has this value, or one of a range of values. Accepts the values of object::set. */
    template <typename Value> list_options &filter(const text_argument &field, const Value &value) & {
        filters_.set(field, value);
        options_.set("filters", filters_);
        return *this;
    }
    /** Sorts by this field. */
    list_options &sort(const text_argument &field) & { return set("sort", field.c_str()); }
    /** Reverses the order. */
    list_options &descending() & { return set("order", "desc"); }
    /** Sets the maximum number of records. */
    list_options &limit(std::uint64_t records) & { return set("limit", records); }
    /** Skips this number of records of the server's list. */
    list_options &start(std::uint64_t records) & { return set("start", records); }
    /** Sets the number of records per request, instead of the setting `page_size`. */
    list_options &page_size(std::uint64_t records) & { return set("page_size", records); }

    template <typename Value> list_options &&filter(const text_argument &field, const Value &value) && {
        return std::move(filter(field, value));
    }
    list_options &&sort(const text_argument &field) && { return std::move(sort(field)); }
    list_options &&descending() && { return std::move(descending()); }
    list_options &&limit(std::uint64_t records) && { return std::move(limit(records)); }
    list_options &&start(std::uint64_t records) && { return std::move(start(records)); }
    list_options &&page_size(std::uint64_t records) && { return std::move(page_size(records)); }

    /** Returns the options as JSON text. Converts to json_argument. */
    std::string dump() const { return options_.json(); }

private:
    template <typename Value> list_options &set(const char *name, const Value &value) {
        options_.set(name, value);
        return *this;
    }

    object filters_, options_;
};

/**
 * Options of a list of changes: `changes_options().since(mark).lag(std::chrono::hours(1))`. The options can be a mark alone, or
 * std::nullopt for all records.
 */
class changes_options {
public:
    changes_options() = default;
    template <typename Text, std::enable_if_t<detail::is_text<Text>, int> = 0> changes_options(const Text &mark) { // NOLINT
        since(mark);
    }
    changes_options(const std::optional<std::string> &mark) { // NOLINT: implicit on purpose
        if (mark) since(*mark);
    }

    /** Continues after the list with this mark, see record_list::mark. */
    changes_options &since(const text_argument &mark) & { return set("since", mark.c_str()); }
    /** Recognizes changes by this field, instead of `lastUpdated`. */
    changes_options &by(const text_argument &field) & { return set("by", field.c_str()); }
    /** Sets for how long the server may commit a change after its time. Default: 300 seconds. */
    changes_options &lag(std::chrono::duration<double> lag) & { return set("lag", lag.count()); }
    /** Selects records as list_options::filter does. */
    template <typename Value> changes_options &filter(const text_argument &field, const Value &value) & {
        filters_.set(field, value);
        options_.set("filters", filters_);
        return *this;
    }
    /** Sets the number of records per request, instead of the setting `page_size`. */
    changes_options &page_size(std::uint64_t records) & {
        options_.set("page_size", records);
        return *this;
    }

    changes_options &&since(const text_argument &mark) && { return std::move(since(mark)); }
    changes_options &&by(const text_argument &field) && { return std::move(by(field)); }
    changes_options &&lag(std::chrono::duration<double> lag) && { return std::move(this->lag(lag)); }
    template <typename Value> changes_options &&filter(const text_argument &field, const Value &value) && {
        return std::move(filter(field, value));
    }
    changes_options &&page_size(std::uint64_t records) && { return std::move(page_size(records)); }

    /** Returns the options of egito_list as JSON text. Converts to json_argument. */
    std::string dump() const { return object(options_).set("changes", changes_).json(); }

private:
    template <typename Value> changes_options &set(const char *name, const Value &value) {
        changes_.set(name, value);
        return *this;
    }

    object filters_, options_, changes_;
};

/** The pages of a list, each a JSON array of records. */
class page_list {
public:
    using iterator = detail::iterator<detail::page_cursor, std::string, std::shared_ptr<detail::page_cursor>>;

    /** Returns the next page; std::nullopt at the end of a complete list. */
    std::optional<std::string> next() { return pages_->next(); }
    /** Requests the next page. Throws std::logic_error if the list was read to its end. */
    iterator begin() {
        pages_->refuse_second_reading();
        return iterator(pages_);
    }
    iterator end() noexcept { return iterator(); }

private:
    friend class record_list;
    explicit page_list(std::shared_ptr<detail::cursor> cursor)
        : pages_(std::make_shared<detail::page_cursor>(std::move(cursor))) {}

    std::shared_ptr<detail::page_cursor> pages_;
};

/** The pages of a list with their responses; `value` of each is a JSON array of records. */
class response_page_list {
public:
    using iterator = detail::iterator<detail::response_cursor, response<std::string>, std::shared_ptr<detail::response_cursor>>;

    /** Returns the next page; std::nullopt at the end of a complete list. */
    std::optional<response<std::string>> next() { return pages_->next(); }
    /** Requests the next page. Throws std::logic_error if the list was read to its end. */
    iterator begin() {
        pages_->refuse_second_reading();
        return iterator(pages_);
    }
    iterator end() noexcept { return iterator(); }

private:
    friend class record_list_with_response;
    explicit response_page_list(std::shared_ptr<detail::response_cursor> pages) : pages_(std::move(pages)) {}

    std::shared_ptr<detail::response_cursor> pages_;
};

/** A list whose pages have their responses, see record_list::with_response. */
class record_list_with_response {
public:
    /** Returns the pages, from the first one. */
    response_page_list pages() const {
        const auto client = detail::with_response(client_.get());
        const auto cursor = std::make_shared<detail::cursor>(open_(client.get()));
        return response_page_list(std::make_shared<detail::response_cursor>(client, cursor));
    }

private:
    friend class record_list;
    using opener = std::function<egito_cursor *(const egito_client *)>;
    record_list_with_response(std::shared_ptr<egito_client> client, opener open)
        : client_(std::move(client)), open_(std::move(open)) {}

    std::shared_ptr<egito_client> client_;
    opener open_;
};

/**
 * A lazy list of records, requested page by page as it is read. Each range-for reads it from the beginning; `next` continues. Not
 * thread-safe: one thread at a time.
 */
class record_list {
public:
    using iterator = detail::iterator<detail::cursor, record, std::shared_ptr<detail::cursor>>;
    /** Returns a new cursor, which the list owns. */
    using opener = std::function<egito_cursor *(const egito_client *)>;

    record_list(std::shared_ptr<egito_client> client, opener open)
        : client_(std::move(client)), open_(std::move(open)), cursor_(new_cursor()) {}
    record_list(record_list &&) noexcept = default;
    record_list &operator=(record_list &&) noexcept = default;

    /** Returns the next record; std::nullopt at the end of a complete list. Throws pagination_error if the rest cannot be read. */
    std::optional<record> next() {
        has_begun_ = true;
        return cursor_->next();
    }
    /** Requests the first page. */
    iterator begin() {
        if (has_begun_) cursor_ = new_cursor();
        has_begun_ = true;
        return iterator(cursor_);
    }
    iterator end() noexcept { return iterator(); }

    /**
     * Returns the first record of the list; std::nullopt if it is empty. Requests one record, or three with `start`. Does not move
     * `next`.
     */
    std::optional<record> first() const {
        egito_record *first = nullptr;
        detail::checked([&](egito_error **e) { return egito_cursor_first_record(cursor_->handle(), &first, e); });
        return first == nullptr ? std::nullopt : std::optional<record>(record(first));
    }
    /** Returns whether the list has any record. Requests one record, or three with `start`. */
    bool exists() const {
        bool exists = false;
        detail::checked([&](egito_error **e) { return egito_cursor_exists(cursor_->handle(), &exists, e); });
        return exists;
    }
    /**
     * Returns the server's own number of records that match the filters; std::nullopt if it reports none. Sends one small request.
     */
    std::optional<std::uint64_t> total() const {
        std::int64_t total = -1;
        detail::checked([&](egito_error **e) { return egito_cursor_total(cursor_->handle(), &total, e); });
        return total < 0 ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(total));
    }
    /**
     * Counts the records of the list, with its filters, `start` and `limit`. Sends one small request if the server reports a total.
     * Otherwise reads the whole list, in constant memory.
     */
    std::uint64_t count() const {
        std::uint64_t count = 0;
        detail::checked([&](egito_error **e) { return egito_cursor_count(cursor_->handle(), &count, e); });
        return count;
    }

    /**
     * Returns the mark of a list of changes, for changes_options::since of the next one. Store it only after all records were processed.
     * Throws config_error before the list was read to its end, and for a list of another kind.
     */
    std::string mark() const {
        return *detail::text([&](char **mark, egito_error **e) { return egito_cursor_mark(cursor_->handle(), mark, e); });
    }

    /** Returns the same list by pages, from the position of `next`. */
    page_list pages() {
        has_begun_ = true;
        return page_list(cursor_);
    }
    /** Returns the same list for pages with HTTP status and headers, see egito::response. */
    record_list_with_response with_response() const { return {client_, open_}; }
    /** Reads all records into memory. */
    std::vector<record> to_vector() { return {begin(), end()}; }

private:
    std::shared_ptr<detail::cursor> new_cursor() const { return std::make_shared<detail::cursor>(open_(client_.get())); }

    std::shared_ptr<egito_client> client_;
    opener open_;
    std::shared_ptr<detail::cursor> cursor_;
    /** Whether the current cursor was read: the next range-for then needs a new one. */
    bool has_begun_ = false;
};

} // namespace egito

#endif /* EGITO_LIST_HPP */

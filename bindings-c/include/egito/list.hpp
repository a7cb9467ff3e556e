/** egito/list.hpp: lists, record by record or page by page. Included by egito.hpp. */

#ifndef EGITO_LIST_HPP
#define EGITO_LIST_HPP

#include "record.hpp"
#include "response.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace egito {

namespace detail {

/** An iterator over what `next()` of its source gives until there is nothing. Pointer: whether it keeps the source. */
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
    /** What `*i++` reads: the value before. */
    class before {
    public:
        explicit before(Value value) : value_(std::move(value)) {}
        reference operator*() const noexcept { return value_; }

    private:
        Value value_;
    };
    before operator++(int) {
        std::optional<Value> next = source_->next();
        before now(std::move(*value_));
        value_.reset(); // not every value can be assigned
        if (next) value_.emplace(std::move(*next));
        return now;
    }
    /** Iterators at their end are equal, and so are those that read the same and have not ended. */
    friend bool operator==(const iterator &a, const iterator &b) noexcept {
        return a.value_.has_value() == b.value_.has_value() && (!a.value_ || a.source_ == b.source_);
    }
    friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

private:
    Pointer source_ = nullptr;
    std::optional<Value> value_;
};

/** One reading of a list, from its beginning to its end. */
class cursor {
public:
    explicit cursor(egito_cursor *handle) : handle_(handle, egito_cursor_free) {}

    std::optional<record> next() {
        egito_record *next = nullptr;
        checked([&](egito_error **e) { return egito_cursor_next_record(handle_.get(), &next, e); });
        return next == nullptr ? std::nullopt : std::optional<record>(record(next));
    }
    egito_cursor *handle() const noexcept { return handle_.get(); }

private:
    std::unique_ptr<egito_cursor, void (*)(egito_cursor *)> handle_;
};

/** The same, by pages. */
class page_cursor {
public:
    explicit page_cursor(std::shared_ptr<cursor> cursor) : cursor_(std::move(cursor)) {}

    std::optional<std::string> next() {
        return text([&](char **page, egito_error **e) { return egito_cursor_next_page(cursor_->handle(), page, e); });
    }

private:
    std::shared_ptr<cursor> cursor_;
};

/** The same, with the response of each page. */
class response_cursor {
public:
    response_cursor(std::shared_ptr<egito_client> client, std::shared_ptr<cursor> cursor)
        : client_(std::move(client)), pages_(std::move(cursor)) {}

    std::optional<response<std::string>> next() {
        auto page = pages_.next();
        if (!page) return std::nullopt;
        return response_of(client_.get(), std::move(*page));
    }

private:
    std::shared_ptr<egito_client> client_;
    page_cursor pages_;
};

} // namespace detail

/** What a list is asked for, as JSON for egito_list: `list_options().filter("city", "Kraków").sort("name").limit(100)`. */
class list_options {
public:
    /** Only records whose field has this value, or one of a range of values. It takes what object::set takes. */
    template <typename Value> list_options &filter(const text_argument &field, const Value &value) & {
        filters_.set(field, value);
        options_.set("filters", filters_);
        return *this;
    }
    /** Sorts by this field. */
    list_options &sort(const text_argument &field) & { return set("sort", field.c_str()); }
    /** Turns the order round. */
    list_options &descending() & { return set("order", "desc"); }
    /** Ends the list after so many records. */
    list_options &limit(std::uint64_t records) & { return set("limit", records); }
    /** Begins behind so many rows of the server's list. */
    list_options &start(std::uint64_t rows) & { return set("start", rows); }
    /** Asks for so many records in one request, instead of the setting `page_size`. */
    list_options &page_size(std::uint64_t records) & { return set("page_size", records); }

    template <typename Value> list_options &&filter(const text_argument &field, const Value &value) && {
        return std::move(filter(field, value));
    }
    list_options &&sort(const text_argument &field) && { return std::move(sort(field)); }
    list_options &&descending() && { return std::move(descending()); }
    list_options &&limit(std::uint64_t records) && { return std::move(limit(records)); }
    list_options &&start(std::uint64_t rows) && { return std::move(start(rows)); }
    list_options &&page_size(std::uint64_t records) && { return std::move(page_size(records)); }

    /** The options as JSON text; so a json_argument is made of it. */
    std::string dump() const { return options_.json(); }

private:
    template <typename Value> list_options &set(const char *name, const Value &value) {
        options_.set(name, value);
        return *this;
    }

    object filters_, options_;
};

/** The pages of a list, each a JSON array of records. */
class page_list {
public:
    using iterator = detail::iterator<detail::page_cursor, std::string, std::shared_ptr<detail::page_cursor>>;

    /** The next page; nothing at the end of a complete list. */
    std::optional<std::string> next() { return pages_->next(); }
    /** Asks for the next page. */
    iterator begin() { return iterator(pages_); }
    iterator end() noexcept { return iterator(); }

private:
    friend class record_list;
    explicit page_list(std::shared_ptr<detail::cursor> cursor)
        : pages_(std::make_shared<detail::page_cursor>(std::move(cursor))) {}

    std::shared_ptr<detail::page_cursor> pages_;
};

/** The pages of a list with their responses: the `value` of each is a JSON array of records. */
class response_page_list {
public:
    using iterator = detail::iterator<detail::response_cursor, response<std::string>, std::shared_ptr<detail::response_cursor>>;

    /** The next page; nothing at the end of a complete list. */
    std::optional<response<std::string>> next() { return pages_->next(); }
    /** Asks for the next page. */
    iterator begin() { return iterator(pages_); }
    iterator end() noexcept { return iterator(); }

private:
    friend class record_list_with_response;
    explicit response_page_list(std::shared_ptr<detail::response_cursor> pages) : pages_(std::move(pages)) {}

    std::shared_ptr<detail::response_cursor> pages_;
};

/** A list whose pages come with their responses, see record_list::with_response. */
class record_list_with_response {
public:
    /** The pages, from the first one. */
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
 * The records of a list, asked for page by page as they are read. Each range-for reads it from its beginning; `next` goes on with one
 * reading. To be used by one thread at a time.
 */
class record_list {
public:
    using iterator = detail::iterator<detail::cursor, record, std::shared_ptr<detail::cursor>>;
    /** Begins to read: gives a cursor that the list frees. */
    using opener = std::function<egito_cursor *(const egito_client *)>;

    record_list(std::shared_ptr<egito_client> client, opener open)
        : client_(std::move(client)), open_(std::move(open)), cursor_(opened()) {}
    record_list(record_list &&) noexcept = default;
    record_list &operator=(record_list &&) noexcept = default;

    /** The next record; nothing at the end of a complete list. Throws pagination_error where the rest cannot be reached. */
    std::optional<record> next() {
        is_read_ = true;
        return cursor_->next();
    }
    /** Asks for the first page. */
    iterator begin() {
        if (is_read_) cursor_ = opened();
        is_read_ = true;
        return iterator(cursor_);
    }
    iterator end() noexcept { return iterator(); }

    /**
     * The first record of the list; nothing where it has none. Asks for one record, with `start` for three, wherever this list has
     * been read to.
     */
    std::optional<record> first() const {
        egito_record *first = nullptr;
        detail::checked([&](egito_error **e) { return egito_cursor_first_record(cursor_->handle(), &first, e); });
        return first == nullptr ? std::nullopt : std::optional<record>(record(first));
    }
    /** Whether the list has any record. Asks for one record, with `start` for three. */
    bool exists() const {
        bool exists = false;
        detail::checked([&](egito_error **e) { return egito_cursor_exists(cursor_->handle(), &exists, e); });
        return exists;
    }
    /** How many records the server says that match the filters; nothing where it does not say. One small request. */
    std::optional<std::uint64_t> total() const {
        std::int64_t total = -1;
        detail::checked([&](egito_error **e) { return egito_cursor_total(cursor_->handle(), &total, e); });
        return total < 0 ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(total));
    }
    /**
     * The number of records in the list, with its filters, `start` and `limit`. One small request where the server tells a total;
     * otherwise the whole list is read, in constant memory.
     */
    std::uint64_t count() const {
        std::uint64_t count = 0;
        detail::checked([&](egito_error **e) { return egito_cursor_count(cursor_->handle(), &count, e); });
        return count;
    }

    /** The same list by pages, from where `next` is. */
    page_list pages() {
        is_read_ = true;
        return page_list(cursor_);
    }
    /** The same list for pages that come with their HTTP status and headers, see egito::response. */
    record_list_with_response with_response() const { return {client_, open_}; }
    /** All records at once, in memory. */
    std::vector<record> to_vector() { return {begin(), end()}; }

private:
    std::shared_ptr<detail::cursor> opened() const { return std::make_shared<detail::cursor>(open_(client_.get())); }

    std::shared_ptr<egito_client> client_;
    opener open_;
    std::shared_ptr<detail::cursor> cursor_;
    bool is_read_ = false;
};

} // namespace egito

#endif /* EGITO_LIST_HPP */

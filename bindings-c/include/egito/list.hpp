/** egito/list.hpp: lists, record by record or page by page. Included by egito.hpp. */

#ifndef EGITO_LIST_HPP
#define EGITO_LIST_HPP

#include "record.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace egito {

namespace detail {

/** An iterator over what `Source::next()` gives until there is nothing. */
template <typename Source, typename Value> class iterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = const Value *;
    using reference = const Value &;

    iterator() = default;
    explicit iterator(Source *source) : source_(source), value_(source->next()) {}

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
    Source *source_ = nullptr;
    std::optional<Value> value_;
};

} // namespace detail

/** The pages of a list, each a JSON array of records. To be read once. */
class page_list {
public:
    using iterator = detail::iterator<page_list, std::string>;

    /** The next page; nothing at the end of a complete list. */
    std::optional<std::string> next() {
        return detail::text([&](char **page, egito_error **e) { return egito_cursor_next_page(cursor_.get(), page, e); });
    }
    /** Asks for the next page. */
    iterator begin() { return iterator(this); }
    iterator end() noexcept { return iterator(); }

private:
    friend class record_list;
    explicit page_list(std::shared_ptr<egito_cursor> cursor) : cursor_(std::move(cursor)) {}

    std::shared_ptr<egito_cursor> cursor_;
};

/** The records of a list, asked for page by page as they are read. To be read once, by one thread at a time. */
class record_list {
public:
    using iterator = detail::iterator<record_list, record>;

    explicit record_list(egito_cursor *cursor) : cursor_(cursor, egito_cursor_free) {}
    record_list(record_list &&) noexcept = default;
    record_list &operator=(record_list &&) noexcept = default;

    /** The next record; nothing at the end of a complete list. Throws pagination_error where the rest cannot be reached. */
    std::optional<record> next() {
        egito_record *next = nullptr;
        detail::checked([&](egito_error **e) { return egito_cursor_next_record(cursor_.get(), &next, e); });
        return next == nullptr ? std::nullopt : std::optional<record>(record(next));
    }
    /** Asks for the first page. */
    iterator begin() { return iterator(this); }
    iterator end() noexcept { return iterator(); }

    /** The first record of the list; nothing where it has none. Asks for one record only, wherever this list has been read to. */
    std::optional<record> first() const {
        egito_record *first = nullptr;
        detail::checked([&](egito_error **e) { return egito_cursor_first_record(cursor_.get(), &first, e); });
        return first == nullptr ? std::nullopt : std::optional<record>(record(first));
    }
    /** Whether the list has any record. Asks for one record only. */
    bool exists() const {
        bool exists = false;
        detail::checked([&](egito_error **e) { return egito_cursor_exists(cursor_.get(), &exists, e); });
        return exists;
    }
    /** How many records the server says that match the filters; nothing where it does not say. One small request. */
    std::optional<std::uint64_t> total() const {
        std::int64_t total = -1;
        detail::checked([&](egito_error **e) { return egito_cursor_total(cursor_.get(), &total, e); });
        return total < 0 ? std::nullopt : std::optional<std::uint64_t>(static_cast<std::uint64_t>(total));
    }
    /**
     * The number of records in the list, with its filters, `start` and `limit`. One small request where the server tells a total;
     * otherwise the whole list is read, in constant memory.
     */
    std::uint64_t count() const {
        std::uint64_t count = 0;
        detail::checked([&](egito_error **e) { return egito_cursor_count(cursor_.get(), &count, e); });
        return count;
    }

    /** The same list by pages, from where it is. */
    page_list pages() const { return page_list(cursor_); }
    /** All records at once, in memory. */
    std::vector<record> to_vector() { return {begin(), end()}; }

private:
    std::shared_ptr<egito_cursor> cursor_;
};

} // namespace egito

#endif /* EGITO_LIST_HPP */

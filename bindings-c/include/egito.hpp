/**
 * egito.hpp: the Egito CRM from C++17, over egito.h. Header only; link with libegito.
 *
 *     egito::client client = egito::client::from_env();
 *     std::string id = client.accounts().create(R"({"name": "Acme"})");
 *     for (const egito::record &account : client.accounts().list())
 *         std::cout << account.get_string("name").value_or("") << '\n';
 *
 * The rules of egito.h hold: text is UTF-8, calls block, any number of threads may use one client at a time. Instead of
 * a status there are exceptions: every function may throw a subclass of egito::error, one for each code, and
 * std::bad_alloc. Objects free what they hold.
 */

#ifndef EGITO_HPP
#define EGITO_HPP

#include "egito.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

/** Version of the library that the program runs with, such as "0.1.0". */
inline std::string_view version() noexcept { return egito_version(); }

class record;

/** A failure. Copies share the details. */
class error : public std::runtime_error {
public:
    /** The error takes over the handle, which must not be null. */
    explicit error(egito_error *handle)
        : std::runtime_error(egito_error_message(handle)), handle_(handle, egito_error_free) {}

    /** What went wrong. Each code has a subclass of this class as well. */
    egito_status code() const noexcept { return egito_error_code(handle_.get()); }
    /** The code's name, such as "not_found". */
    std::string_view name() const noexcept { return egito_error_name(handle_.get()); }
    /** What is known about the server's state after a failed write. */
    egito_outcome outcome() const noexcept { return egito_error_outcome(handle_.get()); }
    /** HTTP status of the server's last answer, where there was one. */
    std::optional<int> http_status() const noexcept {
        const int status = egito_error_http_status(handle_.get());
        return status == 0 ? std::nullopt : std::optional<int>(status);
    }
    /** How many requests were made for the failed call. */
    std::uint32_t attempts() const noexcept { return egito_error_attempts(handle_.get()); }
    /** All details as a JSON object, see egito_error_json. It lives as long as the error. */
    std::string_view json() const noexcept { return egito_error_json(handle_.get()); }
    /** All details, to read by path: `details().get_string("errors.0.field")`. */
    record details() const;

private:
    std::shared_ptr<egito_error> handle_;
};

/** A setting or argument is missing, unknown or wrong; nothing was sent. */
class config_error : public error { using error::error; };
/** The login was refused. */
class auth_error : public error { using error::error; };
/** 403: the user or the integration lacks a right. */
class permission_error : public error { using error::error; };
/** There is no such record. */
class not_found_error : public error { using error::error; };
/** The server refused the record; the details' `errors` say which fields are wrong. */
class validation_error : public error { using error::error; };
/** 429 after the last attempt. */
class rate_limited_error : public error { using error::error; };
/** 5xx after the last attempt. */
class server_error : public error { using error::error; };
/** A redirect, HTML, broken JSON, no id, too large: not an answer of the API. */
class unexpected_response_error : public error { using error::error; };
/** No connection, or it broke. */
class connection_error : public error { using error::error; };
/** The server's certificate was refused. */
class tls_error : public error { using error::error; };
/** Too slow (never for a create that may have been done). */
class timeout_error : public error { using error::error; };
/** The answer to a create or another call was lost: it may have been done. */
class outcome_unknown_error : public error { using error::error; };
/** The list cannot be read completely. */
class pagination_error : public error { using error::error; };
/** The caller gave up. */
class cancelled_error : public error { using error::error; };
/** A bug in the library. */
class internal_error : public error { using error::error; };

/** How the rest is made. Not for use in programs. */
namespace detail {

/** Throws the class of the error's code, and takes the error over. */
[[noreturn]] inline void raise(egito_error *handle) {
    switch (egito_error_code(handle)) {
    case EGITO_ERROR_CONFIG: throw config_error(handle);
    case EGITO_ERROR_AUTH: throw auth_error(handle);
    case EGITO_ERROR_PERMISSION: throw permission_error(handle);
    case EGITO_ERROR_NOT_FOUND: throw not_found_error(handle);
    case EGITO_ERROR_VALIDATION: throw validation_error(handle);
    case EGITO_ERROR_RATE_LIMITED: throw rate_limited_error(handle);
    case EGITO_ERROR_SERVER: throw server_error(handle);
    case EGITO_ERROR_UNEXPECTED_RESPONSE: throw unexpected_response_error(handle);
    case EGITO_ERROR_CONNECTION: throw connection_error(handle);
    case EGITO_ERROR_TLS: throw tls_error(handle);
    case EGITO_ERROR_TIMEOUT: throw timeout_error(handle);
    case EGITO_ERROR_OUTCOME_UNKNOWN: throw outcome_unknown_error(handle);
    case EGITO_ERROR_PAGINATION: throw pagination_error(handle);
    case EGITO_ERROR_CANCELLED: throw cancelled_error(handle);
    case EGITO_ERROR_INTERNAL: throw internal_error(handle);
    case EGITO_OK: break;
    }
    throw error(handle); // a code of a later version
}

/** Calls a function of egito.h, which is given the place for its error. */
template <typename Function> void checked(Function function) {
    egito_error *failure = nullptr;
    if (function(&failure) != EGITO_OK) raise(failure);
}

/** Calls a function of egito.h that hands out text. */
template <typename Function> std::optional<std::string> text(Function function) {
    char *out = nullptr;
    checked([&](egito_error **error) { return function(&out, error); });
    const std::unique_ptr<char, void (*)(char *)> owned(out, egito_string_free);
    return out == nullptr ? std::nullopt : std::optional<std::string>(out);
}

/** A text for C. A NUL inside would silently end it there; as a byte that no UTF-8 has, the library refuses it. */
class argument {
public:
    explicit argument(std::string_view text) : text_(text) {
        for (char &byte : text_)
            if (byte == '\0') byte = '\xff';
    }
    const char *c_str() const noexcept { return text_.c_str(); }
    /** NULL for an empty text: the argument was not given. */
    const char *or_null() const noexcept { return text_.empty() ? nullptr : text_.c_str(); }

private:
    std::string text_;
};

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
        value_ = source_->next();
        return *this;
    }
    void operator++(int) { ++*this; }
    /** Every iterator at its end is equal, and no other. */
    friend bool operator==(const iterator &a, const iterator &b) noexcept { return !a.value_ && !b.value_; }
    friend bool operator!=(const iterator &a, const iterator &b) noexcept { return !(a == b); }

private:
    Source *source_ = nullptr;
    std::optional<Value> value_;
};

} // namespace detail

/** A text as JSON, with its quotes: for records that are put together by hand. */
inline std::string json_string(std::string_view text) {
    const detail::argument argument(text);
    return *detail::text([&](char **json, egito_error **e) { return egito_json_string(argument.c_str(), json, e); });
}

/** One JSON object to read from. It never changes; copies share it. */
class record {
public:
    /** Throws config_error where the text is no JSON object. */
    explicit record(std::string_view json) : json_(std::make_shared<const std::string>(json)) {
        const detail::argument argument(json);
        egito_record *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_record_new(argument.c_str(), &handle, e); });
        handle_.reset(handle, egito_record_free);
    }

    /** Its JSON text, as the server wrote it. */
    const std::string &json() const noexcept { return *json_; }
    /** The record's id as JSON, to be passed on as it is. */
    std::optional<std::string> id() const { return get_json("id"); }
    /** Whether there is a value at this path (names and places in lists, separated by dots), and it is not null. */
    bool has(std::string_view path) const { return egito_record_has(handle_.get(), detail::argument(path).c_str()); }

    /** A text; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<std::string> get_string(std::string_view path) const { return read(egito_record_get_string, path); }
    /** An integer; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<std::int64_t> get_int64(std::string_view path) const { return read(egito_record_get_int64, path); }
    /** A number; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<double> get_double(std::string_view path) const { return read(egito_record_get_double, path); }
    /** A boolean; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<bool> get_bool(std::string_view path) const { return read(egito_record_get_bool, path); }
    /** Any value as the JSON text that stands in the record; nothing where there is none. */
    std::optional<std::string> get_json(std::string_view path) const { return read(egito_record_get_json, path); }

private:
    template <typename T> using getter = egito_status (*)(const egito_record *, const char *, T *, egito_error **);

    std::optional<std::string> read(getter<char *> get, std::string_view path) const {
        const detail::argument argument(path);
        return detail::text(
            [&](char **value, egito_error **e) { return get(handle_.get(), argument.c_str(), value, e); });
    }
    template <typename T> std::optional<T> read(getter<T> get, std::string_view path) const {
        if (!has(path)) return std::nullopt;
        const detail::argument argument(path);
        T value{};
        detail::checked([&](egito_error **e) { return get(handle_.get(), argument.c_str(), &value, e); });
        return value;
    }

    std::shared_ptr<const std::string> json_;
    std::shared_ptr<egito_record> handle_;
};

inline record error::details() const { return record(json()); }

/** The key of a record: an integer, JSON text such as `17` or `"A-17"`, or any other text for an id of text. */
class record_id {
public:
    template <typename Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
    record_id(Integer number) : text_(std::to_string(number)) {}
    record_id(std::string_view text) : text_(text) {}
    record_id(const std::string &text) : text_(text) {}
    record_id(const char *text) : text_(text) {}

    /** The id as egito.h takes it. */
    const char *c_str() const noexcept { return text_.c_str(); }

private:
    detail::argument text_;
};

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
        const std::optional<std::string> json = detail::text(
            [&](char **out, egito_error **e) { return egito_cursor_next(cursor_.get(), out, e); });
        return json ? std::optional<record>(record(*json)) : std::nullopt;
    }
    /** Asks for the first page. */
    iterator begin() { return iterator(this); }
    iterator end() noexcept { return iterator(); }

    /** The same list by pages, from where it is. */
    page_list pages() const { return page_list(cursor_); }
    /** All records at once, in memory. */
    std::vector<record> to_vector() { return {begin(), end()}; }

private:
    std::shared_ptr<egito_cursor> cursor_;
};

/** One kind of thing in the CRM, such as Account. It keeps its client's connections. */
class entity {
public:
    /** Saves a new record, a JSON object, and gives its id. */
    std::string create(std::string_view record_json) const {
        const detail::argument json(record_json);
        return *detail::text([&](char **id, egito_error **e) {
            return egito_create(client_.get(), name_.c_str(), json.c_str(), id, e);
        });
    }
    /** Reads one record. Throws not_found_error where there is none. */
    record get(const record_id &id) const {
        return record(*detail::text([&](char **json, egito_error **e) {
            return egito_get(client_.get(), name_.c_str(), id.c_str(), json, e);
        }));
    }
    /** Changes the fields in a JSON object, and gives the record's id. */
    std::string update(const record_id &id, std::string_view fields_json) const {
        const detail::argument json(fields_json);
        return *detail::text([&](char **out, egito_error **e) {
            return egito_update(client_.get(), name_.c_str(), id.c_str(), json.c_str(), out, e);
        });
    }
    /** Deletes a record (`delete` is a word of C++), and gives its id. */
    std::string remove(const record_id &id) const {
        return *detail::text([&](char **out, egito_error **e) {
            return egito_delete(client_.get(), name_.c_str(), id.c_str(), out, e);
        });
    }
    /** The entity's records. The options are JSON as in egito_list; nothing is sent before the list is read. */
    record_list list(std::string_view options_json = {}) const {
        const detail::argument options(options_json);
        egito_cursor *cursor = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_list(client_.get(), name_.c_str(), options.or_null(), &cursor, e);
        });
        return record_list(cursor);
    }
    /** Any other action, see egito_call. Gives the answer, whatever JSON it is. */
    std::string call(std::string_view action, std::string_view params_json = {}, std::string_view method = {}) const {
        const detail::argument what(action), params(params_json), how(method);
        return *detail::text([&](char **answer, egito_error **e) {
            return egito_call(client_.get(), name_.c_str(), what.c_str(), params.or_null(), how.or_null(), answer, e);
        });
    }

private:
    friend class client;
    entity(std::shared_ptr<egito_client> client, std::string_view name) : client_(std::move(client)), name_(name) {}

    std::shared_ptr<egito_client> client_;
    detail::argument name_;
};

/** The connection to one customer's Egito. Any number of threads may use one client at a time. */
class client {
public:
    /** From settings: one JSON object as in egito_client_new. Nothing is sent yet. Throws config_error. */
    explicit client(std::string_view settings_json) : client(egito_client_new, detail::argument(settings_json).c_str()) {}
    /** From the environment, see egito_client_from_env; the settings given here go first. */
    static client from_env(std::string_view settings_json = {}) {
        return client(egito_client_from_env, detail::argument(settings_json).or_null());
    }
    client(client &&) noexcept = default;
    client &operator=(client &&) noexcept = default;

    egito::entity accounts() const { return entity("Account"); }
    egito::entity contacts() const { return entity("Contact"); }
    egito::entity opportunities() const { return entity("Opportunity"); }
    egito::entity leads() const { return entity("Lead"); }
    /** Any entity by its name. A wrong name is a config_error of its first call. */
    egito::entity entity(std::string_view name) const { return {handle_, name}; }
    /** The entries of a dictionary such as "industry", as records. */
    record_list dictionary(std::string_view type, std::string_view options_json = {}) const {
        const detail::argument kind(type), options(options_json);
        egito_cursor *cursor = nullptr;
        detail::checked([&](egito_error **e) {
            return egito_dictionary(handle_.get(), kind.c_str(), options.or_null(), &cursor, e);
        });
        return record_list(cursor);
    }
    /** Later calls throw config_error, those under way go on. Any thread. */
    void close() const noexcept { egito_client_close(handle_.get()); }
    /** The handle for functions of egito.h; it stays the client's. */
    const egito_client *handle() const noexcept { return handle_.get(); }

private:
    using constructor = egito_status (*)(const char *, egito_client **, egito_error **);
    client(constructor make, const char *settings_json) {
        egito_client *handle = nullptr;
        detail::checked([&](egito_error **e) { return make(settings_json, &handle, e); });
        handle_.reset(handle, egito_client_free);
    }

    std::shared_ptr<egito_client> handle_;
};

} // namespace egito

#endif /* EGITO_HPP */

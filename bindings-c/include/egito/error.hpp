/** egito/error.hpp: failures as exceptions, and how functions of egito.h are called. Included by egito.hpp. */

#ifndef EGITO_ERROR_HPP
#define EGITO_ERROR_HPP

#include "../egito.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace egito {

class record;

/** A failure. Copies share the details. */
class error : public std::runtime_error {
public:
    /** From a handle, which must not be null. */
    explicit error(std::shared_ptr<const egito_error> handle)
        : std::runtime_error(egito_error_message(handle.get())), handle_(std::move(handle)) {}

    /** What went wrong. Each code has a subclass of this class as well. */
    egito_status code() const noexcept { return egito_error_code(handle_.get()); }
    /** The code's name, such as "not_found". */
    std::string_view name() const noexcept { return egito_error_name(handle_.get()); }
    /** What is known about the server's state after a failed write. */
    egito_outcome outcome() const noexcept { return egito_error_outcome(handle_.get()); }
    /** Whether the same call may be made again: that does no harm, and may succeed. See egito_error_is_retryable. */
    bool retryable() const noexcept { return egito_error_is_retryable(handle_.get()); }
    /** How long the server asks to wait, where it does. */
    std::optional<std::chrono::duration<double>> retry_after() const;
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
    std::shared_ptr<const egito_error> handle_;
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
/** A create or another call may have been done: its answer was lost, a 5xx, a redirect … */
class outcome_unknown_error : public error { using error::error; };
/** The list cannot be read completely. */
class pagination_error : public error { using error::error; };
/** The caller gave up. */
class cancelled_error : public error { using error::error; };
/** A bug in the library. */
class internal_error : public error { using error::error; };

/** How the rest is made. Not for use in programs. */
namespace detail {

/** Throws the class of the error's code. */
[[noreturn]] inline void raise(const std::shared_ptr<const egito_error> &handle) {
    switch (egito_error_code(handle.get())) {
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
    if (function(&failure) != EGITO_OK) raise({failure, egito_error_free});
}

/** Calls a function of egito.h that hands out text. */
template <typename Function> std::optional<std::string> text(Function function) {
    char *out = nullptr;
    checked([&](egito_error **error) { return function(&out, error); });
    const std::unique_ptr<char, void (*)(char *)> owned(out, egito_string_free);
    return out == nullptr ? std::nullopt : std::optional<std::string>(out);
}

/** What a NULL stands for is refused as everywhere, by a config_error. */
inline const char *not_null(const char *json) {
    if (json == nullptr)
        checked([](egito_error **e) {
            egito_record *none = nullptr;
            return egito_record_new(nullptr, &none, e);
        });
    return json;
}

template <typename Text> constexpr bool is_text = std::is_convertible_v<const Text &, std::string_view>;

} // namespace detail

/** Text that goes in: anything that a std::string_view is made of. A null pointer is refused by the function that needs the text. */
class text_argument {
public:
    /** Nothing: the argument was not given. */
    text_argument() = default;
    template <typename Text, std::enable_if_t<detail::is_text<Text>, int> = 0>
    text_argument(const Text &text) { // NOLINT: meant to be implicit
        if constexpr (!std::is_array_v<Text> && std::is_convertible_v<const Text &, const char *>)
            if (static_cast<const char *>(text) == nullptr) return;
        text_ = std::string(static_cast<std::string_view>(text));
        // A NUL inside would silently end it there; as a byte that no UTF-8 has, the library refuses it.
        for (char &byte : *text_)
            if (byte == '\0') byte = '\xff';
    }

    /** The text as egito.h takes it; NULL where there is none. */
    const char *c_str() const noexcept { return text_ ? text_->c_str() : nullptr; }
    /** NULL for an empty text as well. */
    const char *or_null() const noexcept { return text_ && !text_->empty() ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

} // namespace egito

#endif /* EGITO_ERROR_HPP */

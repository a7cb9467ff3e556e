/** egito/error.hpp: failures as exceptions, and how functions of egito.h are called. Included by egito.hpp. */

#ifndef EGITO_ERROR_HPP
#define EGITO_ERROR_HPP

#include "../egito.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
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

} // namespace detail

} // namespace egito

#endif /* EGITO_ERROR_HPP */

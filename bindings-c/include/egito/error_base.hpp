/** egito/error_base.hpp: the base class of all errors. Included by error.hpp. */

#ifndef EGITO_ERROR_BASE_HPP
#define EGITO_ERROR_BASE_HPP

#include "../egito.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace egito {

class record;

/** Base class of all errors. Copies share the details. */
class error : public std::runtime_error {
public:
    /** Shares the ownership of a handle, which must not be null. */
    explicit error(std::shared_ptr<const egito_error> handle)
        : std::runtime_error(egito_error_message(handle.get())), handle_(std::move(handle)) {}

    /** Returns the error code. Each code has its own subclass. */
    egito_status code() const noexcept { return egito_error_code(handle_.get()); }
    /** Returns the name of the code, such as "not_found". */
    std::string_view name() const noexcept { return egito_error_name(handle_.get()); }
    /** Returns the outcome of a failed write. */
    egito_outcome outcome() const noexcept { return egito_error_outcome(handle_.get()); }
    /** Returns whether a retry of the same call is safe and may succeed. See egito_error_is_retryable. */
    bool retryable() const noexcept { return egito_error_is_retryable(handle_.get()); }
    /** Returns whether the same record would be refused again. See egito_error_is_invalid_record. */
    bool invalid_record() const noexcept { return egito_error_is_invalid_record(handle_.get()); }
    /** Returns the time to wait before a retry, if the server has sent it. */
    std::optional<std::chrono::duration<double>> retry_after() const;
    /** Returns the HTTP status of the last response, if there was one. */
    std::optional<int> http_status() const noexcept {
        const int status = egito_error_http_status(handle_.get());
        return status == 0 ? std::nullopt : std::optional<int>(status);
    }
    /** Returns the number of requests of the failed call. */
    std::uint32_t attempts() const noexcept { return egito_error_attempts(handle_.get()); }
    /** Returns all details as a JSON object, see egito_error_json. It lives as long as the error. */
    std::string_view json() const noexcept { return egito_error_json(handle_.get()); }
    /** Returns all details, to read by path: `details().get_string("errors.0.field")`. */
    record details() const;

private:
    std::shared_ptr<const egito_error> handle_;
};

} // namespace egito

#endif /* EGITO_ERROR_BASE_HPP */

/** egito/error_base.hpp: the base class of all failures. Included by error.hpp. */

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

} // namespace egito

#endif /* EGITO_ERROR_BASE_HPP */

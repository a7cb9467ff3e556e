/** egito/error.hpp: exceptions, and calls of egito.h. Included by egito.hpp. */

#ifndef EGITO_ERROR_HPP
#define EGITO_ERROR_HPP

#include "error_classes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace egito {

/** Implementation details, not part of the API. */
namespace detail {

/** Calls a function of egito.h, and throws its error. */
template <typename Function> void checked(Function function) {
    egito_error *failure = nullptr;
    if (function(&failure) != EGITO_OK) raise({failure, egito_error_free});
}

/** Calls a function of egito.h that returns a string. */
template <typename Function> std::optional<std::string> text(Function function) {
    char *out = nullptr;
    checked([&](egito_error **error) { return function(&out, error); });
    const std::unique_ptr<char, void (*)(char *)> owned(out, egito_string_free);
    return out == nullptr ? std::nullopt : std::optional<std::string>(out);
}

/** Throws config_error for NULL, like functions of egito.h. */
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

/** A string argument: anything that converts to std::string_view. A null pointer is refused by the function that needs the string. */
class text_argument {
public:
    /** No value. */
    text_argument() = default;
    template <typename Text, std::enable_if_t<detail::is_text<Text>, int> = 0>
    text_argument(const Text &text) { // NOLINT: implicit on purpose
        if constexpr (!std::is_array_v<Text> && std::is_convertible_v<const Text &, const char *>)
            if (static_cast<const char *>(text) == nullptr) return;
        text_ = std::string(static_cast<std::string_view>(text));
        // A NUL would silently end the string. The library refuses 0xff, which is not UTF-8.
        for (char &byte : *text_)
            if (byte == '\0') byte = '\xff';
    }

    /** Returns the string for functions of egito.h; NULL for no value. */
    const char *c_str() const noexcept { return text_ ? text_->c_str() : nullptr; }
    /** Returns NULL for no value and for an empty string. */
    const char *or_null() const noexcept { return text_ && !text_->empty() ? text_->c_str() : nullptr; }

private:
    std::optional<std::string> text_;
};

} // namespace egito

#endif /* EGITO_ERROR_HPP */

/** egito/error.hpp: exceptions, and calls of egito.h. Included by egito.hpp. */

#ifndef EGITO_ERROR_HPP
#define EGITO_ERROR_HPP

#include "error_classes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

/** Whether a type is a string of `char8_t`, such as u8"Żubr" from C++20 on. */
#ifdef __cpp_lib_char8_t
template <typename Text> constexpr bool is_u8_text = std::is_convertible_v<const Text &, std::u8string_view>;
template <typename Text> constexpr bool is_pointer_to_text =
    std::is_convertible_v<const Text &, const char *> || std::is_convertible_v<const Text &, const char8_t *>;
#else
template <typename Text> constexpr bool is_u8_text = false;
template <typename Text> constexpr bool is_pointer_to_text = std::is_convertible_v<const Text &, const char *>;
#endif

template <typename Text>
constexpr bool is_text = std::is_convertible_v<const Text &, std::string_view> || is_u8_text<Text>;

} // namespace detail

/**
 * A string argument in UTF-8: anything that converts to std::string_view, or to std::u8string_view. A null pointer is refused by the
 * function that needs the string.
 */
class text_argument {
public:
    /** No value. */
    text_argument() = default;
    template <typename Text, std::enable_if_t<detail::is_text<Text>, int> = 0>
    text_argument(const Text &text) { // NOLINT: implicit on purpose
        if constexpr (!std::is_array_v<Text> && detail::is_pointer_to_text<Text>) {
            if (text == nullptr) return;
        }
        std::string_view bytes;
#ifdef __cpp_lib_char8_t
        if constexpr (detail::is_u8_text<Text>) {
            const std::u8string_view view = text;
            bytes = std::string_view(reinterpret_cast<const char *>(view.data()), view.size());
        } else
#endif
            bytes = static_cast<std::string_view>(text);
        // A NUL would silently end the string. The library refuses C0 80, the overlong form of NUL.
        std::string text_without_nul;
        text_without_nul.reserve(bytes.size());
        for (const char byte : bytes)
            byte == '\0' ? text_without_nul.append("\xc0\x80") : text_without_nul.append(1, byte);
        text_ = std::move(text_without_nul);
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

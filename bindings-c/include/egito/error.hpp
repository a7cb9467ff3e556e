/** egito/error.hpp: failures as exceptions, and how functions of egito.h are called. Included by egito.hpp. */

#ifndef EGITO_ERROR_HPP
#define EGITO_ERROR_HPP

#include "error_classes.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace egito {

/** How the rest is made. Not for use in programs. */
namespace detail {

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

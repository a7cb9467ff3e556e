/** egito/record.hpp: records to read from, objects to put together, ids. Included by egito.hpp. */

#ifndef EGITO_RECORD_HPP
#define EGITO_RECORD_HPP

#include "error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace egito {

class object;
class record;

namespace detail {

template <typename Json, typename = void> constexpr bool has_dump = false;
template <typename Json>
constexpr bool has_dump<Json, std::void_t<decltype(std::string_view(std::declval<const Json &>().dump()))>> = true;

template <typename Json> constexpr bool is_ours = std::is_same_v<Json, object> || std::is_same_v<Json, record>;

/** A boolean or a letter counts as no number: `get('7')` would read record 55. */
template <typename T>
constexpr bool is_integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
                            !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

} // namespace detail

/** JSON that goes in: text, an egito::object, a record, or a value of a JSON library that has `dump`, such as nlohmann::json. */
class json_argument {
public:
    /** Nothing: the argument was not given. An empty text says the same where it may be left out. */
    json_argument() = default;
    template <typename Json,
              std::enable_if_t<detail::is_ours<Json> || detail::has_dump<Json> || detail::is_text<Json>, int> = 0>
    json_argument(const Json &json) : text_(text_of(json)) {} // NOLINT: meant to be implicit

    /** The text as egito.h takes it. */
    const char *c_str() const noexcept { return text_.c_str(); }
    /** NULL where nothing was given. */
    const char *or_null() const noexcept { return text_.or_null(); }

private:
    template <typename Json> static text_argument text_of(const Json &json) {
        if constexpr (detail::is_ours<Json>) return json.json();
        else if constexpr (detail::has_dump<Json>) return json.dump();
        else return json;
    }

    text_argument text_;
};

/** A text as JSON, with its quotes: for records that are put together by hand. */
inline std::string json_string(const text_argument &text) {
    return *detail::text([&](char **json, egito_error **e) { return egito_json_string(text.c_str(), json, e); });
}

/** One JSON object to read from. It never changes; copies share it. */
class record {
public:
    /** Throws config_error where the text is no JSON object. */
    explicit record(const text_argument &json) {
        egito_record *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_record_new(json.c_str(), &handle, e); });
        handle_.reset(handle, egito_record_free);
    }
    /** Takes over a handle, which must not be null. */
    explicit record(egito_record *handle) : handle_(handle, egito_record_free) {}
    /** Shares a handle, which must not be null. */
    explicit record(std::shared_ptr<const egito_record> handle) : handle_(std::move(handle)) {}

    /** Its JSON text, as the server wrote it. It lives as long as the record. */
    std::string_view json() const { return detail::not_null(egito_record_json(handle_.get())); }
    /** The record as a type of a JSON library that has `parse`: `as<nlohmann::json>()`. */
    template <typename Json> Json as() const { return Json::parse(json()); }
    /** The record's id as JSON, to be passed on as it is. */
    std::optional<std::string> id() const { return get_json("id"); }
    /**
     * Whether there is a value at this path (names and places in lists, separated by dots), and it is not null. A dot or a
     * backslash that belongs to a name has a backslash before it.
     */
    bool has(const text_argument &path) const { return egito_record_has(handle_.get(), path.c_str()); }

    /** A text; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<std::string> get_string(const text_argument &path) const { return read(egito_record_get_string, path); }
    /** An integer; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<std::int64_t> get_int64(const text_argument &path) const { return read(egito_record_get_int64, path); }
    /** A number; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<double> get_double(const text_argument &path) const { return read(egito_record_get_double, path); }
    /** A number digit by digit, see egito_record_get_decimal; nothing where there is none, or null. */
    std::optional<std::string> get_decimal(const text_argument &path) const { return read(egito_record_get_decimal, path); }
    /** A boolean; nothing where there is none, or null. Throws config_error where the value is something else. */
    std::optional<bool> get_bool(const text_argument &path) const { return read(egito_record_get_bool, path); }
    /** Any value as the JSON text that stands in the record; nothing where there is none. */
    std::optional<std::string> get_json(const text_argument &path) const { return read(egito_record_get_json, path); }

private:
    template <typename T> using getter = egito_status (*)(const egito_record *, const char *, T *, egito_error **);

    std::optional<std::string> read(getter<char *> get, const text_argument &path) const {
        return detail::text(
            [&](char **value, egito_error **e) { return get(handle_.get(), path.c_str(), value, e); });
    }
    template <typename T> std::optional<T> read(getter<T> get, const text_argument &path) const {
        if (!egito_record_has(handle_.get(), path.c_str())) return std::nullopt;
        T value{};
        detail::checked([&](egito_error **e) { return get(handle_.get(), path.c_str(), &value, e); });
        return value;
    }

    std::shared_ptr<const egito_record> handle_;
};

/** A JSON object that is put together value by value: a record to be saved, settings, filters. A copy is an object of its own. */
class object {
public:
    object() {
        egito_object *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_object_new(&handle, e); });
        handle_.reset(handle);
    }
    object(const object &other) {
        egito_object *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_object_copy(other.handle_.get(), &handle, e); });
        handle_.reset(handle);
    }
    object(object &&) noexcept = default;
    object &operator=(object other) noexcept {
        handle_ = std::move(other.handle_);
        return *this;
    }

    /**
     * Sets a member to a text, an integer, a number, a boolean, `nullptr`, another object, a record, or a value of a JSON library.
     * Gives the object itself.
     */
    template <typename Value> object &set(const text_argument &name, const Value &value) & {
        detail::checked([&](egito_error **e) {
            egito_object *handle = handle_.get();
            if constexpr (std::is_same_v<Value, std::nullptr_t>) return egito_object_set_null(handle, name.c_str(), e);
            else if constexpr (detail::is_ours<Value> || detail::has_dump<Value>)
                return egito_object_set_json(handle, name.c_str(), json_argument(value).c_str(), e);
            else if constexpr (std::is_same_v<Value, bool>) return egito_object_set_bool(handle, name.c_str(), value, e);
            else if constexpr (std::is_floating_point_v<Value>)
                return egito_object_set_double(handle, name.c_str(), static_cast<double>(value), e);
            else if constexpr (detail::is_integer<Value>)
                // Digit by digit: an unsigned one may be too large for 64 bits with a sign.
                return egito_object_set_json(handle, name.c_str(), std::to_string(value).c_str(), e);
            else return egito_object_set_string(handle, name.c_str(), text_argument(value).c_str(), e);
        });
        return *this;
    }
    template <typename Value> object &&set(const text_argument &name, const Value &value) && {
        return std::move(set(name, value));
    }
    /** Sets a member to any JSON: a text that is JSON already, or what has a JSON form. */
    object &set_json(const text_argument &name, const json_argument &json) & {
        detail::checked([&](egito_error **e) {
            return egito_object_set_json(handle_.get(), name.c_str(), json.c_str(), e);
        });
        return *this;
    }
    object &&set_json(const text_argument &name, const json_argument &json) && { return std::move(set_json(name, json)); }
    /** The object as JSON text. Throws config_error where a value was refused. */
    std::string json() const { return detail::not_null(egito_object_json(handle_.get())); }

private:
    struct deleter {
        void operator()(egito_object *handle) const noexcept { egito_object_free(handle); }
    };
    std::unique_ptr<egito_object, deleter> handle_;
};

inline record error::details() const { return record(json()); }

/**
 * The key of a record: an integer, JSON text such as `17` or `"A-17"`, any other text for an id of text, or a number or text of a
 * JSON library. Another value of such a library is refused as a NULL is.
 */
class record_id {
public:
    template <typename Id, std::enable_if_t<detail::is_integer<Id> || detail::has_dump<Id> || detail::is_text<Id>, int> = 0>
    record_id(const Id &id) : text_(text_of(id)) {} // NOLINT: meant to be implicit

    /** The id as egito.h takes it. */
    const char *c_str() const noexcept { return text_.c_str(); }
    /** NULL for an empty text. */
    const char *or_null() const noexcept { return text_.or_null(); }

private:
    template <typename Id> static text_argument text_of(const Id &id) {
        if constexpr (detail::is_integer<Id>) return std::to_string(id);
        else if constexpr (detail::has_dump<Id>) return number_or_text(id.dump());
        else return id;
    }
    static text_argument number_or_text(const std::string &json) {
        return json.find_first_of("-0123456789\"") == 0 ? text_argument(json) : text_argument();
    }

    text_argument text_;
};

} // namespace egito

#endif /* EGITO_RECORD_HPP */

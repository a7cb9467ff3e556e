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

/** A text as JSON, with its quotes: for records that are put together by hand. */
inline std::string json_string(std::string_view text) {
    const detail::argument argument(text);
    return *detail::text([&](char **json, egito_error **e) { return egito_json_string(argument.c_str(), json, e); });
}

/** One JSON object to read from. It never changes; copies share it. */
class record {
public:
    /** Throws config_error where the text is no JSON object. */
    explicit record(std::string_view json) {
        const detail::argument argument(json);
        egito_record *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_record_new(argument.c_str(), &handle, e); });
        handle_.reset(handle, egito_record_free);
    }
    /** Takes over a handle, which must not be null. */
    explicit record(egito_record *handle) : handle_(handle, egito_record_free) {}
    /** Shares a handle, which must not be null. */
    explicit record(std::shared_ptr<const egito_record> handle) : handle_(std::move(handle)) {}

    /** Its JSON text, as the server wrote it. It lives as long as the record. */
    std::string_view json() const noexcept { return egito_record_json(handle_.get()); }
    /** The record as a type of a JSON library that has `parse`: `as<nlohmann::json>()`. */
    template <typename Json> Json as() const { return Json::parse(json()); }
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
    /** A number digit by digit, see egito_record_get_decimal; nothing where there is none, or null. */
    std::optional<std::string> get_decimal(std::string_view path) const { return read(egito_record_get_decimal, path); }
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
        const detail::argument argument(path);
        if (!egito_record_has(handle_.get(), argument.c_str())) return std::nullopt;
        T value{};
        detail::checked([&](egito_error **e) { return get(handle_.get(), argument.c_str(), &value, e); });
        return value;
    }

    std::shared_ptr<const egito_record> handle_;
};

/** A JSON object that is put together value by value: a record to be saved, settings, filters. */
class object {
public:
    object() {
        egito_object *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_object_new(&handle, e); });
        handle_.reset(handle);
    }

    /** Sets a member to a text, an integer, a number, a boolean, `nullptr`, or another object. Gives the object itself. */
    template <typename Value> object &set(std::string_view name, const Value &value) & {
        const detail::argument key(name);
        detail::checked([&](egito_error **e) {
            egito_object *handle = handle_.get();
            if constexpr (std::is_same_v<Value, std::nullptr_t>) return egito_object_set_null(handle, key.c_str(), e);
            else if constexpr (std::is_same_v<Value, bool>) return egito_object_set_bool(handle, key.c_str(), value, e);
            else if constexpr (std::is_floating_point_v<Value>)
                return egito_object_set_double(handle, key.c_str(), static_cast<double>(value), e);
            else if constexpr (std::is_integral_v<Value>)
                // Digit by digit: an unsigned one may be too large for 64 bits with a sign.
                return egito_object_set_json(handle, key.c_str(), std::to_string(value).c_str(), e);
            else if constexpr (std::is_same_v<Value, object>)
                return egito_object_set_json(handle, key.c_str(), egito_object_json(value.handle_.get()), e);
            else return egito_object_set_string(handle, key.c_str(), detail::argument(value).c_str(), e);
        });
        return *this;
    }
    template <typename Value> object &&set(std::string_view name, const Value &value) && {
        return std::move(set(name, value));
    }
    /** Sets a member to any JSON text. */
    object &set_json(std::string_view name, std::string_view json) & {
        const detail::argument key(name), value(json);
        detail::checked([&](egito_error **e) {
            return egito_object_set_json(handle_.get(), key.c_str(), value.c_str(), e);
        });
        return *this;
    }
    object &&set_json(std::string_view name, std::string_view json) && { return std::move(set_json(name, json)); }
    /** The object as JSON text. Throws config_error where a value was refused. */
    std::string json() const {
        const char *json = egito_object_json(handle_.get());
        egito_record *none = nullptr; // NULL is refused as everywhere
        if (json == nullptr) detail::checked([&](egito_error **e) { return egito_record_new(nullptr, &none, e); });
        return json;
    }

private:
    struct deleter {
        void operator()(egito_object *handle) const noexcept { egito_object_free(handle); }
    };
    std::unique_ptr<egito_object, deleter> handle_;
};

/** JSON that goes in: text, an egito::object, a record, or a value of a JSON library that has `dump`, such as nlohmann::json. */
class json_argument {
public:
    /** Nothing: the argument was not given. */
    json_argument() : text_({}) {}
    template <typename Json> json_argument(const Json &json) : text_(text_of(json)) {} // NOLINT: meant to be implicit

    /** The text as egito.h takes it. */
    const char *c_str() const noexcept { return text_.c_str(); }
    /** NULL where nothing was given. */
    const char *or_null() const noexcept { return text_.or_null(); }

private:
    template <typename Json, typename = void> struct dumps : std::false_type {};
    template <typename Json>
    struct dumps<Json, std::void_t<decltype(std::declval<const Json &>().dump())>> : std::true_type {};

    template <typename Json> static detail::argument text_of(const Json &json) {
        if constexpr (std::is_same_v<Json, object> || std::is_same_v<Json, record>) return detail::argument(json.json());
        else if constexpr (dumps<Json>::value) return detail::argument(json.dump());
        else return detail::argument(json);
    }

    detail::argument text_;
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
    /** NULL for an empty text. */
    const char *or_null() const noexcept { return text_.or_null(); }

private:
    detail::argument text_;
};

} // namespace egito

#endif /* EGITO_RECORD_HPP */

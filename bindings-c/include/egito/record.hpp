/** egito/record.hpp: records to read, objects to build, ids. Included by egito.hpp. */

#ifndef EGITO_RECORD_HPP
#define EGITO_RECORD_HPP

#include "error.hpp"

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace egito {

class object;
class record;

namespace detail {

template <typename Json, typename = void> constexpr bool has_dump = false;
template <typename Json>
constexpr bool has_dump<Json, std::void_t<decltype(std::string_view(std::declval<const Json &>().dump()))>> = true;

template <typename Json> constexpr bool is_egito_json = std::is_same_v<Json, object> || std::is_same_v<Json, record>;

/** Whether a type can be iterated over, such as a std::vector. Not if its items have the same type, as those of a path. */
template <typename Range, typename = void> constexpr bool is_range = false;
template <typename Range>
constexpr bool is_range<Range, std::void_t<decltype(std::begin(std::declval<const Range &>()), std::end(std::declval<const Range &>()))>> =
    !std::is_same_v<Range, std::decay_t<decltype(*std::begin(std::declval<const Range &>()))>>;

template <typename Value> constexpr bool is_optional = false;
template <typename Value> constexpr bool is_optional<std::optional<Value>> = true;

/** Whether a type is a date and time. */
template <typename Time> constexpr bool is_time = false;
template <typename Duration>
constexpr bool is_time<std::chrono::time_point<std::chrono::system_clock, Duration>> = true;

template <typename Value> constexpr bool is_duration = false;
template <typename Rep, typename Period> constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;

/** Booleans and characters do not count: `get('7')` would read record 55. */
template <typename T>
constexpr bool is_integer = std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> &&
#ifdef __cpp_char8_t
                            !std::is_same_v<T, char8_t> &&
#endif
                            !std::is_same_v<T, wchar_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

/** Whether a type is an enum, which is written as its number. */
template <typename T> constexpr bool is_enum = std::is_enum_v<T> && !std::is_same_v<T, std::byte>;

/** Returns the double with the shortest digits that mean this float: 0.1 for 0.1f, not 0.10000000149011612. */
inline double shortest(float value) {
    char digits[32];
    for (int precision = 6; precision < 9; precision++) {
        std::snprintf(digits, sizeof digits, "%.*g", precision, static_cast<double>(value));
        const double shortest = std::strtod(digits, nullptr);
        if (std::isfinite(value) && static_cast<float>(shortest) == value) return shortest;
    }
    std::snprintf(digits, sizeof digits, "%.9g", static_cast<double>(value));
    return std::isfinite(value) ? std::strtod(digits, nullptr) : static_cast<double>(value);
}

/** Returns the milliseconds since 1970, rounded down. A time outside of 64 bits becomes one that the library refuses. */
template <typename Duration>
std::int64_t milliseconds_since_1970(std::chrono::time_point<std::chrono::system_clock, Duration> time) {
    using std::chrono::milliseconds;
    const auto approximate = std::chrono::duration<long double, std::milli>(time.time_since_epoch()).count();
    if (!(approximate > -1e15L)) return std::numeric_limits<std::int64_t>::min();
    if (!(approximate < 1e15L)) return std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::chrono::floor<milliseconds>(time).time_since_epoch().count());
}

} // namespace detail

/** A JSON argument: a string, an egito::object, a record, or a value of a JSON library with `dump`, such as nlohmann::json. */
class json_argument {
public:
    /** No value. An empty string means the same for an optional argument. */
    json_argument() = default;
    template <typename Json,
              std::enable_if_t<detail::is_egito_json<Json> || detail::has_dump<Json> || detail::is_text<Json>, int> = 0>
    json_argument(const Json &json) : text_(text_of(json)) {} // NOLINT: implicit on purpose

    /** Returns the string for functions of egito.h. */
    const char *c_str() const noexcept { return text_.c_str(); }
    /** Returns NULL for no value. */
    const char *or_null() const noexcept { return text_.or_null(); }

private:
    template <typename Json> static text_argument text_of(const Json &json) {
        if constexpr (detail::is_egito_json<Json>) return json.json();
        else if constexpr (detail::has_dump<Json>) return json.dump();
        else return json;
    }

    text_argument text_;
};

/** Encodes a string as JSON, with quotes: for records that a program writes itself. */
inline std::string json_string(const text_argument &text) {
    return *detail::text([&](char **json, egito_error **e) { return egito_json_string(text.c_str(), json, e); });
}

/** One JSON object, to read values from. Immutable; copies share it. */
class record {
public:
    /** Parses a JSON object. Throws config_error if the string is not a JSON object. */
    explicit record(const text_argument &json) {
        egito_record *handle = nullptr;
        detail::checked([&](egito_error **e) { return egito_record_new(json.c_str(), &handle, e); });
        handle_.reset(handle, egito_record_free);
    }
    /** Takes ownership of a handle, which must not be null. */
    explicit record(egito_record *handle) : handle_(handle, egito_record_free) {}
    /** Shares a handle, which must not be null. */
    explicit record(std::shared_ptr<const egito_record> handle) : handle_(std::move(handle)) {}

    /** Returns the JSON text, as the server sent it. It lives as long as the record. */
    std::string_view json() const { return detail::not_null(egito_record_json(handle_.get())); }
    /** Converts the record to a type of a JSON library with `parse`: `as<nlohmann::json>()`. */
    template <typename Json> Json as() const { return Json::parse(json()); }
    /** Returns the id of the record as JSON, which can be passed on unchanged. */
    std::optional<std::string> id() const { return get_json("id"); }
    /**
     * Returns whether there is a value at a path, other than null. A path has field names and list indexes, separated by dots. Escape
     * a dot or a backslash in a name with a backslash.
     */
    bool has(const text_argument &path) const { return egito_record_has(handle_.get(), path.c_str()); }

    /** Reads a string; std::nullopt if it is missing or null. Throws config_error for a value of another type. */
    std::optional<std::string> get_string(const text_argument &path) const { return read(egito_record_get_string, path); }
    /** Reads an integer; std::nullopt if it is missing or null. Throws config_error for a value of another type. */
    std::optional<std::int64_t> get_int64(const text_argument &path) const { return read(egito_record_get_int64, path); }
    /** Reads a number; std::nullopt if it is missing or null. Throws config_error for a value of another type. */
    std::optional<double> get_double(const text_argument &path) const { return read(egito_record_get_double, path); }
    /** Reads the digits of a number, see egito_record_get_decimal; std::nullopt if it is missing or null. */
    std::optional<std::string> get_decimal(const text_argument &path) const { return read(egito_record_get_decimal, path); }
    /** Reads a boolean; std::nullopt if it is missing or null. Throws config_error for a value of another type. */
    std::optional<bool> get_bool(const text_argument &path) const { return read(egito_record_get_bool, path); }
    /** Reads an object inside of the record: `get_record("phones.0")`; std::nullopt if it is missing or null. */
    std::optional<record> get_record(const text_argument &path) const {
        egito_record *value = nullptr;
        detail::checked([&](egito_error **e) { return egito_record_get_record(handle_.get(), path.c_str(), &value, e); });
        return value == nullptr ? std::nullopt : std::optional<record>(record(value));
    }
    /**
     * Returns the number of items of a list, or of members of an object; 0 if it is missing or null. Without a path: of the record
     * itself. Throws config_error for a value of another type.
     */
    std::size_t size(const text_argument &path = {}) const {
        if (path.c_str() != nullptr && !has(path)) return 0;
        std::uint64_t length = 0;
        detail::checked([&](egito_error **e) { return egito_record_length(handle_.get(), path.c_str(), &length, e); });
        return static_cast<std::size_t>(length);
    }
    /** Returns the names of the members of an object, in order. Without a path: of the record itself. */
    std::vector<std::string> names(const text_argument &path = {}) const {
        std::vector<std::string> names;
        for (const auto &[name, json] : members(path)) names.push_back(name);
        return names;
    }
    /** Returns the items of a list, or the values of an object, as JSON texts in order. Empty if it is missing. */
    std::vector<std::string> items(const text_argument &path) const {
        std::vector<std::string> items;
        for (auto &[name, json] : members(path)) items.push_back(std::move(json));
        return items;
    }
    /** Reads any value as JSON text, unchanged; std::nullopt if it is missing. */
    std::optional<std::string> get_json(const text_argument &path) const { return read(egito_record_get_json, path); }

private:
    template <typename T> using getter = egito_status (*)(const egito_record *, const char *, T *, egito_error **);

    std::optional<std::string> read(getter<char *> get, const text_argument &path) const {
        return detail::text(
            [&](char **value, egito_error **e) { return get(handle_.get(), path.c_str(), value, e); });
    }
    /** Returns names and values, as the record has them. */
    std::vector<std::pair<std::string, std::string>> members(const text_argument &path) const {
        std::vector<std::pair<std::string, std::string>> members;
        const std::size_t count = size(path);
        for (std::size_t index = 0; index < count; index++) {
            char *name = nullptr;
            const std::optional<std::string> json = detail::text([&](char **out, egito_error **e) {
                return egito_record_get_item(handle_.get(), path.c_str(), index, &name, out, e);
            });
            const std::unique_ptr<char, void (*)(char *)> owned(name, egito_string_free);
            members.emplace_back(name == nullptr ? "" : name, json.value_or(""));
        }
        return members;
    }
    template <typename T> std::optional<T> read(getter<T> get, const text_argument &path) const {
        if (!egito_record_has(handle_.get(), path.c_str())) return std::nullopt;
        T value{};
        detail::checked([&](egito_error **e) { return get(handle_.get(), path.c_str(), &value, e); });
        return value;
    }

    std::shared_ptr<const egito_record> handle_;
};

/** A JSON object that is built value by value: a record to save, settings, filters. Copies are independent. */
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
     * Sets a member to a string, an integer, a number, a boolean, `nullptr`, another object, a record, or a value of a JSON library; to
     * a time_point of std::chrono::system_clock, which the server reads as UTC; to the number of an enum; to a std::optional of these,
     * null if it is empty; or to a range of these, which becomes a list. Returns the object itself.
     */
    template <typename Value> object &set(const text_argument &name, const Value &value) & {
        if constexpr (detail::is_optional<Value>) return value ? set(name, *value) : set(name, nullptr);
        else if constexpr (is_list<Value>) {
            object list; // set as a whole
            list.set_json("", "[]");
            for (const auto &item : value) list.append("", item);
            return set_json(name, *record(list.json()).get_json(""));
        } else {
            write<setter>(name, value);
            return *this;
        }
    }
    template <typename Value> object &&set(const text_argument &name, const Value &value) && {
        return std::move(set(name, value));
    }
    /** Appends a value to a list, which is created if it is missing. Accepts the values of `set`, including lists. */
    template <typename Value> object &append(const text_argument &name, const Value &value) & {
        if constexpr (detail::is_optional<Value>) return value ? append(name, *value) : append(name, nullptr);
        else if constexpr (is_list<Value>) {
            object list;
            list.set("", value);
            return append_json(name, *record(list.json()).get_json(""));
        } else {
            write<appender>(name, value);
            return *this;
        }
    }
    template <typename Value> object &&append(const text_argument &name, const Value &value) && {
        return std::move(append(name, value));
    }
    /** Sets a member to a number with exactly these digits, such as "12.50", which a double might round. */
    object &set_decimal(const text_argument &name, const text_argument &digits) & {
        detail::checked([&](egito_error **e) {
            return egito_object_set_decimal(handle_.get(), name.c_str(), digits.c_str(), e);
        });
        return *this;
    }
    object &&set_decimal(const text_argument &name, const text_argument &digits) && {
        return std::move(set_decimal(name, digits));
    }
    /** Sets a member to any JSON value: a string with JSON, or a value with a JSON form. */
    object &set_json(const text_argument &name, const json_argument &json) & {
        detail::checked([&](egito_error **e) {
            return egito_object_set_json(handle_.get(), name.c_str(), json.c_str(), e);
        });
        return *this;
    }
    object &&set_json(const text_argument &name, const json_argument &json) && { return std::move(set_json(name, json)); }
    /** Returns the object as JSON text. Throws config_error if a value was refused. */
    std::string json() const { return detail::not_null(egito_object_json(handle_.get())); }

private:
    /** Whether a range is neither a string nor a JSON value. */
    template <typename Value>
    static constexpr bool is_list = detail::is_range<Value> && !detail::is_text<Value> && !detail::has_dump<Value>;

    /** Functions of egito.h that set a member, or append to one. */
    struct setter {
        static constexpr auto null = egito_object_set_null;
        static constexpr auto json = egito_object_set_json;
        static constexpr auto boolean = egito_object_set_bool;
        static constexpr auto number = egito_object_set_double;
        static constexpr auto time = egito_object_set_time;
        static constexpr auto text = egito_object_set_string;
    };
    struct appender {
        static constexpr auto null = egito_object_append_null;
        static constexpr auto json = egito_object_append_json;
        static constexpr auto boolean = egito_object_append_bool;
        static constexpr auto number = egito_object_append_double;
        static constexpr auto time = egito_object_append_time;
        static constexpr auto text = egito_object_append_string;
    };

    template <typename Functions, typename Value> void write(const text_argument &name, const Value &value) {
        static_assert(!detail::is_duration<Value>,
                      "egito::object: a duration has no JSON form; pass its count, such as .count() of seconds");
        static_assert(detail::is_egito_json<Value> || detail::has_dump<Value> || detail::is_text<Value> || detail::is_integer<Value> ||
                          detail::is_time<Value> || detail::is_duration<Value> || detail::is_enum<Value> ||
                          std::is_floating_point_v<Value> || std::is_same_v<Value, bool> || std::is_null_pointer_v<Value>,
                      "egito::object: this type has no JSON form; pass a string, a number, a boolean, nullptr, a time_point of "
                      "std::chrono::system_clock, an enum, an egito::object, a std::optional or a range of these; of a path, pass "
                      "its .u8string(), and of bytes, a string with their text form, such as base64");
        detail::checked([&](egito_error **e) {
            egito_object *handle = handle_.get();
            if constexpr (std::is_null_pointer_v<Value>) return Functions::null(handle, name.c_str(), e);
            else if constexpr (detail::is_egito_json<Value> || detail::has_dump<Value>)
                return Functions::json(handle, name.c_str(), json_argument(value).c_str(), e);
            else if constexpr (std::is_same_v<Value, bool>) return Functions::boolean(handle, name.c_str(), value, e);
            else if constexpr (std::is_same_v<Value, float>) return Functions::number(handle, name.c_str(), detail::shortest(value), e);
            else if constexpr (std::is_floating_point_v<Value>)
                return Functions::number(handle, name.c_str(), static_cast<double>(value), e);
            else if constexpr (detail::is_time<Value>)
                return Functions::time(handle, name.c_str(), detail::milliseconds_since_1970(value), e);
            else if constexpr (detail::is_enum<Value>)
                return Functions::json(handle, name.c_str(), std::to_string(+static_cast<std::underlying_type_t<Value>>(value)).c_str(), e);
            else if constexpr (detail::is_integer<Value>)
                // As digits: an unsigned integer may be too large for int64_t.
                return Functions::json(handle, name.c_str(), std::to_string(value).c_str(), e);
            else if constexpr (detail::is_text<Value>)
                return Functions::text(handle, name.c_str(), text_argument(value).c_str(), e);
            else return EGITO_OK; // the static_assert refuses it
        });
    }
    object &append_json(const text_argument &name, const json_argument &json) {
        detail::checked([&](egito_error **e) {
            return egito_object_append_json(handle_.get(), name.c_str(), json.c_str(), e);
        });
        return *this;
    }

    struct deleter {
        void operator()(egito_object *handle) const noexcept { egito_object_free(handle); }
    };
    std::unique_ptr<egito_object, deleter> handle_;
};

inline record error::details() const { return record(json()); }

inline std::optional<std::chrono::duration<double>> error::retry_after() const {
    const std::optional<double> seconds = details().get_double("retry_after");
    return seconds ? std::optional(std::chrono::duration<double>(*seconds)) : std::nullopt;
}

/**
 * The id of a record: an integer, JSON text such as `17` or `"A-17"`, any other string as a string id, or a number or string of a
 * JSON library. Other values of such a library are refused like NULL.
 */
class record_id {
public:
    template <typename Id, std::enable_if_t<detail::is_integer<Id> || detail::has_dump<Id> || detail::is_text<Id>, int> = 0>
    record_id(const Id &id) : text_(text_of(id)) {} // NOLINT: implicit on purpose

    /** Returns the id for functions of egito.h. */
    const char *c_str() const noexcept { return text_.c_str(); }
    /** Returns NULL for an empty string. */
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

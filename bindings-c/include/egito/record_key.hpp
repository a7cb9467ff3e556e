/** egito/record_key.hpp: the fields that identify a record. Included by egito.hpp. */

#ifndef EGITO_RECORD_KEY_HPP
#define EGITO_RECORD_KEY_HPP

#include "record.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace egito {

/** How records are found by their key. */
enum class lookup {
    filter,    /**< requests a list that is filtered by the key */
    scan,      /**< reads the whole list, for a server that ignores the filter; a bulk reads it once */
    automatic, /**< begins with filters, and scans if that is cheaper or the server ignores the filter */
};

/**
 * The fields that identify a record, such as a tax number or the number of a web form. The name of one field is enough:
 * `create_once(lead, "formKey")`. Several fields, `{"account.id", "number"}`, are one key together.
 */
struct record_key {
    template <typename Text, std::enable_if_t<detail::is_text<Text>, int> = 0>
    record_key(const Text &field) : fields{field} {} // NOLINT: implicit on purpose
    record_key(std::initializer_list<text_argument> names) : fields(names) {}

    /** Names of the fields. A name can be a path, such as `account.id`. */
    std::vector<text_argument> fields;
    /** How long to look for the record after a create of unknown outcome, since a slow server may store it late. */
    std::chrono::duration<double> settle = std::chrono::seconds(10);
    /** How records are found. Default: `filter` for one record, `automatic` for a bulk. */
    std::optional<egito::lookup> lookup;
};

namespace detail {

/** Sets how records are found. */
inline void set_lookup(object &options, const std::optional<egito::lookup> &given) {
    if (given == lookup::filter) options.set("lookup", "filter");
    if (given == lookup::scan) options.set("lookup", "scan");
    if (given == lookup::automatic) options.set("lookup", "auto");
}

/** Sets the options of a key for egito_create_once, egito_upsert and egito_bulk_new. */
inline object &set_key(object &options, const record_key &key) {
    for (const text_argument &field : key.fields)
        options.append("key", field.c_str());
    options.set("settle", key.settle.count());
    set_lookup(options, key.lookup);
    return options;
}

/** Returns the options of a key alone. */
inline object options_of(const record_key &key) {
    object options;
    set_key(options, key);
    return options;
}

/** Returns the strings of a list of a handle. */
template <typename Handle>
std::vector<std::string> texts(const Handle *handle, std::uintptr_t (*count)(const Handle *),
                               const char *(*at)(const Handle *, std::uintptr_t)) {
    std::vector<std::string> texts;
    for (std::uintptr_t index = 0; index < count(handle); index++)
        texts.emplace_back(at(handle, index));
    return texts;
}

} // namespace detail

} // namespace egito

#endif /* EGITO_RECORD_KEY_HPP */

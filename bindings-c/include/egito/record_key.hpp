/** egito/record_key.hpp: the fields that identify a record. Included by egito.hpp. */

#ifndef EGITO_RECORD_KEY_HPP
#define EGITO_RECORD_KEY_HPP

#include "record.hpp"

#include <chrono>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

namespace egito {

/** How records are found by their key. */
enum class lookup {
    filter, /**< requests a list that is filtered by the key */
    scan,   /**< reads the whole list, for a server that ignores the filter */
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
    /** How records are found. */
    egito::lookup lookup = egito::lookup::filter;
};

namespace detail {

/** Returns the options of egito_create_once and egito_upsert. */
inline object options_of(const record_key &key) {
    object options;
    for (const text_argument &field : key.fields)
        options.append("key", field.c_str());
    options.set("settle", key.settle.count()).set("lookup", key.lookup == lookup::scan ? "scan" : "filter");
    return options;
}

} // namespace detail

} // namespace egito

#endif /* EGITO_RECORD_KEY_HPP */

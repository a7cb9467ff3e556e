/** egito/create_once.hpp: the key and the result of entity::create_once. Included by egito.hpp. */

#ifndef EGITO_CREATE_ONCE_HPP
#define EGITO_CREATE_ONCE_HPP

#include "record.hpp"

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <memory>
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

/** The result of entity::create_once. Ids are JSON, and can be passed on unchanged. */
struct found_or_created {
    std::string id;                      /**< id of the record; the oldest one if several records have the key */
    bool created;                        /**< whether this call created the record */
    std::vector<std::string> duplicates; /**< ids of all records with the key if there are several, the oldest first */
};

namespace detail {

/** Returns the options of egito_create_once. */
inline object options_of(const record_key &key) {
    object options;
    for (const text_argument &field : key.fields)
        options.append("key", field.c_str());
    options.set("settle", key.settle.count()).set("lookup", key.lookup == lookup::scan ? "scan" : "filter");
    return options;
}

/** Takes ownership of a result of egito_create_once. */
inline found_or_created take(egito_found_or_created *handle) {
    const std::unique_ptr<egito_found_or_created, void (*)(egito_found_or_created *)> owned(handle, egito_found_or_created_free);
    found_or_created found{egito_found_or_created_id_json(handle), egito_found_or_created_is_created(handle), {}};
    for (std::size_t index = 0; index < egito_found_or_created_duplicate_count(handle); index++)
        found.duplicates.emplace_back(egito_found_or_created_duplicate_id_json(handle, index));
    return found;
}

} // namespace detail

} // namespace egito

#endif /* EGITO_CREATE_ONCE_HPP */

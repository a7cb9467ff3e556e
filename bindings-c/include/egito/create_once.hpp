/** egito/create_once.hpp: the result of entity::create_once. Included by egito.hpp. */

#ifndef EGITO_CREATE_ONCE_HPP
#define EGITO_CREATE_ONCE_HPP

#include "record_key.hpp"

#include <memory>
#include <string>
#include <vector>

namespace egito {

/** The result of entity::create_once. Ids are JSON, and can be passed on unchanged. */
struct found_or_created {
    std::string id;                      /**< id of the record; the oldest one if several records have the key */
    bool created;                        /**< whether this call created the record */
    std::vector<std::string> duplicates; /**< ids of all records with the key if there are several, the oldest first */
};

namespace detail {

/** Takes ownership of a result of egito_create_once. */
inline found_or_created take(egito_found_or_created *handle) {
    const std::unique_ptr<egito_found_or_created, void (*)(egito_found_or_created *)> owned(handle, egito_found_or_created_free);
    return {egito_found_or_created_id_json(handle), egito_found_or_created_is_created(handle),
            texts<egito_found_or_created>(handle, egito_found_or_created_duplicate_count, egito_found_or_created_duplicate_id_json)};
}

} // namespace detail

} // namespace egito

#endif /* EGITO_CREATE_ONCE_HPP */

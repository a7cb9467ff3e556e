/** egito/upsert.hpp: the result of entity::upsert. Included by egito.hpp. */

#ifndef EGITO_UPSERT_HPP
#define EGITO_UPSERT_HPP

#include "record_key.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace egito {

/** How an upsert changed the stored record. */
enum class change {
    created = EGITO_CHANGE_CREATED,     /**< no record had the key, so it was created */
    updated = EGITO_CHANGE_UPDATED,     /**< one record has the key, and some of its fields were updated */
    unchanged = EGITO_CHANGE_UNCHANGED, /**< one record has the key, and all given fields have these values; nothing was written */
    ambiguous = EGITO_CHANGE_AMBIGUOUS, /**< several records have the key; nothing was written */
};

/** Returns the name of a change, such as "created". */
inline std::string_view to_string(change change) noexcept { return egito_change_name(static_cast<int>(change)); }

/** The result of entity::upsert. Ids are JSON, and can be passed on unchanged. */
struct upserted {
    std::string id;                      /**< id of the record; the oldest one if several records have the key */
    egito::change change;                /**< how the stored record changed */
    std::vector<std::string> fields;     /**< names of the updated fields */
    std::vector<std::string> duplicates; /**< ids of all records with the key if there are several, the oldest first */
};

namespace detail {

/** Takes ownership of a result of egito_upsert. */
inline upserted take(egito_upserted *handle) {
    const std::unique_ptr<egito_upserted, void (*)(egito_upserted *)> owned(handle, egito_upserted_free);
    return {egito_upserted_id_json(handle), static_cast<change>(egito_upserted_change(handle)),
            texts<egito_upserted>(handle, egito_upserted_field_count, egito_upserted_field),
            texts<egito_upserted>(handle, egito_upserted_duplicate_count, egito_upserted_duplicate_id_json)};
}

} // namespace detail

} // namespace egito

#endif /* EGITO_UPSERT_HPP */

/** egito/ids.hpp: lists of ids. Included by egito.hpp. */

#ifndef EGITO_IDS_HPP
#define EGITO_IDS_HPP

#include "record_key.hpp"

#include <memory>
#include <string>
#include <vector>

namespace egito {

namespace detail {

/** Takes ownership of a list of ids, and returns them as JSON. */
inline std::vector<std::string> take(egito_id_list *handle) {
    const std::unique_ptr<egito_id_list, void (*)(egito_id_list *)> owned(handle, egito_id_list_free);
    return texts<egito_id_list>(handle, egito_id_list_count, egito_id_list_id_json);
}

} // namespace detail

} // namespace egito

#endif /* EGITO_IDS_HPP */

/**
 * egito.hpp: C++17 API of the Egito CRM client, based on egito.h. Header-only; link with libegito.
 *
 *     egito::client client = egito::client::from_env();
 *     std::string id = client.accounts().create(egito::object().set("name", "Acme").set("employees", 12));
 *     for (const egito::record &account : client.accounts().list())
 *         std::cout << account.get_string("name").value_or("") << '\n';
 *
 * The rules of egito.h apply: strings are UTF-8, calls block, and clients are thread-safe. Errors are exceptions: every function
 * may throw a subclass of egito::error, one for each code, and std::bad_alloc. Objects own their handles. JSON arguments can be a
 * string, an egito::object, an egito::record, or a value of a JSON library with `dump` (nlohmann::json).
 */

#ifndef EGITO_HPP
#define EGITO_HPP

#include "egito/client.hpp"

#include <string_view>

namespace egito {

/** Returns the version of the library at run time, such as "0.1.0". EGITO_VERSION is the version of the headers. */
inline std::string_view version() noexcept { return egito_version(); }

} // namespace egito

#endif /* EGITO_HPP */

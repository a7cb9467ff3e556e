/**
 * egito.hpp: the Egito CRM from C++17, over egito.h. Header only; link with libegito.
 *
 *     egito::client client = egito::client::from_env();
 *     std::string id = client.accounts().create(egito::object().set("name", "Acme").set("employees", 12));
 *     for (const egito::record &account : client.accounts().list())
 *         std::cout << account.get_string("name").value_or("") << '\n';
 *
 * The rules of egito.h hold: text is UTF-8, calls block, any number of threads may use one client at a time. Instead of
 * a status there are exceptions: every function may throw a subclass of egito::error, one for each code, and
 * std::bad_alloc. Objects free what they hold. Where JSON goes in, text, an egito::object, an egito::record and values of
 * JSON libraries that have `dump` (nlohmann::json) are taken alike.
 */

#ifndef EGITO_HPP
#define EGITO_HPP

#include "egito/client.hpp"

#include <string_view>

namespace egito {

/** Version of the library that the program runs with, such as "0.1.0"; EGITO_VERSION is that of the headers. */
inline std::string_view version() noexcept { return egito_version(); }

} // namespace egito

#endif /* EGITO_HPP */

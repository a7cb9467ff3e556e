/** egito/response.hpp: HTTP responses of calls. Included by egito.hpp. */

#ifndef EGITO_RESPONSE_HPP
#define EGITO_RESPONSE_HPP

#include "error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace egito {

namespace detail {

/** Compares names of headers, ignoring case. */
struct header_name_less {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept {
        for (std::size_t i = 0; i < a.size() && i < b.size(); i++)
            if (lower(a[i]) != lower(b[i])) return lower(a[i]) < lower(b[i]);
        return a.size() < b.size();
    }

private:
    static constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
};

} // namespace detail

/** Headers of a response. The case of names is ignored; a header that was sent several times has several values. */
using headers = std::multimap<std::string, std::string, detail::header_name_less>;

/** The result of a call, or a page of a list, with its HTTP response. See entity::with_response. */
template <typename Value> struct response {
    /** Result of the call, or the records of the page. */
    Value value;
    /** HTTP status of the last response. */
    int status;
    /** Headers of the last response. Secrets are replaced by [removed], see egito_response_header. */
    egito::headers headers;
    /** Number of requests of the call. */
    std::uint32_t attempts;
    /** Number of the call, which its events have as `call`. */
    std::uint64_t call_id;
    /** Time from the start of the call to the last response, including retries and backoff. */
    std::chrono::duration<double> elapsed;

    /** Returns the first value of a header; std::nullopt if it is missing. */
    std::optional<std::string> header(std::string_view name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::nullopt : std::optional<std::string>(found->second);
    }
};

namespace detail {

/** Creates a handle for the same client that keeps responses. */
inline std::shared_ptr<egito_client> with_response(const egito_client *client) {
    egito_client *other = nullptr;
    checked([&](egito_error **e) { return egito_client_with_response(client, &other, e); });
    return {other, egito_client_free};
}

/** Returns the response of the last call of such a handle, with its result. */
template <typename Value> response<Value> response_of(const egito_client *client, Value value) {
    egito_response *last = nullptr;
    checked([&](egito_error **e) { return egito_client_response(client, &last, e); });
    const std::unique_ptr<egito_response, void (*)(egito_response *)> owned(last, egito_response_free);
    egito::headers headers;
    for (std::size_t line = 0; line < egito_response_header_count(last); line++)
        headers.emplace(egito_response_header_name(last, line), egito_response_header_value(last, line));
    return {std::move(value), egito_response_status(last), std::move(headers), egito_response_attempts(last),
            egito_response_call_id(last), std::chrono::duration<double>(egito_response_elapsed(last))};
}

} // namespace detail

} // namespace egito

#endif /* EGITO_RESPONSE_HPP */

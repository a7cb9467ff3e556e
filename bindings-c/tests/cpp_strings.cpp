/* egito.hpp: every type of string as a JSON string, in C++17 and C++20. A string of another character type must not become a list of
   numbers. */

#include "egito.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

namespace {

void fail(int line, const char *what) {
    std::fprintf(stderr, "cpp_strings.cpp:%d: failed: %s\n", line, what);
    std::exit(1);
}

template <typename Value> std::string refusal(const Value &value) {
    try {
        egito::object().set("name", value);
    } catch (const egito::config_error &error) {
        return error.what();
    }
    return "accepted";
}

} // namespace

int main() {
    const auto literal = egito::object().set("name", u8"Żubr").set(u8"miasto", u8"Łódź");
    CHECK(literal.json() == "{\"name\":\"Żubr\",\"miasto\":\"Łódź\"}");
    CHECK(refusal(std::string("a\0b", 3)) == "invalid `name`: a NUL character at byte 1");
    CHECK(refusal("a\xff") == "invalid `name`: not UTF-8 at byte 1");
#ifdef __cpp_char8_t
    egito::object object;
    object.set("string", std::u8string(u8"ż")).set("view", std::u8string_view(u8"ó")).set("empty", u8"");
    object.set("list", std::vector<std::u8string>{u8"Ł", u8"ę"}).append("list", u8"ą");
    CHECK(object.json() == "{\"string\":\"ż\",\"view\":\"ó\",\"empty\":\"\",\"list\":[\"Ł\",\"ę\",\"ą\"]}");
    CHECK(egito::record(u8"{\"name\": \"Żubr\"}").get_string(u8"name") == "Żubr");
    CHECK(egito::json_string(u8"ą") == "\"ą\"");
    CHECK(refusal(std::u8string(u8"a\0b", 3)) == "invalid `name`: a NUL character at byte 1");
    CHECK(refusal(static_cast<const char8_t *>(nullptr)) == refusal(static_cast<const char *>(nullptr)));
#endif
}

/* Writes dates in C++'s own type, reads them back and prints them. Arguments: see `test_grails_dates.py`. */

#include "egito.hpp"

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

std::time_t seconds_of(const std::string &text) {
    std::tm fields{};
    std::istringstream stream(text);
    stream >> std::get_time(&fields, "%Y-%m-%dT%H:%M:%SZ");
    if (stream.fail()) throw std::runtime_error("not a date: " + text);
    return timegm(&fields);
}

void play(const egito::entity &offers, const std::string &kind, const std::string &text) {
    egito::object offer;
    /* C++17 has no type for a day without a time. */
    if (kind == "day") offer.set("point", text);
    else offer.set("point", std::chrono::system_clock::from_time_t(std::stol(text)));
    const std::time_t read = seconds_of(offers.get(offers.create(offer)).get_string("point").value());
    std::tm local{};
    if (kind == "day") std::cout << std::put_time(localtime_r(&read, &local), "%Y-%m-%d") << '\n';
    else std::cout << read << '\n';
}

} // namespace

int main(int count, char **arguments) {
    setenv("TZ", arguments[1], 1);
    try {
        const auto client = egito::client::from_env();
        for (int number = 2; number < count; number++) {
            const std::string one = arguments[number];
            play(client.entity("Offer"), one.substr(0, one.find(':')), one.substr(one.find(':') + 1));
        }
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}

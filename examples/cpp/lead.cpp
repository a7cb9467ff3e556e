/*
 * Registers the lead of a web form exactly once: `target/lead < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

#include <egito.hpp>
#include <iostream>
#include <iterator>

int main() {
    const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    try {
        const egito::record form(input);
        egito::object lead; // a visitor must not set `owner` or `status`
        for (const auto field : {"formKey", "lastName", "phone"})
            if (form.has(field)) lead.set(field, form.get_string(field));
        const auto registered = egito::client::from_env().leads().create_once(lead, "formKey");
        std::cout << (registered.created ? "created" : "found") << " lead " << registered.id << '\n';
        return 0;
    } catch (const egito::validation_error &error) {
        for (const std::string &json : error.details().items("errors")) {
            const egito::record refused(json);
            std::cerr << refused.get_string("field").value_or("record") << ": " << refused.get_string("message").value_or("") << '\n';
        }
        return 1;
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return error.retryable() || error.outcome() == EGITO_OUTCOME_UNKNOWN ? 75 : 1; // 75: send the same form again
    }
}

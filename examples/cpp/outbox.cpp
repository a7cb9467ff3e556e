/*
 * Keeps leads in a file while the CRM is down: `target/outbox put < lead.json`, and `target/outbox deliver`.
 *
 * `put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.
 */

#include <egito.hpp>
#include <iostream>
#include <iterator>

/** Stores the lead of standard input. The same form again is the same entry. */
static int put(const egito::outbox &outbox) {
    const std::string lead{std::istreambuf_iterator<char>(std::cin), {}};
    std::cout << "stored as entry " << outbox.put("Lead", lead, "formKey") << '\n';
    return 0;
}

/** Sends what is due. Returns the exit code. */
static int deliver(const egito::outbox &outbox) {
    const egito::delivery delivery = outbox.deliver();
    const auto waiting = delivery.waiting + delivery.unclear;
    egito::entry_query query;
    query.state = egito::entry_state::refused;
    const auto refused = outbox.entries(query);
    std::cout << delivery.delivered << " delivered, " << refused.size() << " refused, " << waiting << " waiting\n";
    for (const auto &entry : refused) // a person corrects them with `edit`, or removes them with `discard`
        std::cerr << "entry " << entry.id << " was refused: " << entry.error->get_string("message").value_or("") << '\n';
    if (delivery.paused_by)
        std::cerr << "paused until " << delivery.next_attempt_at.value_or("") << ": "
                  << delivery.paused_by->get_string("message").value_or("") << '\n';
    if (!refused.empty()) return 1;
    return waiting > 0 ? 75 : 0; // 75: try again later
}

int main(int argc, char **argv) {
    const std::string command = argc == 2 ? argv[1] : "";
    if (command != "put" && command != "deliver") {
        std::cerr << "usage: outbox put|deliver\n";
        return 2;
    }
    try {
        const auto outbox = egito::client::from_env().outbox("egito-outbox.db");
        return command == "put" ? put(outbox) : deliver(outbox);
    } catch (const egito::error &error) {
        std::cerr << error.name() << ": " << error.what() << '\n';
        return 1;
    }
}

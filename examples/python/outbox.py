"""Keeps leads in a file while the CRM is down: `python outbox.py put < lead.json`, and `python outbox.py deliver`.

`put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.
"""

import json
import os
import sys

import egito


def put(outbox: egito.Outbox) -> int:
    """Stores the lead of standard input. The same form again is the same entry."""
    print("stored as entry", outbox.put("Lead", json.load(sys.stdin), key="formKey"))
    return 0


def deliver(outbox: egito.Outbox) -> int:
    """Sends what is due. Returns the exit code."""
    delivery = outbox.deliver()
    waiting = delivery.waiting + delivery.unclear
    refused = outbox.entries("refused")
    print(f"{delivery.delivered} delivered, {len(refused)} refused, {waiting} waiting")
    for entry in refused:  # a person corrects them with `edit`, or removes them with `discard`
        print(f"entry {entry.id} was refused: {entry.error}", file=sys.stderr)
    if delivery.paused_by is not None:
        print(f"paused until {delivery.next_attempt_at}: {delivery.paused_by}", file=sys.stderr)
    if refused:
        return 1
    return os.EX_TEMPFAIL if waiting else 0


def main() -> int:
    """Returns the exit code."""
    commands = {"put": put, "deliver": deliver}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        print("usage: python outbox.py put|deliver", file=sys.stderr)
        return 2
    try:
        with egito.Client.from_env() as client, client.outbox("egito-outbox.db") as outbox:
            return commands[sys.argv[1]](outbox)
    except egito.EgitoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())

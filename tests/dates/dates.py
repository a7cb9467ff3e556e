"""Writes dates in Python's own types, reads them back and prints them. Arguments: see `test_grails_dates.py`."""

from __future__ import annotations

import datetime as dt
import sys
import zoneinfo

import egito

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")


def main(zone: zoneinfo.ZoneInfo, wanted: list[str]) -> None:
    """Prints each point in time in seconds since 1970, and each day as the server's zone has it."""
    with egito.Client.from_env() as client:
        offers = client.entity("Offer")
        for kind, _, text in (one.partition(":") for one in wanted):
            value = dt.date.fromisoformat(text) if kind == "day" else dt.datetime.fromtimestamp(int(text), NEW_YORK)
            read = offers.get(offers.create({"point": value}))["point"]
            moment = dt.datetime.fromisoformat(read.replace("Z", "+00:00"))
            print(moment.astimezone(zone).date() if kind == "day" else int(moment.timestamp()))


main(zoneinfo.ZoneInfo(sys.argv[1]), sys.argv[2:])

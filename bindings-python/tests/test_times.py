"""Points in time, as the server reads them."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pandas
import pytest

import egito
from support import Sandbox

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")


def test_a_point_in_time_comes_back_as_it_was(sandbox: Sandbox) -> None:
    """The server reads any other form in its own zone."""
    moments = [
        dt.datetime(2024, 2, 29, 11, 11, 12, tzinfo=WARSAW),
        dt.datetime(2024, 2, 29, 10, 11, 12, 345_678, tzinfo=dt.timezone.utc),
        dt.datetime(2024, 7, 1, 12, 11, 12, tzinfo=WARSAW),
    ]
    with sandbox.client() as client:
        id = client.accounts.create({"name": "x", "moments": moments})
        read = client.accounts.get(id)["moments"]
    assert read == ["2024-02-29T10:11:12Z", "2024-02-29T10:11:12Z", "2024-07-01T10:11:12Z"]


def test_times_are_sent_with_three_digits_and_dates_as_they_are(sandbox: Sandbox) -> None:
    """Also where the fraction has more digits or none."""
    times = [
        dt.datetime(2026, 7, 1, 12, 30, tzinfo=WARSAW),
        dt.datetime(2026, 7, 1, 12, 30, 0, 250_999, dt.timezone.utc),
        pandas.Timestamp("2026-07-01T12:30:00.123456789+02:00"),
        dt.date(2026, 7, 1),
        dt.time(8, 0),
    ]
    with sandbox.client() as client:
        client.accounts.create({"name": "x", "times": times})
    assert sandbox.journal(action="create")[-1]["json"]["times"] == [
        "2026-07-01T10:30:00.000Z",
        "2026-07-01T12:30:00.250Z",
        "2026-07-01T10:30:00.123Z",
        "2026-07-01",
        "08:00:00",
    ]


def test_a_datetime_without_a_zone_is_refused(sandbox: Sandbox) -> None:
    """Nobody knows which point in time it is."""
    with sandbox.client() as client, pytest.raises(egito.ConfigError, match="without a time zone") as caught:
        client.accounts.create({"name": "x", "since": dt.datetime(2024, 2, 29, 10, 11, 12)})
    assert caught.value.setting == "record.since"

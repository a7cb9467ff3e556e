"""Points in time in the form that servers read correctly."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pandas
import pytest

import egito
from support import Sandbox

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")


def test_point_in_time_survives_a_round_trip(sandbox: Sandbox) -> None:
    """The server reads other forms in its own time zone."""
    moments = [
        dt.datetime(2024, 2, 29, 11, 11, 12, tzinfo=WARSAW),
        dt.datetime(2024, 2, 29, 10, 11, 12, 345_678, tzinfo=dt.timezone.utc),
        dt.datetime(2024, 7, 1, 12, 11, 12, tzinfo=WARSAW),
    ]
    with sandbox.client() as client:
        id = client.accounts.create({"name": "x", "moments": moments})
        read = client.accounts.get(id)["moments"]
    assert read == ["2024-02-29T10:11:12Z", "2024-02-29T10:11:12Z", "2024-07-01T10:11:12Z"]


def test_times_are_sent_with_milliseconds_and_dates_unchanged(sandbox: Sandbox) -> None:
    """Also with more digits in the fraction, or none."""
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


def test_datetime_without_time_zone_is_invalid(sandbox: Sandbox) -> None:
    """It is ambiguous."""
    with sandbox.client() as client, pytest.raises(egito.ConfigError, match="without a time zone") as caught:
        client.accounts.create({"name": "x", "since": dt.datetime(2024, 2, 29, 10, 11, 12)})
    assert caught.value.setting == "record.since"

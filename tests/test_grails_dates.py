"""Dates in the own types of each language keep their instant, or their day, on a real server in two time zones.

A program of each language in `tests/dates` creates a record for each of its arguments, reads it back and prints the
date. Its arguments are the server's time zone, then points in time (`point:1709201472`, in seconds since 1970) and days
(`day:2024-02-29`).
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import egito
import pytest

from judge.grails import Grails
from judge.servers import GrailsServer
from judge.table import read_table
from test_cases import ALL_REQUIRED
from test_readme import ROOT, VARIABLES

GRAILS = GrailsServer(ROOT)

if GRAILS.unavailable and not ALL_REQUIRED:
    pytest.skip(f"NOT RUN: {GRAILS.unavailable}", allow_module_level=True)

LANGUAGES = read_table(ROOT / "tests/adapters/adapters.yaml")
RUST = "target/debug/examples/dates"
JVM = "tests/adapters/jvm/run"
PROGRAMS = {
    "python": [sys.executable, "tests/dates/dates.py"],
    "node": ["node", "tests/dates/dates.mjs"],
    "php": ["php", "-d", "ffi.enable=1", "tests/dates/dates.php"],
    "c": ["target/adapters/dates-c"],
    "cpp": ["target/adapters/dates-cpp"],
    "kotlin": [JVM, "pl.egito.dates.DatesKt"],
    "java": [JVM, "pl.egito.dates.Dates"],
    "rust-chrono": [RUST, "chrono"],
    "rust-time": [RUST, "time"],
    "rust-jiff": [RUST, "jiff"],
}
SERDE = {"rust-chrono": [RUST, "chrono-serde"], "rust-jiff": [RUST, "jiff-serde"]}
"""What serde writes without a format."""

ZONES = ["Europe/Warsaw", "UTC"]

POINTS = {
    "winter": "2024-01-15T10:11:12Z",
    "summer": "2024-07-15T10:11:12Z",
    "before the hour that is left out in March": "2024-03-31T00:59:59Z",
    "after it": "2024-03-31T01:00:00Z",
    "the first hour from 2 to 3 in October": "2024-10-27T00:30:00Z",
    "after the second one": "2024-10-27T02:00:00Z",
}
SECOND_HOUR = "2024-10-27T01:30:00Z"
"""It is the second time that the clocks of Warsaw show half past two."""

DAYS = ["2024-01-15", "2024-07-15", "2024-02-29", "2024-03-31", "2024-10-27", "2024-12-31"]


@pytest.fixture(scope="module")
def server() -> Iterator[Grails]:
    """Starts one server for all languages."""
    if GRAILS.unavailable:
        pytest.fail(f"NOT RUN: {GRAILS.unavailable}")
    server = Grails(GRAILS.program)
    yield server
    server.stop()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_point_in_time_keeps_its_instant(server: Grails, language: str, zone: str) -> None:
    """Also around the changes between winter and summer time."""
    seconds = [_seconds(point) for point in POINTS.values()]
    assert _play(server, language, zone, [f"point:{each}" for each in seconds]) == [str(each) for each in seconds]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("language", PROGRAMS)
def test_a_day_stays_the_same_day(server: Grails, language: str, zone: str) -> None:
    """It comes back as midnight of the server's zone, in UTC."""
    assert _play(server, language, zone, [f"day:{day}" for day in DAYS]) == DAYS


@pytest.mark.parametrize(("zone", "shift"), [("Europe/Warsaw", 3600), ("UTC", 0)])
@pytest.mark.parametrize("language", PROGRAMS)
def test_the_second_hour_of_october_comes_back_as_the_first(
    server: Grails, language: str, zone: str, shift: int
) -> None:
    """The server stores local time without its zone, which no client can prevent. A server in UTC does not have it."""
    seconds = _seconds(SECOND_HOUR)
    assert _play(server, language, zone, [f"point:{seconds}"]) == [str(seconds - shift)]


@pytest.mark.parametrize("language", SERDE)
def test_what_serde_writes_without_a_format_is_read_as_local_time(server: Grails, language: str) -> None:
    """So the guide of Rust says how to write a point in time with three digits."""
    winter, summer = _seconds(POINTS["winter"]), _seconds(POINTS["summer"])
    wanted = [f"point:{winter}", f"point:{summer}"]
    for zone, read in [("Europe/Warsaw", [winter - 3600, summer - 7200]), ("UTC", [winter, summer])]:
        assert _play(server, language, zone, wanted, SERDE) == [str(each) for each in read]


def test_a_naive_datetime_is_never_sent(server: Grails) -> None:
    """Python cannot know its zone, and the server would take its own."""
    server.prepare({})
    with egito.Client(**server.settings) as client, pytest.raises(egito.ConfigError, match="without a time zone"):
        client.entity("Offer").create({"point": dt.datetime(2024, 7, 15, 10, 11, 12)})
    assert server.journal() == []


def _seconds(point: str) -> int:
    return int(dt.datetime.fromisoformat(point.replace("Z", "+00:00")).timestamp())


def _play(
    server: Grails, language: str, zone: str, wanted: list[str], programs: dict[str, list[str]] = PROGRAMS
) -> list[str]:
    """Runs the program of a language on a server in this zone, and returns the lines that it printed."""
    if why := LANGUAGES[language.split("-")[0]].unavailable(ROOT):
        (pytest.fail if ALL_REQUIRED else pytest.skip)(f"NOT RUN: {language}: {why}")
    server.prepare({"config": {"time_zone": zone}})
    variables = {variable: str(server.settings[name]) for variable, name in VARIABLES.items()}
    done = subprocess.run(
        [*programs[language], zone, *wanted],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()

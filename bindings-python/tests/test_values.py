"""Values of records survive a round trip; values that cannot be sent are named by their path."""

import asyncio
import datetime as dt
import enum
import math
import uuid
from collections import OrderedDict, namedtuple
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest

import egito
from support import Sandbox


class Colour(enum.Enum):
    RED = "czerwony"


class Level(enum.IntEnum):
    HIGH = 3
    SEVEN = 7


Point = namedtuple("Point", "x y")  # the test needs a namedtuple
WARSAW = dt.timezone(dt.timedelta(hours=2))

WRITTEN = [
    ('Zażółć "gęślą" \\ jaźń\n🚀', 'Zażółć "gęślą" \\ jaźń\n🚀'),
    ([True, False, None, 0, -1], [True, False, None, 0, -1]),
    ([2**63 - 1, 2**64, -(10**400)], [2**63 - 1, 2**64, -(10**400)]),
    ([0.1, -0.0, 1e300, 5.0], [0.1, -0.0, 1e300, 5.0]),
    (Decimal("0.10"), 0.1),
    (dt.datetime(2026, 7, 1, 12, 30, tzinfo=WARSAW), "2026-07-01T10:30:00Z"),
    (dt.datetime(2026, 7, 1, 12, 30, 0, 250_000, dt.timezone.utc), "2026-07-01T12:30:00Z"),
    ([dt.date(2026, 7, 1), dt.time(8, 0)], ["2026-06-30T22:00:00Z", "08:00:00"]),  # the server's midnight, in UTC
    (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ([Colour.RED, Level.HIGH], ["czerwony", 3]),
    ({"account": OrderedDict(id=5), "proxy": MappingProxyType({"a": 1})}, {"account": {"id": 5}, "proxy": {"a": 1}}),
    ([(1, 2), Point(3, 4)], [[1, 2], [3, 4]]),
    ([numpy.bool_(True), numpy.bool_(False), numpy.int64(3), numpy.float64(0.5)], [True, False, 3, 0.5]),
    ([numpy.float32(0.1), numpy.float16(1.5), numpy.longdouble(0.5), numpy.int8(-3)], [0.1, 1.5, 0.5, -3]),
    ([numpy.uint64(2**64 - 1), numpy.str_("Łódź")], [2**64 - 1, "Łódź"]),
    (numpy.datetime64("2026-07-01"), "2026-06-30T22:00:00Z"),  # a date: the server's midnight
    (pandas.Timestamp("2026-07-01 12:30:00.123456789", tz="Europe/Warsaw"), "2026-07-01T10:30:00Z"),
    (list(pandas.Series(["a", "b", "a"], dtype="category")), ["a", "b", "a"]),
    ([pyarrow.scalar(7), pyarrow.scalar(0.1, pyarrow.float32()), pyarrow.scalar(None)], [7, 0.1, None]),
    ([pyarrow.scalar("ż"), pyarrow.scalar([1, 2]), pyarrow.scalar({"a": True})], ["ż", [1, 2], {"a": True}]),
    (pyarrow.scalar(dt.datetime(2026, 7, 1, 12, tzinfo=dt.timezone.utc)), "2026-07-01T12:00:00Z"),
    (list(polars.Series([1.5, 2.5], dtype=polars.Float32)), [1.5, 2.5]),
]


@pytest.mark.parametrize(("value", "stored"), WRITTEN, ids=lambda value: type(value).__name__)
def test_values_survive_a_round_trip(client: egito.Client, value: Any, stored: Any) -> None:
    offers = client.entity("Offer")
    record = offers.get(offers.create({"value": value}))
    assert record["value"] == stored
    assert type(record["value"]) is type(stored)


LOOP: list[Any] = []
LOOP.append(LOOP)

REFUSED = [
    ({"a": [1, {"b": {1, 2}}]}, "record.a[1].b", "type set"),
    ({"a": {"price": math.nan}}, "record.a.price", "NaN"),
    ({"a": Decimal("Infinity")}, "record.a", "no Infinity"),
    ({"a": Decimal("NaN")}, "record.a", "missing value"),
    ({"a": [numpy.float32("nan")]}, "record.a[0]", "missing value"),
    ({"a": numpy.float32("inf")}, "record.a", "no Infinity"),
    ({"a": pandas.NA}, "record.a", "missing value"),
    ({"a": numpy.datetime64("NaT")}, "record.a", "missing value"),
    ({"a": numpy.datetime64("2026-07-01T12:00")}, "record.a", "no time zone"),
    ({"a": numpy.timedelta64(3, "s")}, "record.a", "no durations"),
    ({"a": dt.timedelta(seconds=3)}, "record.a", "no durations"),
    ({"a": pandas.Timedelta(seconds=3)}, "record.a", "no durations"),
    ({"a": numpy.complex64(1)}, "record.a", "type complex64"),
    ({"a": numpy.bytes_(b"x")}, "record.a", "no bytes"),
    ({"a": pyarrow.scalar(b"x")}, "record.a", "no bytes"),
    ({"a": pandas.Series([1])}, "record.a", "type Series"),
    ({"a": {1: "x"}}, "record.a", "type int"),
    ({"a": "\ud800"}, "record.a", "surrogate"),
    ({"a": 10**5000}, "record.a", "more digits"),
    ({"a": pandas.NaT}, "record.a", "missing value"),
    ({"a": numpy.array([1, 2])}, "record.a", "type ndarray"),
    ({"a": b"bytes"}, "record.a", "no bytes"),
    ({"a": bytearray(b"bytes")}, "record.a", "base64"),
    ({"a": LOOP}, "record.a[0]", "contains itself"),
    ([{"name": "x"}], "record", "got an array"),
    (None, "record", "got null"),
]


@pytest.mark.parametrize(("record", "setting", "why"), REFUSED, ids=[case[1] for case in REFUSED])
def test_error_has_the_path_of_an_invalid_value(client: egito.Client, record: Any, setting: str, why: str) -> None:
    with pytest.raises(egito.ConfigError, match=why) as caught:
        client.accounts.create(record)
    assert caught.value.setting is not None
    assert caught.value.setting.startswith(setting)
    assert caught.value.outcome == "not_sent"


def test_exception_of_a_value_is_the_cause(client: egito.Client) -> None:
    class Broken(Decimal):
        error: BaseException = ValueError("broken")

        def is_finite(self) -> bool:
            raise self.error

    with pytest.raises(egito.ConfigError, match=r"record\.price") as caught:
        client.accounts.create({"price": Broken(1)})
    assert caught.value.__cause__ is Broken.error
    Broken.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        client.accounts.create({"price": Broken(1)})


NO_IDS = [True, None, 1.5j, "", " ", [7], 3.0, Decimal(3), dt.date(2026, 7, 1), uuid.UUID(int=7), numpy.array([7])]


@pytest.mark.parametrize("id", NO_IDS, ids=str)
def test_id_must_be_an_int_or_a_string(sandbox: Sandbox, client: egito.Client, id: Any) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.get(id)
    assert caught.value.setting == "id"
    assert sandbox.journal() == []


def test_error_shows_id_none() -> None:
    client = egito.Client("firma", client_id="a", client_secret="b", username="c@firma", password="d")
    for id, got in [(None, "None"), (True, "True"), (3.0, "a value of type float"), ([7], "a value of type list")]:
        with pytest.raises(egito.ConfigError) as caught:
            client.accounts.get(id)  # type: ignore[arg-type]
        assert str(caught.value) == f"invalid `id`: expected an int or a str, got {got}"


def test_numpy_int_is_a_valid_id(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=[{"id": 7}])
    assert client.accounts.get(numpy.int64(7)) == client.accounts.get(Level.SEVEN) == {"id": 7}
    assert client.accounts.get(pyarrow.scalar(7)) == {"id": 7}


def test_dict_may_change_while_it_is_encoded(client: egito.Client) -> None:
    class Restless(enum.Enum):
        X = 1

        @property
        def value(self) -> int:
            record.clear()
            return 7

    record: dict[str, Any] = {"name": "Żubr", "a": Restless.X, "b": 2}
    id = client.accounts.create(record)
    assert client.accounts.get(id)["b"] == 2


def test_decimals_follow_the_setting(sandbox: Sandbox) -> None:
    sandbox.control("seed", {"entities": {"Offer": [{"id": 1, "price": 0.5}]}})
    expected = {"float": 0.5, "string": "0.5", "decimal": Decimal("0.5")}
    for decimals, price in expected.items():
        settings = sandbox.settings | {"decimals": decimals}
        with egito.Client(**settings) as client:
            assert (got := client.entity("Offer").get(1)["price"]) == price
        assert type(got) is type(price)
        assert asyncio.run(egito.AsyncClient(**settings).entity("Offer").get(1)) == {"id": 1, "price": price}


def test_filters_are_keywords_or_a_mapping(sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.list(filters={"page_size": "x"}, city="Kraków", since=dt.date(2026, 7, 1), sort="name").to_list()
    assert sandbox.journal(action="list")[0]["query"]["city"] == "Kraków"
    with pytest.raises(egito.ConfigError, match="both as a keyword and in `filters`"):
        client.accounts.list(filters={"city": "Gdańsk"}, city="Kraków")
    with pytest.raises(egito.ConfigError, match="filters"):
        client.accounts.list(filters=5)  # type: ignore[arg-type]
    with pytest.raises(egito.ConfigError, match="order"):
        client.accounts.list(order="up")  # type: ignore[arg-type]


def test_paths_may_be_path_objects(sandbox: Sandbox, tmp_path: Path) -> None:
    for client_class in (egito.Client, egito.AsyncClient):
        client_class(**sandbox.settings, token_store=tmp_path / "token")
    with egito.Client(**sandbox.settings, token_store=tmp_path / "token") as client:
        client.accounts.list().first()
    assert (tmp_path / "token").exists()
    with pytest.raises(egito.ConfigError, match="existing folder"):
        egito.Client(**sandbox.settings, token_store=tmp_path / "nowhere" / "token")


def test_settings_are_checked_by_the_constructor() -> None:
    with pytest.raises(egito.ConfigError, match="did you mean `timeout`") as caught:
        egito.Client("firma", timeuot=3)  # type: ignore[call-arg]
    assert caught.value.setting == "timeuot"
    with pytest.raises(egito.ConfigError) as caught:
        egito.AsyncClient("firma", client_id=object())  # type: ignore[arg-type]
    assert caught.value.setting == "client_id"

"""The rules of the matcher as a table: the expectation, and the actual value as JSON."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import pytest

from judge.jsontext import Json, read, write
from judge.match import Matcher
from judge.values import Targets, resolve

BIG = 9007199254740993

MATCHES: list[tuple[Json, str]] = [
    (1, "1"),
    (1.0, "1"),
    (0.1, "0.1"),
    (0.1, "0.1000000000000000055"),
    (BIG, "9007199254740993"),
    (12345678901234567890123, "12345678901234567890123"),
    (True, "true"),
    (None, "null"),
    ("ąęłżźć 🦊", '"\\u0105ęłżźć \\ud83e\\udd8a"'),
    ({"a": 1, "b": [1, 2]}, '{"b": [1, 2], "a": 1}'),
    ({"$contains": {"a": 1}}, '{"a": 1, "b": 2}'),
    ({"$contains": {"a": {"$contains": {"b": 1}}}}, '{"a": {"b": 1, "c": 2}}'),
    ({"$contains": "middle"}, '"in the middle of"'),
    ({"$contains": 2}, "[1, 2]"),
    ({"$lacks": "x"}, '"abc"'),
    ({"$exists": False}, "null"),
    ({"$exists": True}, "0"),
    ({"$any": True}, "null"),
    ({"$type": "integer"}, "5"),
    ({"$type": "number"}, "5.5"),
    ({"$type": "object"}, "{}"),
    ({"$regex": "^a.c$"}, '"abc"'),
    ({"$length": 2, "$contains": 1}, "[1, 2]"),
    ({"$unordered": [1, {"$type": "string"}]}, '["x", 1]'),
    ({"$each": {"$type": "integer"}}, "[1, 2]"),
    ({"$ids": "1..3"}, '[{"id": 1}, {"id": 2}, {"id": 3, "name": "x"}]'),
    ({"$ids": [3, "a"]}, '[{"id": 3}, {"id": "a"}]'),
    ({"$keys": ["b", "a"]}, '{"b": 1, "a": 2}'),
    ({"$number": "0.10"}, "0.10"),
    ({"$number": "0.10"}, '"0.10"'),
    ({"$number": "0.1234567890123456789"}, "0.1234567890123456789"),
    ({"$at_least": 1, "$at_most": 2}, "1.5"),
    ({"$one_of": [1, 2]}, "2"),
    ({"$saved": "one.id"}, "17"),
    ({"a": {"$exists": False}}, "{}"),
]

DIFFERS: list[tuple[Json, str]] = [
    (1, "2"),
    (1, "true"),
    (1, '"1"'),
    (5, "5.0"),
    (0, "false"),
    (0, "null"),
    (BIG, "9007199254740992"),
    (BIG, "9007199254740993.0"),
    (0.1, "0.2"),
    ("a", "null"),
    ({"a": 1}, '{"a": 1, "b": 2}'),
    ({"a": None}, "{}"),
    ({}, "[]"),
    ([1, 2], "[2, 1]"),
    ([1], "[1, 1]"),
    ({"$contains": {"a": {"b": 1}}}, '{"a": {"b": 1, "c": 2}}'),
    ({"$contains": "x"}, '"abc"'),
    ({"$lacks": 1}, "[1]"),
    ({"$exists": True}, "null"),
    ({"$type": "integer"}, "true"),
    ({"$type": "integer"}, "5.0"),
    ({"$regex": "^b"}, '"abc"'),
    ({"$length": 2}, "[1]"),
    ({"$length": 2, "$contains": 3}, "[1, 2]"),
    ({"$unordered": [1, 1]}, "[1, 2]"),
    ({"$each": {"$type": "integer"}}, '[1, "2"]'),
    ({"$each": {"$type": "integer"}}, "{}"),
    ({"$ids": "1..3"}, '[{"id": 1}, {"id": 2}]'),
    ({"$ids": "1..2"}, '[{"id": 2}, {"id": 1}]'),
    ({"$ids": "1..1"}, '[{"id": "1"}]'),
    ({"$keys": ["a", "b"]}, '{"b": 1, "a": 2}'),
    ({"$number": "0.10"}, "0.1"),
    ({"$number": "0.1234567890123456789"}, "0.12345678901234568"),
    ({"$at_least": 1}, "0.5"),
    ({"$at_most": 1}, '"x"'),
    ({"$one_of": [1, 2]}, "3"),
    ({"$saved": "one.id"}, "18"),
    ({"a": {"$any": True}}, "{}"),
]

MATCHER = Matcher({"one": {"id": 17}})
TARGETS = Targets(address=str, file="/tmp/{}".format)


@pytest.mark.parametrize(("expected", "actual"), MATCHES, ids=map(repr, MATCHES))
def test_matches(expected: Json, actual: str) -> None:
    assert list(MATCHER.differences(expected, read(actual), "")) == []


@pytest.mark.parametrize(("expected", "actual"), DIFFERS, ids=map(repr, DIFFERS))
def test_differs(expected: Json, actual: str) -> None:
    assert list(MATCHER.differences(expected, read(actual), "")) != []


def test_an_error_detail_that_is_absent_is_null() -> None:
    expected = {"outcome": None, "errors": [{"field": None, "message": "x"}]}
    actual = {"code": "server", "errors": [{"message": "x", "raw": "x"}]}
    assert list(MATCHER.error(expected, actual, "")) == []


def test_numbers_are_sent_with_exactly_their_digits() -> None:
    value = {
        "exact": {"$number": "0.10000000000000000001"},
        "big": BIG,
        "text": {"$copies": {"text": "ab", "times": 2}},
    }
    sent = write(resolve(value, {}, TARGETS))
    assert sent == '{"exact":0.10000000000000000001,"big":9007199254740993,"text":"abab"}'


def test_a_setting_can_be_unset() -> None:
    assert resolve({"a": {"$unset": True}, "b": 1}, {}, TARGETS) == {"b": 1}


def test_the_name_of_a_file_becomes_its_path() -> None:
    assert resolve({"token_store": {"$temp": "tokens"}}, {}, TARGETS) == {"token_store": "/tmp/tokens"}


def test_a_date_is_relative_to_now() -> None:
    date = parsedate_to_datetime(resolve({"$http_date": 100}, {}, TARGETS))
    assert 98 < date.timestamp() - time.time() <= 100


def test_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN is not JSON"):
        read("NaN")

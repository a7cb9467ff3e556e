"""Compares values with the expectations of a case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from judge.jsontext import Json, write
from judge.values import Saved, look_up


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()
"""The value of a missing key."""


@dataclass(frozen=True)
class Matcher:
    """Compares values. `saved` contains the results for `$saved`."""

    saved: Saved = field(default_factory=dict)

    def differences(self, expected: Json, actual: Json, path: str) -> Iterator[str]:
        """Yields a sentence for each difference between `expected` and `actual`."""
        if _is_operators(expected):
            for name, wanted in expected.items():
                yield from _OPERATORS[name](self, wanted, actual, path)
        elif isinstance(expected, dict) and isinstance(actual, dict):
            yield from self.contained(expected, actual, path)
            for key in actual:
                if key not in expected:
                    yield f"{path}.{key}: not expected, got {show(actual[key])}"
        elif isinstance(expected, list) and isinstance(actual, list):
            yield from self._elements(expected, actual, path)
        elif not _same(expected, actual):
            yield f"{path}: expected {show(expected)}, got {show(actual)}"

    def contained(self, expected: dict[str, Json], actual: dict[str, Json], path: str) -> Iterator[str]:
        """Yields the differences like `differences`, but `actual` may have more keys at this level."""
        for key, wanted in expected.items():
            yield from self.differences(wanted, actual.get(key, MISSING), f"{path}.{key}")

    def error(self, expected: dict[str, Json], actual: dict[str, Json], path: str) -> Iterator[str]:
        """Compares the details of an error that the case names. A missing detail is null, also in each field error."""
        for key, wanted in expected.items():
            got = actual.get(key)
            if key == "errors" and isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
                for index, (one, other) in enumerate(zip(wanted, got, strict=True)):
                    known = {name: other.get(name) for name in one} if not _is_operators(one) else other
                    yield from self.differences(one, known, f"{path}.errors[{index}]")
            else:
                yield from self.differences(wanted, got, f"{path}.{key}")

    def matches(self, expected: Json, actual: Json) -> bool:
        """Returns whether there is no difference."""
        return next(self.differences(expected, actual, ""), None) is None

    def _elements(self, expected: list[Json], actual: list[Json], path: str) -> Iterator[str]:
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} elements, got {len(actual)}: {show(actual)}"
        for index, (wanted, got) in enumerate(zip(expected, actual, strict=False)):
            yield from self.differences(wanted, got, f"{path}[{index}]")


def show(value: Json) -> str:
    """Returns a value as JSON for a message, cut if it is long."""
    text = "nothing" if value is MISSING else write(value)
    return text if len(text) <= 300 else f"{text[:300]}… ({len(text)} characters)"


def _is_operators(expected: Json) -> bool:
    return isinstance(expected, dict) and any(key.startswith("$") for key in expected)


def _same(expected: Json, actual: Json) -> bool:
    """Compares integers by value and other numbers as doubles. true does not equal 1."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int) and isinstance(actual, int):
        return expected == actual
    if isinstance(expected, float | Decimal) and isinstance(actual, int | float | Decimal):
        return float(expected) == float(actual)
    return type(expected) is type(actual) and bool(expected == actual)


def _any(_matcher: Matcher, _wanted: Json, actual: Json, path: str) -> Iterator[str]:
    if actual is MISSING:
        yield f"{path}: expected anything, got nothing"


def _exists(_matcher: Matcher, wanted: bool, actual: Json, path: str) -> Iterator[str]:
    if (actual is not MISSING and actual is not None) != wanted:
        yield f"{path}: expected {'something' if wanted else 'nothing'}, got {show(actual)}"


def _type(_matcher: Matcher, wanted: str, actual: Json, path: str) -> Iterator[str]:
    if wanted not in _types(actual):
        yield f"{path}: expected a value of the type {wanted}, got {show(actual)}"


def _types(value: Json) -> set[str]:
    if isinstance(value, bool):
        return {"boolean"}
    if isinstance(value, int):
        return {"integer", "number"}
    names: dict[type, str] = {
        Decimal: "number",
        float: "number",
        str: "string",
        dict: "object",
        list: "array",
        type(None): "null",
    }
    return {names.get(type(value), "nothing")}


def _contains(matcher: Matcher, wanted: Json, actual: Json, path: str) -> Iterator[str]:
    if isinstance(actual, dict) and isinstance(wanted, dict) and not _is_operators(wanted):
        yield from matcher.contained(wanted, actual, path)
    elif not _has(matcher, wanted, actual):
        yield f"{path}: expected something that contains {show(wanted)}, got {show(actual)}"


def _lacks(matcher: Matcher, wanted: Json, actual: Json, path: str) -> Iterator[str]:
    if actual is MISSING:
        yield f"{path}: expected something that lacks {show(wanted)}, got nothing"
    elif _has(matcher, wanted, actual):
        yield f"{path}: expected nothing that contains {show(wanted)}, got {show(actual)}"


def _has(matcher: Matcher, wanted: Json, actual: Json) -> bool:
    if isinstance(actual, str):
        return isinstance(wanted, str) and wanted in actual
    if isinstance(actual, dict):
        return isinstance(wanted, dict) and next(matcher.contained(wanted, actual, ""), None) is None
    return isinstance(actual, list) and any(matcher.matches(wanted, item) for item in actual)


def _regex(_matcher: Matcher, wanted: str, actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, str) or not re.search(wanted, actual):
        yield f"{path}: expected a string like /{wanted}/, got {show(actual)}"


def _length(_matcher: Matcher, wanted: int, actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, str | list | dict) or len(actual) != wanted:
        size = len(actual) if isinstance(actual, str | list | dict) else "none"
        yield f"{path}: expected the length {wanted}, got {size}: {show(actual)}"


def _unordered(matcher: Matcher, wanted: list[Json], actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, list) or len(actual) != len(wanted):
        yield f"{path}: expected {len(wanted)} elements in any order, got {show(actual)}"
        return
    rest = list(actual)
    for expected in wanted:
        found = next((index for index, item in enumerate(rest) if matcher.matches(expected, item)), None)
        if found is None:
            yield f"{path}: no element is {show(expected)} among {show(rest)}"
        else:
            del rest[found]


def _each(matcher: Matcher, wanted: Json, actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, list):
        yield f"{path}: expected a list, got {show(actual)}"
        return
    for index, item in enumerate(actual):
        yield from matcher.differences(wanted, item, f"{path}[{index}]")


def _ids(_matcher: Matcher, wanted: str | list[Json], actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, list) or not all(isinstance(item, dict) for item in actual):
        yield f"{path}: expected records, got {show(actual)}"
        return
    if isinstance(wanted, str):
        first, last = map(int, wanted.split(".."))
        wanted = list(range(first, last + 1))
    got = [item.get("id", MISSING) for item in actual]
    if len(got) != len(wanted):
        yield f"{path}: expected {len(wanted)} records, got {len(got)}"
    for index, (one, other) in enumerate(zip(wanted, got, strict=False)):
        if not _same(one, other):
            yield f"{path}[{index}].id: expected {show(one)}, got {show(other)}"
            return


def _keys(_matcher: Matcher, wanted: list[str], actual: Json, path: str) -> Iterator[str]:
    if not isinstance(actual, dict) or list(actual) != wanted:
        keys = show(list(actual) if isinstance(actual, dict) else actual)
        yield f"{path}: expected the keys {show(wanted)} in this order, got {keys}"


def _number(_matcher: Matcher, wanted: str, actual: Json, path: str) -> Iterator[str]:
    """Compares exact digits, of a number or of a string with a number."""
    text = str(actual) if isinstance(actual, int | Decimal) and not isinstance(actual, bool) else actual
    if (
        not isinstance(text, str)
        or not _DIGITS.fullmatch(text)
        or Decimal(text).as_tuple() != Decimal(wanted).as_tuple()
    ):
        yield f"{path}: expected exactly the digits {wanted}, got {show(actual)}"


def _at_least(_matcher: Matcher, wanted: float, actual: Json, path: str) -> Iterator[str]:
    if "number" not in _types(actual) or actual < wanted:
        yield f"{path}: expected at least {wanted}, got {show(actual)}"


def _at_most(_matcher: Matcher, wanted: float, actual: Json, path: str) -> Iterator[str]:
    if "number" not in _types(actual) or actual > wanted:
        yield f"{path}: expected at most {wanted}, got {show(actual)}"


def _one_of(matcher: Matcher, wanted: list[Json], actual: Json, path: str) -> Iterator[str]:
    if not any(matcher.matches(one, actual) for one in wanted):
        yield f"{path}: expected one of {show(wanted)}, got {show(actual)}"


def _saved(matcher: Matcher, wanted: str, actual: Json, path: str) -> Iterator[str]:
    expected = look_up(wanted, matcher.saved)
    if not _same(expected, actual):
        yield f"{path}: expected the saved {wanted}, {show(expected)}, got {show(actual)}"


_DIGITS = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")

_OPERATORS: dict[str, Callable[[Matcher, Json, Json, str], Iterator[str]]] = {
    "$any": _any,
    "$exists": _exists,
    "$type": _type,
    "$contains": _contains,
    "$lacks": _lacks,
    "$regex": _regex,
    "$length": _length,
    "$unordered": _unordered,
    "$each": _each,
    "$ids": _ids,
    "$keys": _keys,
    "$number": _number,
    "$at_least": _at_least,
    "$at_most": _at_most,
    "$one_of": _one_of,
    "$saved": _saved,
}

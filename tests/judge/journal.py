"""Compares the requests that the sandbox received with those that the case expects."""

from __future__ import annotations

from collections.abc import Iterator

from judge.jsontext import Json
from judge.match import Matcher


def differences(expected: dict[str, Json], seen: list[Json], matcher: Matcher) -> Iterator[str]:
    """Yields a sentence for each request that is missing, extra or different."""
    others_allowed = "others" in expected
    if "in_order" in expected:
        yield from _in_order(expected["in_order"], seen, matcher, others_allowed)
    else:
        yield from _any_order(expected["any_order"], seen, matcher, others_allowed)


def minimum(expected: dict[str, Json]) -> int:
    """Returns the minimum number of requests."""
    requests: list[Json] = expected["in_order"] if "in_order" in expected else expected["any_order"]
    return sum(_bounds(request)[0] for request in requests)


def summary(seen: list[Json]) -> str:
    """Returns the received requests, one per line, for the message of a failed case."""
    lines = [f"    {number}. {_line(request)}" for number, request in enumerate(seen[:40], 1)]
    more = [f"    … and {len(seen) - 40} more"] if len(seen) > 40 else []
    return "\n".join(["  requests received:", *(lines or ["    none"]), *more])


def _in_order(wanted: list[Json], seen: list[Json], matcher: Matcher, others_allowed: bool) -> Iterator[str]:
    position = 0
    for index, request in enumerate(wanted):
        low, high = _bounds(request)
        count = 0
        while position < len(seen) and count < high:
            if _matches(request, seen[position], matcher):
                count += 1
            elif not others_allowed:
                break
            position += 1
        if count < low:
            yield from _missing(
                f"journal.in_order[{index}]", request, low, count, seen[position : position + 1], matcher
            )
            return
    if position < len(seen) and not others_allowed:
        yield f"journal: extra request {position + 1}: {_line(seen[position])}"


def _any_order(wanted: list[Json], seen: list[Json], matcher: Matcher, others_allowed: bool) -> Iterator[str]:
    """Counts each request for the first expectation that it matches and that is not yet full."""
    counts = [0] * len(wanted)
    for number, request in enumerate(seen, 1):
        fitting = [index for index, one in enumerate(wanted) if _matches(one, request, matcher)]
        free = [index for index in fitting if counts[index] < _bounds(wanted[index])[1]]
        if free:
            counts[free[0]] += 1
        elif fitting or not others_allowed:
            yield f"journal: extra request {number}: {_line(request)}"
    for index, request in enumerate(wanted):
        low, _ = _bounds(request)
        if counts[index] < low:
            yield from _missing(f"journal.any_order[{index}]", request, low, counts[index], [], matcher)


def _missing(path: str, wanted: Json, low: int, count: int, instead: list[Json], matcher: Matcher) -> Iterator[str]:
    times = "" if low == 1 else f" ({count} of {low})"
    if not instead:
        yield f"{path}: missing request{times}: {expectation_text(wanted)}"
        return
    yield f"{path}: another request came instead{times}: {_line(instead[0])}"
    yield from _compare(wanted, instead[0], matcher, path)


def expectation_text(wanted: dict[str, Json]) -> str:
    """Returns the expectation of a request in short form."""
    return ", ".join(f"{key} {value}" for key, value in wanted.items() if key != "times")


def _matches(wanted: dict[str, Json], request: dict[str, Json], matcher: Matcher) -> bool:
    return next(_compare(wanted, request, matcher, ""), None) is None


def _compare(wanted: dict[str, Json], request: dict[str, Json], matcher: Matcher, path: str) -> Iterator[str]:
    """Compares a request and its headers as subsets, and every other value completely."""
    for key, value in wanted.items():
        if key == "headers" and not any(name.startswith("$") for name in value):
            yield from matcher.contained(value, request.get(key, {}), f"{path}.headers")
        elif key != "times":
            yield from matcher.differences(value, request.get(key), f"{path}.{key}")


def _bounds(request: dict[str, Json]) -> tuple[int, float]:
    times = request.get("times", 1)
    if isinstance(times, int):
        return times, times
    return times.get("at_least", 0), times.get("at_most", float("inf"))


def _line(request: dict[str, Json]) -> str:
    parts = [str(request.get(key)) for key in ("method", "path", "query", "status")]
    return f"{parts[0]} {parts[1]} {parts[2] if request.get('query') else ''} -> {parts[3]}"

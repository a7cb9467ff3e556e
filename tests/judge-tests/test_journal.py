"""Compares requests with the expectations of a case, without a sandbox."""

from __future__ import annotations

import pytest

from judge.journal import differences
from judge.jsontext import Json
from judge.match import Matcher

LOGIN = {
    "method": "POST",
    "path": "/oauth/token",
    "query": {},
    "action": "login",
    "headers": {"accept": "x"},
    "status": 200,
}
GET = {"method": "GET", "path": "/get", "query": {"id": "7"}, "action": "get", "headers": {}, "status": 200}

HOLDS: list[tuple[Json, list[Json]]] = [
    ({"in_order": []}, []),
    ({"in_order": [{"action": "login"}, {"action": "get"}]}, [LOGIN, GET]),
    ({"in_order": [{"action": "login"}, {"action": "get", "times": 2}]}, [LOGIN, GET, GET]),
    ({"in_order": [{"action": "login"}, {"action": "get", "times": {"at_most": 1}}]}, [LOGIN]),
    ({"in_order": [{"action": "get"}], "others": "allowed"}, [LOGIN, GET, LOGIN]),
    ({"in_order": [{"headers": {"accept": "x", "cookie": {"$exists": False}}}]}, [LOGIN]),
    ({"any_order": [{"action": "get", "times": 2}, {"action": "login"}]}, [GET, LOGIN, GET]),
    ({"any_order": [{"action": "get", "times": {"at_least": 1}}], "others": "allowed"}, [LOGIN, GET, GET]),
    ({"any_order": [{"action": "get", "times": 0}], "others": "allowed"}, [LOGIN]),
]

FAILS: list[tuple[Json, list[Json], str]] = [
    ({"in_order": []}, [LOGIN], "extra request 1"),
    ({"in_order": [{"action": "login"}]}, [LOGIN, LOGIN], "extra request 2"),
    ({"in_order": [{"action": "login"}, {"action": "get"}]}, [LOGIN], "missing request"),
    ({"in_order": [{"action": "get"}, {"action": "login"}]}, [LOGIN, GET], "another request came instead"),
    ({"in_order": [{"action": "login"}, {"action": "get", "times": 2}]}, [LOGIN, GET], "(1 of 2)"),
    ({"in_order": [{"query": {}}]}, [GET], "query.id: not expected"),
    ({"in_order": [{"headers": {"accept": "y"}}]}, [LOGIN], 'headers.accept: expected "y"'),
    ({"any_order": [{"action": "get"}]}, [GET, GET], "extra request 2"),
    ({"any_order": [{"action": "get"}]}, [GET, LOGIN], "extra request 2"),
    ({"any_order": [{"action": "get", "times": 0}], "others": "allowed"}, [GET], "extra request 1"),
    ({"any_order": [{"action": "get", "times": {"at_least": 2}}]}, [GET], "(1 of 2)"),
]


@pytest.mark.parametrize(("expected", "seen"), HOLDS)
def test_holds(expected: Json, seen: list[Json]) -> None:
    assert list(differences(expected, seen, Matcher())) == []


@pytest.mark.parametrize(("expected", "seen", "why"), FAILS)
def test_fails(expected: Json, seen: list[Json], why: str) -> None:
    assert why in "\n".join(differences(expected, seen, Matcher()))

"""A secret is found in every spelling."""

from __future__ import annotations

import json
from urllib.parse import quote, urlencode

import pytest

from judge.leaks import leaks, secrets_in

SECRET = 'zażółć "gęślą" jaźń & 100%'


@pytest.mark.parametrize(
    "line",
    [
        f"password is {SECRET}!",
        json.dumps({"message": SECRET}),
        json.dumps({"message": SECRET}, ensure_ascii=False),
        f"https://firma.example/oauth/token?password={quote(SECRET, safe='')}",
        urlencode({"password": SECRET}),
    ],
)
def test_a_secret_is_found_and_hidden(line: str) -> None:
    (found,) = leaks([SECRET], ["nothing here", line])
    assert line not in found
    assert "came out" in found


def test_other_text_is_not_a_leak() -> None:
    assert list(leaks([SECRET, "abc"], ["abc, zażółć, ***"])) == []


def test_the_secrets_of_the_settings_are_known() -> None:
    settings = {"client_id": "id", "client_secret": "one", "password": "two", "refresh_token": None}
    assert secrets_in([settings]) == {"one", "two"}

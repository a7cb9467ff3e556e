"""Searches the output of an adapter for secrets, in every spelling."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from judge.jsontext import Json

SECRET_SETTINGS = ("client_secret", "password", "refresh_token")
SHORTEST = 6
"""A shorter string would be found by chance."""


def secrets_in(settings: Iterable[dict[str, Json]]) -> set[str]:
    """Returns the credentials in the settings of a case."""
    return {value for one in settings for name in SECRET_SETTINGS if isinstance(value := one.get(name), str)}


def leaks(secrets: Iterable[str], heard: Iterable[str]) -> Iterator[str]:
    """Yields a sentence for each secret in the output. The sentence does not contain the secret."""
    lines = list(heard)
    for secret in sorted({secret for secret in secrets if len(secret) >= SHORTEST}):
        for spelling, text in _spellings(secret).items():
            line = next((line for line in lines if text in line), None)
            if line is not None:
                hidden = line.replace(text, "***")[:300]
                yield f"a secret of {len(secret)} characters came out ({spelling}): {hidden}"
                break


def _spellings(secret: str) -> dict[str, str]:
    return {
        "as it is": secret,
        "in JSON": json.dumps(secret, ensure_ascii=False)[1:-1],
        "in ASCII JSON": json.dumps(secret)[1:-1],
        "percent-encoded": quote(secret, safe=""),
        "percent-encoded as a form": quote_plus(secret),
    }

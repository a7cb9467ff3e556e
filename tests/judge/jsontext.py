"""Reads and writes JSON without losing a digit: integers stay integers, other numbers are decimals."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

Json = Any
"""A value read from JSON: dict, list, str, bool, None, int, or Decimal for a number with a point or an exponent."""


def read(text: str | bytes) -> Json:
    """Returns the value of a JSON text. `NaN` and `Infinity` are refused."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def write(value: Json) -> str:
    """Returns one line of JSON. A Decimal keeps exactly its digits, which the standard encoder cannot do."""
    if isinstance(value, dict):
        return (
            "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{write(item)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ",".join(write(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")

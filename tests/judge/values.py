"""Replaces the input operators of a case, such as `$saved`, `$number` and `$address`, by their values."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from email.utils import formatdate

from judge.failure import CaseFailed
from judge.jsontext import Json

Saved = dict[str, Json]
"""Saved results by name."""


@dataclass(frozen=True)
class Targets:
    """The targets of `$address` (servers) and `$temp` (files)."""

    address: Callable[[str], str]
    file: Callable[[str], str]


def resolve(value: Json, saved: Saved, targets: Targets) -> Json:
    """Returns a copy of `value` with every input operator replaced."""
    if isinstance(value, list):
        return [resolve(item, saved, targets) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$saved": path}:
            return look_up(path, saved)
        case {"$number": digits}:
            return Decimal(digits)
        case {"$address": name}:
            return targets.address(name)
        case {"$http_date": seconds}:
            return formatdate(time.time() + seconds, usegmt=True)
        case {"$temp": name}:
            return targets.file(name)
        case {"$copies": {"text": text, "times": times}}:
            return text * times
    return {key: resolve(item, saved, targets) for key, item in value.items() if item != {"$unset": True}}


def look_up(path: str, saved: Saved) -> Json:
    """Returns the result that was saved as `name`, or a part of it: `name.records.0.id`."""
    name, *parts = path.split(".")
    if name not in saved:
        raise CaseFailed(f"nothing was saved as {name!r}")
    value = saved[name]
    for part in parts:
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError):
            raise CaseFailed(f"the saved {name!r} has no {path!r}") from None
    return value

"""Models of pydantic, and what looks like one, as the values that are sent."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import Any


def dumped(model: Any, only_set: bool) -> Any:
    """Return the fields of a model as pydantic's JSON mode writes them, so that URLs, sets and paths are text or lists.

    Points in time and decimals stay values, because servers misread pydantic's form of them, and secrets stay hidden,
    unless a serializer of the model says what they are.
    """
    options = {"by_alias": True, "exclude_unset": only_set}
    values = model.model_dump(**options)
    if not hasattr(model, "__pydantic_serializer__"):
        return values
    try:
        return _merged(values, model.model_dump(mode="json", **options))
    except ValueError:
        return values  # JSON mode does not know a value that the client may know, such as one of numpy


def _merged(value: Any, json: Any) -> Any:
    """The JSON form of each value, but the value itself where it says more."""
    if isinstance(value, Mapping) and isinstance(json, dict) and len(value) == len(json):
        return {name: _merged(each, json[name]) for each, name in zip(value.values(), json, strict=True)}
    if isinstance(value, list | tuple | set | frozenset) and isinstance(json, list) and len(value) == len(json):
        return [_merged(*pair) for pair in zip(value, json, strict=True)]
    if isinstance(value, float):
        return value if json is None else json  # NaN
    if isinstance(value, datetime.datetime | decimal.Decimal) or hasattr(value, "get_secret_value"):
        return value if json == _by_default(value) else json
    return json


def _by_default(value: Any) -> Any:
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)

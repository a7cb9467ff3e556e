"""Values of pydantic models, and of objects with the same methods."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping
from typing import Any


def dump_model(model: Any, only_set: bool) -> Any:
    """Returns the fields of a model as pydantic's JSON mode writes them: URLs, sets and paths as strings or lists.

    Points in time and decimals are not converted, because servers misread the JSON of pydantic for them. Secrets stay
    hidden. A serializer of the model takes precedence. With `only_set` these are only the fields that were set.
    """
    options = {"by_alias": True, "exclude_unset": only_set}
    values = model.model_dump(**options)
    if not hasattr(model, "__pydantic_serializer__"):
        return values
    try:
        return _merge(values, model.model_dump(mode="json", **options))
    except ValueError:
        return values  # JSON mode rejects values that the client may accept, such as those of numpy


def _merge(value: Any, json: Any) -> Any:
    """Returns the JSON form of each value, or the value itself if that has more information."""
    if isinstance(value, Mapping) and isinstance(json, dict) and len(value) == len(json):
        return {name: _merge(each, json[name]) for each, name in zip(value.values(), json, strict=True)}
    if isinstance(value, list | tuple | set | frozenset) and isinstance(json, list) and len(value) == len(json):
        return [_merge(*pair) for pair in zip(value, json, strict=True)]
    if isinstance(value, float):
        return value if json is None else json  # NaN
    if isinstance(value, datetime.datetime | decimal.Decimal) or hasattr(value, "get_secret_value"):
        return value if json == _pydantic_json(value) else json
    return json


def _pydantic_json(value: Any) -> Any:
    """Returns the JSON form that pydantic itself gives a value."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)

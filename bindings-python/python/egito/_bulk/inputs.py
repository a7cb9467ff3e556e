"""Inputs of bulks. Their type is checked before anything is sent; frames are read row by row."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any

from egito._bulk.frames import frame_rows, is_frame
from egito._check import invalid_type, invalid_value

EXPECTED = {
    "create": ("records", "an iterable of records, or a DataFrame"),
    "get": ("ids", "an iterable of ids"),
    "update": ("changes", "a mapping of ids to changed fields, pairs of these, or a DataFrame with a column `id`"),
    "delete": ("ids", "an iterable of ids"),
    "upsert": ("records", "an iterable of records, or a DataFrame"),
    "plan_upsert": ("records", "an iterable of records, or a DataFrame"),
    "apply_upsert": ("plan", "an iterable of rows that `plan_upsert` returned"),
}
"""The parameter for the inputs of each bulk, and what it expects."""

NAN = ("error", "null", "omit")


def bulk_inputs(action: str, inputs: Any, nan: str, *, is_async: bool = False) -> Any:
    """Returns the inputs that a bulk iterates over."""
    option, expected = EXPECTED[action]
    if nan not in NAN:
        raise invalid_value("nan", '"error", "null" or "omit"', nan)
    if action == "update" and isinstance(inputs, Mapping):
        return inputs.items()
    if is_frame(inputs):
        if option == "ids":
            raise invalid_type(option, f'{expected}, such as frame["id"]', inputs)
        if option == "plan":
            raise invalid_type(option, expected, inputs)
        return frame_rows(option, inputs, nan, with_ids=action == "update")
    if isinstance(inputs, AsyncIterable) and not isinstance(inputs, Iterable) and not is_async:
        raise invalid_type(option, f"{expected} (AsyncClient takes asynchronous ones)", inputs)
    if _is_one_value(inputs) or not isinstance(inputs, Iterable | AsyncIterable):
        raise invalid_type(option, expected, inputs)
    return inputs


def id_list(option: str, ids: Any) -> list[Any]:
    """Returns the ids that a call takes at once."""
    if _is_one_value(ids) or is_frame(ids) or not isinstance(ids, Iterable):
        raise invalid_type(option, 'an iterable of ids, such as frame["id"]', ids)
    return list(ids)


def _is_one_value(inputs: Any) -> bool:
    """Returns whether iterating over a value yields characters, numbers or field names, which would be sent as ids."""
    return isinstance(inputs, str | bytes | bytearray | memoryview | Mapping) or hasattr(inputs, "model_dump")

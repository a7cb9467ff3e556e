"""Inputs of bulks: checked at once where they are none, and frames row by row."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any

from egito._check import invalid, wrong_type
from egito._frames import frame_rows, is_frame

EXPECTED = {
    "create": ("records", "an iterable of records, or a DataFrame"),
    "get": ("ids", "an iterable of ids"),
    "update": ("changes", "a mapping of ids to changed fields, pairs of these, or a DataFrame with a column `id`"),
    "delete": ("ids", "an iterable of ids"),
}
"""What the inputs of each bulk are called, and what they are."""

NAN = ("error", "null", "omit")


def bulk_inputs(action: str, inputs: Any, nan: str, *, is_async: bool = False) -> Any:
    """Return what a bulk iterates over."""
    option, expected = EXPECTED[action]
    if nan not in NAN:
        raise invalid("nan", '"error", "null" or "omit"', nan)
    if action == "update" and isinstance(inputs, Mapping):
        return inputs.items()
    if is_frame(inputs):
        if option == "ids":
            raise wrong_type(option, f'{expected}, such as frame["id"]', inputs)
        return frame_rows(option, inputs, nan, with_ids=action == "update")
    # Iterating over these gives letters, numbers or names of fields, and a client would take them for ids.
    no_rows = isinstance(inputs, str | bytes | bytearray | memoryview | Mapping) or hasattr(inputs, "model_dump")
    if isinstance(inputs, AsyncIterable) and not isinstance(inputs, Iterable) and not is_async:
        raise wrong_type(option, f"{expected} (AsyncClient takes asynchronous ones)", inputs)
    if no_rows or not isinstance(inputs, Iterable | AsyncIterable):
        raise wrong_type(option, expected, inputs)
    return inputs

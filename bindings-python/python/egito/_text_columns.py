"""Columns that are text although some of their values are not: the warning about them."""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any


class ColumnTypeWarning(UserWarning):
    """A column of a frame is text although some of its values are not, because no other type holds all of them.

    The metadata of the Arrow schema names the same columns, as JSON under the key `egito.text_columns`.
    """


def warn_of(text_columns: str) -> None:
    """Warns of each such column, at the caller's own line."""
    for note in json.loads(text_columns):
        warnings.warn(_message(note), ColumnTypeWarning, stacklevel=_level_of_caller())


def _message(note: dict[str, Any]) -> str:
    column = f"the column `{note['column']}` is text"
    match note["reason"]:
        case "digits":
            return f"{column}: it has numbers that neither int64 nor double holds exactly, so it has the digits of each"
        case "dates":
            return f"{column}: {note['dates']} of its values are points in time in UTC, but {note['others']} are not"
        case _ if note["texts"]:
            return (
                f"{column}: its values have different types; {note['texts']} are texts and stay as they are, "
                f"{note['others']} are not and became their JSON text"
            )
        case _:
            return (
                f"{column}: its {note['others']} values have no type in common or are nested too deep, "
                "so each became its JSON text"
            )


def _level_of_caller() -> int:
    """The `stacklevel` of the first frame outside this package, for a warning that `warn_of` gives."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("egito."):
        frame, level = frame.f_back, level + 1
    return level

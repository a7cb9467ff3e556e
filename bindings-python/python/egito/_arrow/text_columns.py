"""The warning about columns of strings whose values are not all strings."""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any


class ColumnTypeWarning(UserWarning):
    """A column is a column of strings, although not all of its values are: no other type holds all of them.

    The metadata of the Arrow schema names these columns, as JSON under the key `egito.text_columns`.
    """


def warn_about(text_columns: str) -> None:
    """Emits a warning for each such column, at the line of the caller."""
    for note in json.loads(text_columns):
        warnings.warn(_message(note), ColumnTypeWarning, stacklevel=_level_of_caller())


def _message(note: dict[str, Any]) -> str:
    column = f"the column `{note['column']}` is a column of strings"
    match note["reason"]:
        case "digits":
            return f"{column}, the digits of its numbers: neither int64 nor double holds all of them exactly"
        case "dates":
            return f"{column}: {note['dates']} of its values are points in time in UTC, but {note['others']} are not"
        case _ if note["texts"]:
            return (
                f"{column}: its values have different types; {note['texts']} strings are unchanged, "
                f"{note['others']} other values became JSON"
            )
        case _:
            return (
                f"{column}: its {note['others']} values have no common type or are nested too deep, so each became JSON"
            )


def _level_of_caller() -> int:
    """Returns the `stacklevel` of the first stack frame outside of this package, for `warn_about`."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("egito."):
        frame, level = frame.f_back, level + 1
    return level

"""Errors of the fields of a record that the server refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """An error of one field of a record, reported by the server."""

    __module__ = "egito"

    field: str | None = None
    """Name of the field, if the server reports it."""
    message: str = ""
    """Message of the server, in its language."""
    rejected_value: Any = None
    """The value that was refused."""
    object: str | None = None
    """The server's name for the kind of object."""
    raw: Any = None
    """The error as the server sent it."""

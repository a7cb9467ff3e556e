"""What a server says about a record that it refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldError:
    """One complaint of the server about a record."""

    __module__ = "egito"

    field: str | None = None
    """The field that is wrong, where the server names it."""
    message: str = ""
    """What is wrong, in the server's words and language."""
    rejected_value: Any = None
    """The value that was refused."""
    object: str | None = None
    """The server's name of the kind of object."""
    raw: Any = None
    """The complaint as the server sent it."""

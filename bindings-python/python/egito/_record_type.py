"""What entities and lists are generic in; apart from the other types, which nothing needs at run time."""

from __future__ import annotations

from typing import TypeVar

R = TypeVar("R")
"""What a record is to the type checker: `Record`, or a TypedDict of yours, see `Client.entity`."""

"""The type parameter of entities and lists. It is needed at run time, unlike the types in `egito._types`."""

from __future__ import annotations

from typing import TypeVar

R = TypeVar("R")
"""Type of a record for type checkers: `Record`, or a TypedDict given to `Client.entity`."""

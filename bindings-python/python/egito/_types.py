"""Types that users see in signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

if TYPE_CHECKING:
    import datetime
    import decimal
    import enum
    import uuid
    from dataclasses import Field

Record: TypeAlias = dict[str, Any]
"""One object of the CRM, with the server's own field names."""

RecordId: TypeAlias = int | str
"""Key of a record, as the server wrote it: `7` and `"7"` are different ids."""

Filter: TypeAlias = "str | int | float | bool | decimal.Decimal | datetime.date | uuid.UUID | enum.Enum"
"""One value that a list can be filtered by."""

Filters: TypeAlias = Mapping[str, Any]
"""Filters by field: to each name a `Filter`, or a list of them, which means any of these.

The values are `Any`, since type checkers take `{"city": "Kraków", "employees": 5}` for a dict of objects; what cannot
be sent is a `ConfigError`.
"""


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Model(Protocol):
    """A pydantic model, or what looks like one."""

    def model_dump(self, *, by_alias: bool | None = ..., exclude_unset: bool = ...) -> dict[str, Any]:
        """The fields that are sent."""
        ...


RecordInput: TypeAlias = Mapping[str, Any] | Dataclass | Model
"""What can be sent as a record: a dict or other mapping, a dataclass, a pydantic model."""

Changes: TypeAlias = Mapping[int, RecordInput] | Mapping[str, RecordInput] | Mapping[RecordId, RecordInput]
"""The changed fields by the ids of their records. A mapping of ints is none of ints and texts to a type checker."""


class Frame(Protocol):
    """A DataFrame of pandas or polars, or a table of pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface, which all of them have."""
        ...

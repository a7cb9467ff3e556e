"""Types in public signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    import datetime
    import decimal
    import enum
    import uuid
    from dataclasses import Field

Record: TypeAlias = dict[str, Any]
"""One object of the CRM, with the server's own field names."""

RecordId: TypeAlias = int | str
"""Id of a record, as the server sent it: `7` and `"7"` are different ids."""

Filter: TypeAlias = "str | int | float | bool | decimal.Decimal | datetime.date | uuid.UUID | enum.Enum"
"""A value to filter a list by."""

Filters: TypeAlias = Mapping[str, Any]
"""Filters by field: a `Filter` for each name, or a list of them, which matches any of them.

The values are `Any`, since type checkers infer a dict of objects for `{"city": "Kraków", "employees": 5}`. A value that
cannot be sent raises `ConfigError`.
"""


UpsertChange: TypeAlias = Literal["created", "updated", "unchanged", "ambiguous"]
"""What an upsert did with the record that has the key."""


EntryState: TypeAlias = Literal["waiting", "sending", "refused", "unclear", "delivered"]
"""The state of an entry of an outbox."""


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Model(Protocol):
    """A pydantic model, or an object with the same methods."""

    def model_dump(self, *, by_alias: bool | None = ..., exclude_unset: bool = ...) -> dict[str, Any]:
        """Returns the fields to send."""
        ...


RecordInput: TypeAlias = Mapping[str, Any] | Dataclass | Model
"""A record to send: a dict or other mapping, a dataclass, or a pydantic model."""

Changes: TypeAlias = Mapping[int, RecordInput] | Mapping[str, RecordInput] | Mapping[RecordId, RecordInput]
"""Changed fields by record id. Mappings are invariant in their keys for type checkers, hence three types."""


class Frame(Protocol):
    """A DataFrame of pandas or polars, or a table of pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface, which all of them implement."""
        ...

"""Schemas for Arrow batches, as callers write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from egito._arrow.tables import ArrowBatch, ArrowTable
from egito._check import invalid_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egito import _egito


class ArrowField(Protocol):
    """A column of a `pyarrow.Schema`."""

    @property
    def name(self) -> str:
        """Name of the column."""
        ...

    @property
    def type(self) -> object:
        """Type of the column; `str()` of it is the name."""
        ...

    @property
    def nullable(self) -> bool:
        """Whether the column may have nulls."""
        ...


ArrowSchema: TypeAlias = "Mapping[str, object] | Iterable[ArrowField] | ArrowTable | ArrowBatch"
"""Names and types of columns: `{"id": "int64"}`, a `pyarrow.Schema`, a `polars.Schema`, or a table or batch of egito.

A type is a name, a type of pyarrow or a type of polars.
"""

ACCEPTED = 'a mapping such as {"price": "float64"}, a pyarrow.Schema or a polars.Schema'


def batch_schema(schema: object | None) -> _egito.ArrowTable | list[tuple[str, str]] | None:
    """Returns a schema as the native module reads it: a native table, or names and types."""
    if schema is None:
        return None
    if isinstance(schema, ArrowTable | ArrowBatch):
        return schema._native
    return named_types("schema", schema, f"{ACCEPTED}, or a table or batch of egito")


def named_types(option: str, types: object, accepted: str = ACCEPTED) -> list[tuple[str, str]]:
    """Returns the names of columns and of their types."""
    if isinstance(types, Mapping):
        return [_named(option, name, kind) for name, kind in types.items()]
    try:
        fields: Iterable[Any] = types  # type: ignore[assignment]
        columns = [(field.name, field.type, "" if field.nullable else " not null") for field in fields]
    except (AttributeError, TypeError):
        raise invalid_value(option, accepted, types) from None
    named = [(_named(option, name, kind), nullability) for name, kind, nullability in columns]
    return [(name, f"{kind}{nullability}") for (name, kind), nullability in named]


def _named(option: str, name: object, kind: object) -> tuple[str, str]:
    if not isinstance(name, str):
        raise invalid_value(option, "names of columns that are strings", name)
    module = getattr(kind if isinstance(kind, type) else type(kind), "__module__", "")
    if isinstance(kind, str) or module.startswith("pyarrow"):
        return name, str(kind)
    if module.startswith("polars"):
        return name, _name_of_polars_type(kind)
    raise invalid_value(
        option, f'the type of `{name}` as a name such as "int64", a type of pyarrow or one of polars', kind
    )


def _name_of_polars_type(kind: Any) -> str:
    """Returns the Arrow name for a type of polars. A type that is not supported keeps its own name."""
    import polars

    if kind == polars.List:
        return f"large_list<item: {_name_of_polars_type(kind.inner)}>"
    if kind == polars.Struct:
        return f"struct<{', '.join(f'{field.name}: {_name_of_polars_type(field.dtype)}' for field in kind.fields)}>"
    if kind == polars.Decimal:
        return f"decimal128({kind.precision}, {kind.scale})"
    if kind == polars.Datetime:
        return f"timestamp[{kind.time_unit}, tz={kind.time_zone}]"
    return "large_string" if kind == polars.String else str(kind)

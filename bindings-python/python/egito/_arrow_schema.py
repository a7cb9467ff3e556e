"""Schemas that a caller chooses for Arrow batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from egito._arrow import ArrowBatch, ArrowTable
from egito._errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from egito import _egito


class ArrowField(Protocol):
    """A column of a `pyarrow.Schema`."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def type(self) -> object:
        """Its type, whose text is the name."""
        ...

    @property
    def nullable(self) -> bool:
        """Whether a record may lack it."""
        ...


ArrowSchema: TypeAlias = "Mapping[str, object] | Iterable[ArrowField] | ArrowTable | ArrowBatch"
"""Names and types of columns: `{"id": "int64"}`, a `pyarrow.Schema`, or a table or batch that has them."""


def batch_schema(schema: object | None) -> _egito.ArrowTable | list[tuple[str, str]] | None:
    """A schema as the native module reads it: a table of ours, or names and types."""
    if schema is None:
        return None
    if isinstance(schema, ArrowTable | ArrowBatch):
        return schema._native
    return named_types("schema", schema)


def named_types(option: str, types: object) -> list[tuple[str, str]]:
    """Columns and the names of their types, from a mapping or from the fields of a `pyarrow.Schema`."""
    try:
        if isinstance(types, Mapping):
            return [(_text(name), str(kind)) for name, kind in types.items()]
        fields: Iterable[Any] = types  # type: ignore[assignment]
        return [(_text(field.name), f"{field.type}{'' if field.nullable else ' not null'}") for field in fields]
    except (AttributeError, TypeError):
        message = f'`{option}` is a mapping such as {{"price": "float64"}}, or a pyarrow.Schema'
        raise ConfigError(message, setting=option, outcome="not_sent") from None


def _text(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError
    return name

"""Columns as dlt loads them: each has one type, which later runs keep."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.compute

from egito._errors import ConfigError
from egito._generated.error_classes import NotFoundError
from egito.dlt._types import TIMESTAMP, name_of_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from egito._sync.entity import Entity

_DECIMALS = (pyarrow.decimal128(38, 9), pyarrow.decimal128(38, 18))
"""Types to try for the digits of decimals: dlt's own default, and one for more fractional digits."""


def typed_table(
    table: pyarrow.Table,
    given: Mapping[str, pyarrow.DataType],
    loaded: dict[str, pyarrow.DataType],
    entity: Entity[dict[str, Any]],
) -> pyarrow.Table:
    """Returns the table with columns of the types that were loaded or given, and adds those of new columns to `loaded`.

    The digits of decimals arrive as strings. A new column of such strings is one of decimals if the records have
    numbers there. Columns without values are left out: they have no type yet.
    """
    records = _Records(entity, table)
    columns: dict[str, pyarrow.ChunkedArray] = {}
    for name in table.column_names:
        column = _plain(table[name])
        if column.null_count == len(column):
            continue
        if kind := loaded.get(name) or given.get(name):
            column = _cast(column, kind, f"{entity.name}.{name}")
        elif pyarrow.types.is_string(column.type) and not _is_id(name):
            column = _decimals(column, name, records)
        loaded[name] = column.type
        columns[_loaded_name(name, table)] = column
    fields = [pyarrow.field(name, column.type, nullable=name != "id") for name, column in columns.items()]
    return pyarrow.table(list(columns.values()), schema=pyarrow.schema(fields))


def _loaded_name(name: str, table: pyarrow.Table) -> str:
    """Returns the name of a field of an object as dlt writes it: `industry__id` for `industry.id`."""
    loaded = name.replace(".", "__")
    if loaded != name and loaded in table.column_names:
        message = f"the records have both `{name}` and `{loaded}`, which dlt loads into one column"
        raise ConfigError(message, setting="entities", outcome="not_sent")
    return loaded


def _is_id(name: str) -> bool:
    return name.rpartition(".")[2] == "id"


def _plain(column: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """Returns a column of lists as JSON, and timestamps in microseconds, as dlt stores them."""
    if pyarrow.types.is_timestamp(column.type):
        return column.cast(TIMESTAMP)
    if not pyarrow.types.is_nested(column.type):
        return column
    values = [
        None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in column.to_pylist()
    ]
    return pyarrow.chunked_array([pyarrow.array(values, pyarrow.string())])


def _cast(column: pyarrow.ChunkedArray, kind: pyarrow.DataType, name: str) -> pyarrow.ChunkedArray:
    """Returns the column with the type that the table of the destination has."""
    if pyarrow.types.is_timestamp(column.type) and pyarrow.types.is_string(kind):
        return pyarrow.compute.strftime(column.cast(pyarrow.timestamp("ms", "UTC")), "%Y-%m-%dT%H:%M:%SZ")
    try:
        return column.cast(kind)
    except pyarrow.ArrowInvalid as error:
        message = (
            f"the column `{name}` was loaded as {name_of_type(kind)}, and a value does not fit: {error}; "
            'load the table again with `refresh="drop_resources"`, and with `columns` if the type must be another one'
        )
        raise ConfigError(message, setting="columns", outcome="not_sent") from error


def _decimals(column: pyarrow.ChunkedArray, name: str, records: _Records) -> pyarrow.ChunkedArray:
    """Returns a column of the digits of numbers as decimals, and a column of text unchanged."""
    for kind in _DECIMALS:
        try:
            decimals = column.cast(kind)
        except pyarrow.ArrowInvalid:
            continue
        return decimals if records.has_number(name, column) else column
    return column


class _Records:
    """Records that are read one by one, since a column of digits does not show whether they were strings."""

    def __init__(self, entity: Entity[dict[str, Any]], table: pyarrow.Table) -> None:
        self._entity = entity
        self._table = table
        self._read: dict[Any, dict[str, Any]] = {}

    def has_number(self, name: str, column: pyarrow.ChunkedArray) -> bool:
        """Returns whether the first record with a value has a number."""
        for index in pyarrow.compute.indices_nonzero(column.is_valid()):
            value: Any = self._record(self._table["id"][index.as_py()].as_py())
            for key in name.split("."):
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                return isinstance(value, int | Decimal)
        return False

    def _record(self, id: Any) -> dict[str, Any]:
        if id not in self._read:
            try:
                self._read[id] = self._entity.get(id)
            except NotFoundError:  # deleted since
                self._read[id] = {}
        return self._read[id]

"""Schemas: of Spark, as egito reads them, and inferred ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from pyspark.sql.types import ArrayType, MapType, StringType, StructType

from egito._check import invalid_value
from egito._errors import ConfigError

if TYPE_CHECKING:
    from pyspark.sql.types import DataType

    from egito._sync.entity import Entity
    from egito.spark._options import Options

SAMPLE = 100
"""Number of records whose fields are compared with the columns of a schema."""

_READABLE = ("bool", "int8", "int16", "int32", "int64", "float", "double", "string")


def spark_schema(schema: StructType) -> pyarrow.Schema:
    """Returns the Arrow schema that Spark expects."""
    return to_arrow_schema(schema, timezone="UTC")


def read_schema(schema: StructType) -> dict[str, str]:
    """Returns the types that egito reads; points in time have milliseconds there.

    Raises:
        ConfigError: A column has a type that records cannot have.
    """
    return {field.name: _readable(field.type, field.name) for field in spark_schema(schema)}


def _readable(kind: pyarrow.DataType, name: str) -> str:
    if pyarrow.types.is_timestamp(kind) and kind.tz:
        return "timestamp[ms, UTC]"
    if pyarrow.types.is_list(kind):
        return f"list<{_readable(kind.value_type, name)}>"
    if pyarrow.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {_readable(field.type, name)}' for field in kind)}>"
    if str(kind) in _READABLE or pyarrow.types.is_decimal(kind):
        return {"float": "float32", "double": "float64"}.get(str(kind), str(kind))
    expected = f"a boolean, a number, a string, a timestamp, an array or a struct as the type of `{name}`"
    raise invalid_value("schema", expected, str(kind))


def check_names(schema: StructType, entity: Entity[dict[str, Any]], options: Options) -> None:
    """Raises ConfigError for a column that differs from a field of the first records only by case.

    No record has such a field, so all its values would be null.
    """
    first_page: list[dict[str, Any]] = next(iter(entity.list(filters=options.filters, limit=SAMPLE).pages()), [])
    fields = {name: None for record in first_page for name in record}
    for column in schema.names:
        field = next((name for name in fields if name.lower() == column.lower()), column)
        if column not in fields and field != column:
            message = f"invalid `schema`: the records have no field `{column}`; did you mean `{field}`?"
            raise ConfigError(message, setting="schema", outcome="not_sent")


def check_maps(kind: DataType, name: str = "") -> None:
    """Raises ConfigError for a map that no object of JSON can be: its keys are not strings."""
    if isinstance(kind, StructType):
        for field in kind:
            check_maps(field.dataType, f"{name}.{field.name}" if name else field.name)
    elif isinstance(kind, ArrayType):
        check_maps(kind.elementType, name)
    elif isinstance(kind, MapType):
        if not isinstance(kind.keyType, StringType):
            raise invalid_value("schema", f"a map with strings as keys for `{name}`", kind.simpleString())
        check_maps(kind.valueType, name)


def infer_schema(entity: Entity[dict[str, Any]], options: Options) -> StructType:
    """Returns a schema for the oldest and the newest records of the sample."""
    half = options.sample_size // 2
    oldest = entity.list(filters=options.filters, limit=half)
    newest = entity.list(filters=options.filters, limit=half, sort="id", order="desc")
    kinds: dict[str, pyarrow.DataType] = {}
    for sample in (oldest, newest):
        for field in sample.to_arrow(dates="parse").to_pyarrow().schema:
            kinds[field.name] = _common(kinds.get(field.name, pyarrow.null()), field.type)
    if not kinds:
        raise invalid_value("schema", "a schema, since there are no records to infer one from", "")
    return from_arrow_schema(pyarrow.schema([(name, _known(kind)) for name, kind in kinds.items()]))


def _common(one: pyarrow.DataType, other: pyarrow.DataType) -> pyarrow.DataType:
    """Returns a type that holds the values of both."""
    if one == other or pyarrow.types.is_null(other):
        return one
    if pyarrow.types.is_null(one):
        return other
    if {one, other} == {pyarrow.int64(), pyarrow.float64()}:
        return pyarrow.float64()
    if pyarrow.types.is_list(one) and pyarrow.types.is_list(other):
        return pyarrow.list_(_common(one.value_type, other.value_type))
    if pyarrow.types.is_struct(one) and pyarrow.types.is_struct(other):
        fields = {field.name: field.type for field in one}
        for field in other:
            fields[field.name] = _common(fields.get(field.name, pyarrow.null()), field.type)
        return pyarrow.struct(list(fields.items()))
    return pyarrow.string()


def _known(kind: pyarrow.DataType) -> pyarrow.DataType:
    """Returns the type for Spark: strings where no value was seen."""
    if pyarrow.types.is_null(kind):
        return pyarrow.string()
    if pyarrow.types.is_timestamp(kind):
        return pyarrow.timestamp("us", "UTC")
    if pyarrow.types.is_list(kind):
        return pyarrow.list_(_known(kind.value_type))
    if pyarrow.types.is_struct(kind):
        return pyarrow.struct([(field.name, _known(field.type)) for field in kind])
    return kind

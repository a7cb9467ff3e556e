"""Types of columns, as callers write them and as dlt's state stores them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pyarrow

from egito._check import invalid_type, invalid_value

TIMESTAMP = pyarrow.timestamp("us", "UTC")
_BY_NAME = {
    "bool": pyarrow.bool_(),
    "int64": pyarrow.int64(),
    "float64": pyarrow.float64(),
    "string": pyarrow.string(),
    "timestamp": TIMESTAMP,
}


def column_types(columns: object) -> dict[str, dict[str, pyarrow.DataType]]:
    """Returns the types of columns, by entity and field."""
    expected = 'types by entity and field, such as {"Account": {"revenue": "string"}}'
    of_entities = {} if columns is None else columns
    if not isinstance(of_entities, Mapping):
        raise invalid_type("columns", expected, columns)
    for types in of_entities.values():
        if not isinstance(types, Mapping):
            raise invalid_value("columns", expected, columns)
    return {entity: {name: type_of_name(kind) for name, kind in types.items()} for entity, types in of_entities.items()}


def type_of_name(name: object) -> pyarrow.DataType:
    """Returns the type with this name."""
    if not isinstance(name, str):
        raise invalid_type("columns", "the name of a type", name)
    decimal = re.fullmatch(r"decimal128\((\d+), ?(\d+)\)", name)
    if decimal and 1 <= int(decimal[1]) <= 38 and int(decimal[2]) <= int(decimal[1]):
        return pyarrow.decimal128(int(decimal[1]), int(decimal[2]))
    if name not in _BY_NAME:
        raise invalid_value("columns", f"a type such as decimal128(18, 2), or one of {', '.join(_BY_NAME)}", name)
    return _BY_NAME[name]


def name_of_type(kind: pyarrow.DataType) -> str:
    """Returns the name of a type that `type_of_name` reads."""
    return next((name for name, known in _BY_NAME.items() if known == kind), str(kind))

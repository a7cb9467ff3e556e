"""Arrow tables as pandas DataFrames, with integers as integers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import pyarrow


def to_pandas(table: pyarrow.Table, text_columns: str, options: dict[str, Any]) -> pandas.DataFrame:
    """Returns a DataFrame with the values of the records."""
    columns: dict[str, list[list[str | None]]] = {}
    for note in json.loads(text_columns):
        if note["reason"] == "digits":
            name, *steps = note["path"]
            columns.setdefault(name, []).append(steps)
    numbers = {name: _with_numbers(table.column(name).to_pylist(), paths) for name, paths in columns.items()}
    frame = table.to_pandas(**{"types_mapper": _pandas_type, **options})
    if numbers:
        import pandas

        for name, values in numbers.items():
            frame[name] = pandas.Series(values, index=frame.index, dtype=object)
    return frame


def _pandas_type(kind: pyarrow.DataType) -> Any:
    """Returns the pandas type for Arrow types without a numpy type: nullable integers and booleans, objects, lists."""
    import pandas
    from pyarrow import types

    if types.is_int64(kind):
        return pandas.Int64Dtype()
    if types.is_boolean(kind):
        return pandas.BooleanDtype()
    return pandas.ArrowDtype(kind) if types.is_nested(kind) else None


def _with_numbers(values: list[Any], paths: list[list[str | None]]) -> list[Any]:
    """Replaces digits by numbers in the values of a column, at these paths."""
    for steps in paths:
        values = [_replaced(value, steps) for value in values]
    return values


def _replaced(value: Any, steps: list[str | None]) -> Any:
    if value is None:
        return None
    if not steps:
        return _number(value)
    step, *rest = steps
    if step is None:
        return [_replaced(item, rest) for item in value]
    return {**value, step: _replaced(value[step], rest)}


def _number(digits: str) -> object:
    """Returns the number, or its digits if Python cannot represent it."""
    try:
        number = json.loads(digits)
    except ValueError:  # more digits than Python parses
        return digits
    return digits if number in (float("inf"), float("-inf")) else number

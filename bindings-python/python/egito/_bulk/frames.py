"""Reads the rows of tables of pandas, polars and pyarrow."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

from egito._check import invalid_type
from egito._errors import ConfigError

_Rows = Iterator[dict[str, Any]]
_Convert = Callable[[Any], Any]
"""Converts a cell to a value that can be sent."""
_Converters = dict[Any, _Convert]
"""Converters by the names of their columns. Columns whose cells can be sent unchanged have none."""


def is_frame(value: object) -> bool:
    """Returns whether a value is a table of a library that the program has imported."""
    return _reader_of(value) is not None


def frame_rows(option: str, frame: Any, nan: str, *, with_ids: bool) -> Iterator[Any]:
    """Returns the rows of a frame as records, or as pairs of an id and the other fields."""
    reader = _reader_of(frame)
    if reader is None or type(frame).__name__ == "LazyFrame":
        raise invalid_type(option, "a frame with its rows (call collect())", frame)
    names, converters, rows = reader(frame)
    if len(set(names)) < len(names):
        raise ConfigError(f"invalid `{option}`: two columns have the same name", setting=option, outcome="not_sent")
    if with_ids and "id" not in names:
        message = f"invalid `{option}`: expected a frame with a column `id`, got the columns {names}"
        raise ConfigError(message, setting=option, outcome="not_sent")
    records = _records(rows, converters, nan)
    return ((record.pop("id", None), record) for record in records) if with_ids else records


def _records(rows: _Rows, converters: _Converters, nan: str) -> _Rows:
    for row in rows:
        for name, convert in converters.items():
            row[name] = convert(row[name])
        yield {name: value for name, value in row.items() if value is not None} if nan == "omit" else row


def _shortest_float(value: Any) -> Any:
    """Returns a float of 32 bits with the fewest digits that identify it: 0.1, not 0.10000000149."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    candidates = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next(each for each in candidates if struct.pack("f", each) == struct.pack("f", value))


def _list_converter(convert: _Convert | None) -> _Convert | None:
    """Returns a converter for lists, given that of their items."""
    if convert is None:
        return None
    return lambda cell: [convert(each) for each in cell] if isinstance(cell, list) else cell


def _struct_converter(converters: dict[str, _Convert | None]) -> _Convert | None:
    """Returns a converter for structs, given those of their fields."""
    needed = _without_none(converters)
    if not needed:
        return None

    def convert_fields(cell: Any) -> Any:
        if not isinstance(cell, dict):
            return cell
        return {**cell, **{name: convert(cell[name]) for name, convert in needed.items()}}

    return convert_fields


def _without_none(converters: dict[Any, _Convert | None]) -> _Converters:
    return {name: convert for name, convert in converters.items() if convert}


def _reader_of(frame: object) -> Callable[[Any], tuple[list[Any], _Converters, _Rows]] | None:
    """Returns the function that reads a frame, or None. It returns the column names, the converters and the rows."""
    for library, classes, reader in _READERS:
        module = sys.modules.get(library)
        if module is not None and any(isinstance(frame, getattr(module, name, ())) for name in classes):
            return reader
    return None


def _read_pandas(frame: Any) -> tuple[list[Any], _Converters, _Rows]:
    names = list(frame.columns)
    columns = [frame.iloc[:, index] for index in range(len(names))]
    converters = {name: _numpy_converter(column.dtype) for name, column in zip(names, columns, strict=True)}
    rows = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
    return names, _without_none(converters), rows


def _numpy_converter(dtype: Any) -> _Convert | None:
    if hasattr(dtype, "pyarrow_dtype"):
        return _pyarrow_converter(dtype.pyarrow_dtype)
    kind = getattr(dtype, "kind", "")
    if kind == "O":
        return _arrays_as_lists
    return _shortest_float if kind == "f" and getattr(dtype, "itemsize", 8) < 8 else None


def _arrays_as_lists(cell: Any) -> Any:
    """Returns lists for arrays of numpy, which pandas has in columns of lists that it reads from Parquet."""
    if type(cell).__module__ == "numpy" and getattr(cell, "ndim", 0) > 0:
        return [_arrays_as_lists(each) for each in cell]
    if isinstance(cell, dict):
        return {name: _arrays_as_lists(each) for name, each in cell.items()}
    return [_arrays_as_lists(each) for each in cell] if isinstance(cell, list) else cell


def _read_polars(frame: Any) -> tuple[list[Any], _Converters, _Rows]:
    converters = {name: _polars_converter(dtype) for name, dtype in frame.schema.items()}
    return frame.columns, _without_none(converters), frame.iter_rows(named=True)


def _polars_converter(dtype: Any) -> _Convert | None:
    if hasattr(dtype, "fields"):
        return _struct_converter({field.name: _polars_converter(field.dtype) for field in dtype.fields})
    if hasattr(dtype, "inner"):
        return _list_converter(_polars_converter(dtype.inner))
    return _shortest_float if str(dtype) in ("Float32", "Float16") else None


def _read_pyarrow(table: Any) -> tuple[list[Any], _Converters, _Rows]:
    converters = {field.name: _pyarrow_converter(field.type) for field in table.schema}
    batches = table.to_batches(max_chunksize=1000) if hasattr(table, "to_batches") else [table]
    return table.schema.names, _without_none(converters), (row for batch in batches for row in batch.to_pylist())


def _pyarrow_converter(kind: Any) -> _Convert | None:
    if str(kind).startswith("struct<"):
        return _struct_converter({field.name: _pyarrow_converter(field.type) for field in kind})
    if hasattr(kind, "value_type") and not hasattr(kind, "key_type") and "list" in str(kind):
        return _list_converter(_pyarrow_converter(kind.value_type))
    return _shortest_float if str(kind) in ("float", "halffloat") else None


_READERS = (
    ("pandas", ("DataFrame",), _read_pandas),
    ("polars", ("DataFrame", "LazyFrame"), _read_polars),
    ("pyarrow", ("Table", "RecordBatch"), _read_pyarrow),
)

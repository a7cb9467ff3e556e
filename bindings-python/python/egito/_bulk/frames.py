"""Reads the rows of tables of pandas, polars and pyarrow."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

from egito._check import wrong_type
from egito._errors import ConfigError

_Rows = Iterator[dict[str, Any]]
_Convert = Callable[[Any], Any]
_Converters = dict[Any, _Convert]
"""Conversions of cells, by the names of their columns."""


def is_frame(value: object) -> bool:
    """Returns whether a value is a table of a library that the program has imported."""
    return _reader(value) is not None


def frame_rows(option: str, frame: Any, nan: str, *, with_ids: bool) -> Iterator[Any]:
    """Returns the rows of a frame as records, or as pairs of an id and the other fields."""
    reader = _reader(frame)
    if reader is None or type(frame).__name__ == "LazyFrame":
        raise wrong_type(option, "a frame with its rows (call collect())", frame)
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


def _shortest(value: Any) -> Any:
    """Returns a float of 32 bits with the fewest digits that identify it: 0.1, not 0.10000000149."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    candidates = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next(each for each in candidates if struct.pack("f", each) == struct.pack("f", value))


def _in_list(convert: _Convert | None) -> _Convert | None:
    if convert is None:
        return None
    return lambda cell: [convert(each) for each in cell] if isinstance(cell, list) else cell


def _in_struct(converters: dict[str, _Convert | None]) -> _Convert | None:
    own = _present(converters)
    if not own:
        return None

    def convert_fields(cell: Any) -> Any:
        if not isinstance(cell, dict):
            return cell
        return {**cell, **{name: convert(cell[name]) for name, convert in own.items()}}

    return convert_fields


def _present(converters: dict[Any, _Convert | None]) -> _Converters:
    return {name: convert for name, convert in converters.items() if convert}


def _reader(frame: object) -> Callable[[Any], tuple[list[Any], _Converters, _Rows]] | None:
    """Returns the function that reads a frame: it returns the column names, the converters and the rows."""
    for library, classes, reader in READERS:
        module = sys.modules.get(library)
        if module is not None and any(isinstance(frame, getattr(module, name, ())) for name in classes):
            return reader
    return None


def _of_pandas(frame: Any) -> tuple[list[Any], _Converters, _Rows]:
    names = list(frame.columns)
    columns = [frame.iloc[:, index] for index in range(len(names))]
    converters = {name: _of_numpy(column.dtype) for name, column in zip(names, columns, strict=True)}
    return names, _present(converters), (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _of_numpy(dtype: Any) -> _Convert | None:
    if hasattr(dtype, "pyarrow_dtype"):
        return _of_pyarrow_type(dtype.pyarrow_dtype)
    kind = getattr(dtype, "kind", "")
    if kind == "O":
        return _without_arrays
    return _shortest if kind == "f" and getattr(dtype, "itemsize", 8) < 8 else None


def _without_arrays(cell: Any) -> Any:
    """Returns lists for arrays of numpy, which pandas has in columns of lists that it reads from Parquet."""
    if type(cell).__module__ == "numpy" and getattr(cell, "ndim", 0) > 0:
        return [_without_arrays(each) for each in cell]
    if isinstance(cell, dict):
        return {name: _without_arrays(each) for name, each in cell.items()}
    return [_without_arrays(each) for each in cell] if isinstance(cell, list) else cell


def _of_polars(frame: Any) -> tuple[list[Any], _Converters, _Rows]:
    converters = {name: _of_polars_type(dtype) for name, dtype in frame.schema.items()}
    return frame.columns, _present(converters), frame.iter_rows(named=True)


def _of_polars_type(dtype: Any) -> _Convert | None:
    if hasattr(dtype, "fields"):
        return _in_struct({field.name: _of_polars_type(field.dtype) for field in dtype.fields})
    if hasattr(dtype, "inner"):
        return _in_list(_of_polars_type(dtype.inner))
    return _shortest if str(dtype) in ("Float32", "Float16") else None


def _of_pyarrow(table: Any) -> tuple[list[Any], _Converters, _Rows]:
    converters = {field.name: _of_pyarrow_type(field.type) for field in table.schema}
    batches = table.to_batches(max_chunksize=1000) if hasattr(table, "to_batches") else [table]
    return table.schema.names, _present(converters), (row for batch in batches for row in batch.to_pylist())


def _of_pyarrow_type(kind: Any) -> _Convert | None:
    if str(kind).startswith("struct<"):
        return _in_struct({field.name: _of_pyarrow_type(field.type) for field in kind})
    if hasattr(kind, "value_type") and not hasattr(kind, "key_type") and "list" in str(kind):
        return _in_list(_of_pyarrow_type(kind.value_type))
    return _shortest if str(kind) in ("float", "halffloat") else None


READERS = (
    ("pandas", ("DataFrame",), _of_pandas),
    ("polars", ("DataFrame", "LazyFrame"), _of_polars),
    ("pyarrow", ("Table", "RecordBatch"), _of_pyarrow),
)

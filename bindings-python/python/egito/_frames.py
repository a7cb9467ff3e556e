"""Rows of the tables of pandas, polars and pyarrow."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any

from egito._check import wrong_type
from egito._errors import ConfigError

_Rows = Iterator[dict[str, Any]]
_Change = Callable[[Any], Any]
_Changes = dict[Any, _Change]
"""What the cells of some columns become, by the names of the columns."""


def is_frame(value: object) -> bool:
    """Whether a value is a table of a library that the program has imported."""
    return _reader(value) is not None


def frame_rows(option: str, frame: Any, nan: str, *, with_ids: bool) -> Iterator[Any]:
    """Return the rows of a frame as records, or as pairs of an id and the other fields."""
    reader = _reader(frame)
    if reader is None or type(frame).__name__ == "LazyFrame":
        raise wrong_type(option, "a frame with its rows (call collect())", frame)
    names, changes, rows = reader(frame)
    if len(set(names)) < len(names):
        raise ConfigError(f"invalid `{option}`: two columns have one name", setting=option, outcome="not_sent")
    if with_ids and "id" not in names:
        message = f"invalid `{option}`: expected a frame with a column `id`, got the columns {names}"
        raise ConfigError(message, setting=option, outcome="not_sent")
    records = _records(rows, changes, nan)
    return ((record.pop("id", None), record) for record in records) if with_ids else records


def _records(rows: _Rows, changes: _Changes, nan: str) -> _Rows:
    for row in rows:
        for name, change in changes.items():
            row[name] = change(row[name])
        yield {name: value for name, value in row.items() if value is not None} if nan == "omit" else row


def _shortest(value: Any) -> Any:
    """A float that was one of 32 bits, with no more digits than it needs: 0.1 is not 0.10000000149."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    texts = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next(text for text in texts if struct.pack("f", text) == struct.pack("f", value))


def _in_list(change: _Change | None) -> _Change | None:
    if change is None:
        return None
    return lambda cell: [change(each) for each in cell] if isinstance(cell, list) else cell


def _in_struct(changes: dict[str, _Change | None]) -> _Change | None:
    own = _present(changes)
    if not own:
        return None

    def change_fields(cell: Any) -> Any:
        if not isinstance(cell, dict):
            return cell
        return {**cell, **{name: change(cell[name]) for name, change in own.items()}}

    return change_fields


def _present(changes: dict[Any, _Change | None]) -> _Changes:
    return {name: change for name, change in changes.items() if change}


def _reader(frame: object) -> Callable[[Any], tuple[list[Any], _Changes, _Rows]] | None:
    """What reads a frame: it returns the names of the columns, what becomes of their cells, and the rows."""
    for library, classes, reader in READERS:
        module = sys.modules.get(library)
        if module is not None and any(isinstance(frame, getattr(module, name, ())) for name in classes):
            return reader
    return None


def _of_pandas(frame: Any) -> tuple[list[Any], _Changes, _Rows]:
    names = list(frame.columns)
    columns = [frame.iloc[:, place] for place in range(len(names))]
    changes = {name: _of_numpy(column.dtype) for name, column in zip(names, columns, strict=True)}
    return names, _present(changes), (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _of_numpy(dtype: Any) -> _Change | None:
    if hasattr(dtype, "pyarrow_dtype"):
        return _of_pyarrow_type(dtype.pyarrow_dtype)
    kind = getattr(dtype, "kind", "")
    if kind == "O":
        return _without_arrays
    return _shortest if kind == "f" and getattr(dtype, "itemsize", 8) < 8 else None


def _without_arrays(cell: Any) -> Any:
    """A list where pandas has an array of numpy, as in the columns of lists that it reads from Parquet."""
    if type(cell).__module__ == "numpy" and getattr(cell, "ndim", 0) > 0:
        return [_without_arrays(each) for each in cell]
    if isinstance(cell, dict):
        return {name: _without_arrays(each) for name, each in cell.items()}
    return [_without_arrays(each) for each in cell] if isinstance(cell, list) else cell


def _of_polars(frame: Any) -> tuple[list[Any], _Changes, _Rows]:
    changes = {name: _of_polars_type(dtype) for name, dtype in frame.schema.items()}
    return frame.columns, _present(changes), frame.iter_rows(named=True)


def _of_polars_type(dtype: Any) -> _Change | None:
    if hasattr(dtype, "fields"):
        return _in_struct({field.name: _of_polars_type(field.dtype) for field in dtype.fields})
    if hasattr(dtype, "inner"):
        return _in_list(_of_polars_type(dtype.inner))
    return _shortest if str(dtype) in ("Float32", "Float16") else None


def _of_pyarrow(table: Any) -> tuple[list[Any], _Changes, _Rows]:
    changes = {field.name: _of_pyarrow_type(field.type) for field in table.schema}
    batches = table.to_batches(max_chunksize=1000) if hasattr(table, "to_batches") else [table]
    return table.schema.names, _present(changes), (row for batch in batches for row in batch.to_pylist())


def _of_pyarrow_type(kind: Any) -> _Change | None:
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

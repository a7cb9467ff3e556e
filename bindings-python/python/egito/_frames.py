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


def is_frame(value: object) -> bool:
    """Whether a value is a table of a library that the program has imported."""
    return _reader(value) is not None


def frame_rows(option: str, frame: Any, nan: str, *, with_ids: bool) -> Iterator[Any]:
    """Return the rows of a frame as records, or as pairs of an id and the other fields."""
    reader = _reader(frame)
    if reader is None or type(frame).__name__ == "LazyFrame":
        raise wrong_type(option, "a frame with its rows (call collect())", frame)
    names, short, rows = reader(frame)
    if len(set(names)) < len(names):
        raise ConfigError(f"invalid `{option}`: two columns have one name", setting=option, outcome="not_sent")
    if with_ids and "id" not in names:
        message = f"invalid `{option}`: expected a frame with a column `id`, got the columns {names}"
        raise ConfigError(message, setting=option, outcome="not_sent")
    records = _records(rows, short, nan)
    return ((record.pop("id", None), record) for record in records) if with_ids else records


def _records(rows: _Rows, short: list[str], nan: str) -> _Rows:
    for row in rows:
        for name in short:
            row[name] = _shortest(row[name])
        yield {name: value for name, value in row.items() if value is not None} if nan == "omit" else row


def _shortest(value: Any) -> Any:
    """A float that was one of 32 bits, with no more digits than it needs: 0.1 is not 0.10000000149."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    texts = (float(f"{value:.{digits}g}") for digits in range(6, 10))
    return next(text for text in texts if struct.pack("f", text) == struct.pack("f", value))


def _reader(frame: object) -> Callable[[Any], tuple[list[Any], list[Any], _Rows]] | None:
    """What reads a frame: it returns the names of the columns, those of short floats, and the rows."""
    for library, classes, reader in READERS:
        module = sys.modules.get(library)
        if module is not None and any(isinstance(frame, getattr(module, name, ())) for name in classes):
            return reader
    return None


def _of_pandas(frame: Any) -> tuple[list[Any], list[Any], _Rows]:
    names = list(frame.columns)
    columns = [frame.iloc[:, place] for place in range(len(names))]
    short = [name for name, column in zip(names, columns, strict=True) if _is_short(column.dtype)]
    return names, short, (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _is_short(dtype: Any) -> bool:
    return getattr(dtype, "kind", "") == "f" and getattr(dtype, "itemsize", 8) < 8


def _of_polars(frame: Any) -> tuple[list[Any], list[Any], _Rows]:
    short = [name for name, dtype in frame.schema.items() if str(dtype) in ("Float32", "Float16")]
    return frame.columns, short, frame.iter_rows(named=True)


def _of_pyarrow(table: Any) -> tuple[list[Any], list[Any], _Rows]:
    short = [field.name for field in table.schema if str(field.type) in ("float", "halffloat")]
    batches = table.to_batches(max_chunksize=1000) if hasattr(table, "to_batches") else [table]
    return table.schema.names, short, (row for batch in batches for row in batch.to_pylist())


READERS = (
    ("pandas", ("DataFrame",), _of_pandas),
    ("polars", ("DataFrame", "LazyFrame"), _of_polars),
    ("pyarrow", ("Table", "RecordBatch"), _of_pyarrow),
)

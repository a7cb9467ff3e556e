"""Ranges of ids: the tasks of a read, which together have every record once, also while others delete records.

A range begins at an offset, and ends where the next range begins. Since an offset moves when rows before it are
deleted, the ids of the borders decide which rows belong to a range, and the offset only says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow
import pyarrow.compute
from pyspark.sql.datasource import InputPartition

from egito._generated.error_classes import PaginationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from egito._sync.record_list import RecordList

    Rows = Callable[..., RecordList[dict[str, Any]]]
    """Returns the list from `start` on, with at most `limit` records."""

SMALLEST = 100
"""Minimum number of records in a range."""


@dataclass
class IdRange(InputPartition):
    """The records with ids from `first` until before `end`; an end of None is open. A first of None is all records."""

    start: int = 0
    limit: int | None = None
    first: int | None = None
    end: int | None = None


def plan_ranges(rows: Rows, number: int) -> list[IdRange]:
    """Returns at most `number` ranges, or one for everything if ids are not numbers, or are not in order."""
    everything = [IdRange()]
    if number == 1:
        return everything
    try:
        total = rows().total()
        length = _length(rows) if total is None else total
        step = max(-(-length // number), SMALLEST)
        starts = range(step, length, step)
        borders = [rows(start=start, limit=1).first() for start in (0, *starts)]
    except PaginationError:  # the server ignores the offset
        return everything
    ids: list[Any] = [record.get("id") for record in borders if record is not None]
    if len(ids) < 2 or not all(type(id) is int for id in ids) or sorted(set(ids)) != ids:
        return everything
    offsets = [0, *starts][: len(ids)]
    limits = [end - start + 1 for start, end in pairwise(offsets)]  # with the row of the border
    return [IdRange(*each) for each in zip(offsets, [*limits, None], ids, [*ids[1:], None], strict=True)]


def _length(rows: Rows) -> int:
    """Returns about how many rows there are, for a server that does not report it."""
    low, high = 0, 1024
    while high < 2**40 and rows(start=high).exists():
        low, high = high, high * 2
    while high - low > max(high // 32, SMALLEST):
        middle = (low + high) // 2
        low, high = (middle, high) if rows(start=middle).exists() else (low, middle)
    return high


def read_range(batches: Callable[..., Iterator[pyarrow.RecordBatch]], part: IdRange) -> Iterator[pyarrow.RecordBatch]:
    """Returns the batches of a range, each with the column `id`. `batches` has the options `start` and `limit`."""
    if part.first is None:
        yield from batches()
        return
    start, limit, step = part.start, part.limit, 1
    last = part.first - 1 if start else -(2**63)  # the first range also has rows that were inserted before it
    while True:
        joined = start == 0
        for batch in batches(start=start, limit=limit):
            ids = batch["id"]
            joined = joined or ids[0].as_py() <= part.first
            if not joined:
                break
            _check_order(ids)
            yield _between(batch, last, part.end)
            last = max(last, ids[-1].as_py())
            if part.end is not None and last >= part.end:
                return
        if not joined:  # rows before the range were deleted, so it begins earlier
            start, limit, step = max(start - step, 0), None, step * 2
        elif limit is not None:  # rows were inserted, or the row of the border was deleted
            limit = None
        else:
            return


def _between(batch: pyarrow.RecordBatch, last: int, end: int | None) -> pyarrow.RecordBatch:
    """Returns the rows after the last one that was returned and before the end of the range."""
    ids = batch["id"]
    wanted = pyarrow.compute.greater(ids, last)
    if end is not None:
        wanted = pyarrow.compute.and_(wanted, pyarrow.compute.less(ids, end))
    return batch.filter(wanted)


def _check_order(ids: pyarrow.Array) -> None:
    ascending = pyarrow.compute.less(ids[:-1], ids[1:])
    if ids.null_count or not pyarrow.compute.all(ascending, min_count=0).as_py():
        message = "the server does not list records by ascending `id`; set the option `numPartitions` to 1"
        raise PaginationError(message)

"""Writes that Spark may do twice: each record is found by its key first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from pyspark.sql.datasource import DataSourceArrowWriter, WriterCommitMessage

from egito._bulk.rows import BulkRow
from egito._errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow

    from egito._sync.entity import Entity
    from egito.spark._connection import Connection
    from egito.spark._options import Options


CHUNK = 1000
"""Number of records whose keys are looked up before those that are new are created."""
MAX_SHOWN = 80
"""Number of characters of a key's value in an error."""


@dataclass
class Written(WriterCommitMessage):
    """The number of records that a task has written."""

    records: int


class EgitoWriter(DataSourceArrowWriter):
    """Upserts the rows of a task, or creates those whose key no record has."""

    def __init__(self, options: Options, connection: Connection) -> None:
        self._options = options
        self._connection = connection

    def check(self, columns: list[str]) -> None:
        """Raises ConfigError for a key that is not a column, and for invalid options of the bulk. Sends nothing."""
        for name in self._options.keys:
            if name not in columns:
                close = next((each for each in columns if each.lower() == name.lower()), None)
                hint = f"; did you mean `{close}`?" if close else ""
                message = f"invalid `key`: the DataFrame has no column `{name}`, only {', '.join(columns)}{hint}"
                raise ConfigError(message, setting="key", outcome="not_sent")
        with self._connection.open() as client:
            list(self._upsert(client.entity(self._options.entity), []))

    def write(self, batches: Iterator[pyarrow.RecordBatch]) -> Written:
        """Writes the rows of a task, and fails if one of them was not written."""
        number, failed, reason = 0, 0, ""
        with self._connection.open() as client:
            write = self._create_once if self._options.operation == "create_once" else self._upsert
            for row in write(client.entity(self._options.entity), self._records(batches)):
                number += 1
                if not row.ok or (row.change == "ambiguous" and self._options.operation == "upsert"):
                    failed += 1
                    reason = reason or self._reason(row)
        if failed:
            raise RuntimeError(f"{failed} of {number} records of this task were not written; the first, {reason}")
        return Written(number)

    def _records(self, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[dict[str, Any]]:
        for batch in batches:
            for record in batch.to_pylist(maps_as_pydicts="strict"):
                yield _without_nulls(record) if self._options.nulls == "omit" else record

    def _reason(self, row: BulkRow[Any]) -> str:
        """Returns the key of a record and why it was not written."""
        record = row.input.input if isinstance(row.input, BulkRow) else row.input  # of a plan
        key = " and ".join(f"{name} {_shown(record.get(name))}" for name in self._options.keys)
        return f"with {key}: {row.error or f'several records have its key: {row.duplicates}'}"

    def _upsert(self, entity: Entity[Any], records: Iterable[dict[str, Any]]) -> Iterable[BulkRow[Any]]:
        return entity.stream_upsert_many(records, settle=self._options.settle, **self._bulk_options())

    def _create_once(self, entity: Entity[Any], records: Iterable[dict[str, Any]]) -> Iterator[BulkRow[Any]]:
        """Plans an upsert of a chunk, and applies only the creates."""
        rest = iter(records)
        while chunk := list(islice(rest, CHUNK)):
            plan = entity.plan_upsert(chunk, **self._bulk_options())
            yield from (row for row in plan if row.change not in ("created", "updated"))
            new = [row for row in plan if row.change == "created"]
            yield from entity.apply_upsert(new, key=self._options.keys, settle=self._options.settle)

    def _bulk_options(self) -> dict[str, Any]:
        names = ("lookup", "concurrency", "nan")
        return {"key": self._options.keys, **{name: getattr(self._options, name) for name in names}}


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _without_nulls(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not None}

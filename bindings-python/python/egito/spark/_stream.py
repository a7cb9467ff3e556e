"""Streams of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyspark.sql.datasource import SimpleDataSourceStreamReader

from egito._generated.error_classes import UnexpectedResponseError
from egito.spark._mismatch import as_spark_batch, of_schema
from egito.spark._schema import read_schema, spark_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow
    from pyspark.sql.types import StructType

    from egito.spark._connection import Connection
    from egito.spark._options import Options


class EgitoStreamReader(SimpleDataSourceStreamReader):
    """Reads what was created or changed. The offset is the mark of the list of changes, which Spark stores."""

    def __init__(self, options: Options, connection: Connection, schema: StructType) -> None:
        self._options = options
        self._connection = connection
        self._target = spark_schema(schema)
        self._types = read_schema(schema)

    def initialOffset(self) -> dict[str, Any]:  # noqa: N802 - Spark's name
        """Returns the mark from which the first batch starts: by default none, for all records."""
        return {"mark": self._options.since}

    def read(self, start: dict[str, Any]) -> tuple[Iterator[pyarrow.RecordBatch], dict[str, Any]]:
        """Returns the changes since the offset, and the next offset."""
        with self._connection.open() as client:
            changes = client.entity(self._options.entity).changes(
                since=start["mark"],
                by=self._options.by,
                lag=self._options.lag,
                filters=self._options.filters,
                fields=list(self._types),
            )
            try:
                batches = [batch.to_pyarrow() for batch in changes.to_arrow_batches(schema=self._types, dates="parse")]
            except UnexpectedResponseError as error:
                raise of_schema(error) from error
        changed = [as_spark_batch(batch, self._target) for batch in batches if batch.num_rows]
        return iter(changed), {"mark": changes.mark} if changed else start  # no batch without changes

    def readBetweenOffsets(self, start: dict[str, Any], end: dict[str, Any]) -> Iterator[Any]:  # noqa: ARG002, N802
        """Returns the changes since the offset, in their newest versions, also those after the end.

        These come again in the next batch: a server shows only the newest version of a record.
        """
        return self.read(start)[0]

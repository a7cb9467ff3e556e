"""Reads of all records, in tasks that each read a range."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from pyspark.sql.datasource import DataSourceReader, EqualTo, In

from egito._generated.error_classes import UnexpectedResponseError
from egito.spark._mismatch import as_spark_batch, of_schema
from egito.spark._ranges import IdRange, plan_ranges, read_range
from egito.spark._schema import read_schema, spark_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow
    from pyspark.sql.types import StructType

    from egito._sync.client import Client
    from egito.spark._connection import Connection
    from egito.spark._options import Options

MANY = 50
"""Number of values above which a filter is left to Spark, since a URL has a maximum length."""


class EgitoReader(DataSourceReader):
    """Reads the list in ranges of ids."""

    def __init__(self, options: Options, connection: Connection, schema: StructType) -> None:
        self._options = options
        self._connection = connection
        self._target = spark_schema(schema)
        self._types = read_schema(schema)
        self._filters = dict(options.filters)

    def partitions(self) -> list[IdRange]:
        """Returns the ranges to read."""
        with self._connection.open() as client:
            can_split = self._options.settings.get("default_sort", "id") == "id"
            return plan_ranges(self._rows(client, ["id"]), self._options.num_partitions if can_split else 1)

    def read(self, part: IdRange) -> Iterator[pyarrow.RecordBatch]:
        """Returns the Arrow batches of a range."""
        types = self._types if part.first is None else self._types | {"id": "int64"}
        with self._connection.open() as client:
            for batch in read_range(partial(self._batches, client, types), part):
                yield as_spark_batch(batch, self._target)

    def _batches(self, client: Client, types: dict[str, str], start: int = 0, **bounds: Any) -> Iterator[Any]:
        try:
            for batch in self._rows(client, list(types))(start=start, **bounds).to_arrow_batches(
                schema=types, dates="parse"
            ):
                yield batch.to_pyarrow()
        except UnexpectedResponseError as error:
            raise of_schema(error) from error

    def _rows(self, client: Client, names: list[str]) -> Any:
        entity = client.entity(self._options.entity)
        return partial(entity.list, filters=self._filters, fields=names)


class FilteringReader(EgitoReader):
    """Sends equality filters to the server. Spark filters again, since a server may ignore or extend a filter."""

    def pushFilters(self, filters: list[Any]) -> Iterable[Any]:  # noqa: N802 - Spark's name
        """Takes the filters that the server can apply, and returns all of them."""
        for each in filters:
            values = [each.value] if isinstance(each, EqualTo) else list(each.value) if isinstance(each, In) else []
            name = ".".join(each.attribute) if values else ""
            if 0 < len(values) <= MANY and all(map(_is_sendable, values)) and name not in self._filters:
                self._filters[name] = values
        return filters


def _is_sendable(value: object) -> bool:
    """Returns whether a server compares this value as Spark does: text without outer blanks, ints and bools."""
    return isinstance(value, int) or (isinstance(value, str) and value != "" and value == value.strip())

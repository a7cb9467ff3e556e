"""The data source, which Spark creates on the driver for each read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql.datasource import DataSource, DataSourceStreamWriter

from egito._check import invalid_value
from egito.spark._connection import Connection
from egito.spark._options import Options, no_stream
from egito.spark._reader import EgitoReader, FilteringReader
from egito.spark._schema import check_maps, check_names, infer_schema, read_schema
from egito.spark._stream import EgitoStreamReader
from egito.spark._writer import EgitoWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyspark.sql.types import StructType


class EgitoDataSource(DataSource):
    """The format `egito`. Options and settings are those of docs/spark.md; register it with `egito.spark.register`."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = Options.parse(options)
        self._connection = Connection(self._options.settings)
        self._connection.open().close()  # checks the settings, and sends nothing

    @classmethod
    def name(cls) -> str:
        """Returns the name of the format."""
        return "egito"

    def schema(self) -> StructType:
        """Infers the schema from the oldest and the newest records."""
        with self._connection.open() as client:
            return infer_schema(client.entity(self._options.entity), self._options)

    def reader(self, schema: StructType) -> EgitoReader:
        """Returns a reader of all records."""
        connection = self._checked(schema)
        kind = FilteringReader if self._options.push_filters else EgitoReader
        return kind(self._options, connection, schema)

    def simpleStreamReader(self, schema: StructType) -> EgitoStreamReader:  # noqa: N802 - Spark's name
        """Returns a reader of changes."""
        return EgitoStreamReader(self._options, self._checked(schema), schema)

    def writer(self, schema: StructType, overwrite: bool) -> EgitoWriter:
        """Returns a writer that may write a record twice without creating a second one."""
        if overwrite:
            raise invalid_value("mode", '"append", since records are never deleted', "overwrite")
        self._options.check_write()
        check_maps(schema)
        EgitoWriter(self._options, self._connection).check(schema.names)
        entity = self._options.entity
        connection = self._connection.with_login(lambda client: client.entity(entity).list().exists())
        return EgitoWriter(self._options, connection)

    def streamWriter(self, schema: StructType, overwrite: bool) -> DataSourceStreamWriter:  # noqa: ARG002, N802
        """Refuses to write a stream."""
        raise no_stream()

    def _checked(self, schema: StructType) -> Connection:
        """Returns a connection with a login, after a check of the types and names of the columns."""
        read_schema(schema)
        entity = self._options.entity
        return self._connection.with_login(lambda client: check_names(schema, client.entity(entity), self._options))

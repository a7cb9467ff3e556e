"""Lists as tables of Arrow columns, whole or batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito._check import LIST_INSTEAD, refuse_second_reading
from egito._text_columns import warn_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas
    import polars
    import pyarrow

    from egito import _egito


class _Columns:
    """What a table and a batch have in common."""

    __slots__ = ("_native",)

    def __init__(self, native: _egito.ArrowTable) -> None:
        self._native = native

    def __arrow_c_schema__(self) -> object:
        return self._native.__arrow_c_schema__()

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        columns = "".join(f"\n  {name}: {kind}" for name, kind in self._native.describe())
        return f"egito.{type(self).__name__} of {len(self)} rows{columns}"

    @property
    def num_rows(self) -> int:
        """How many records it holds."""
        return len(self._native)

    @property
    def num_columns(self) -> int:
        """How many columns it has."""
        return self._native.num_columns

    @property
    def column_names(self) -> list[str]:
        """The names of its columns."""
        return self._native.column_names

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it takes."""
        return self._native.nbytes


class ArrowTable(_Columns):
    """The records of a list as columns, which pandas, polars, DuckDB, pyarrow and others take without a copy.

    Each key of the records is a column, in the order in which the keys were first seen; what a record lacks is null.
    Objects are structs, lists are lists. The types come from all the records: a column of ints that holds a decimal
    somewhere is one of doubles. Values of different types make a column of text, in which texts stay as they are and
    every other value is its JSON text; numbers that neither int64 nor double holds exactly make one of their digits. A
    `ColumnTypeWarning` and the schema's metadata name such columns. With `decimals="decimal"` or `"string"` a column
    with decimals holds the digits of its numbers as text. Dates stay the texts that the server wrote, unless
    `dates="parse"` asks for timestamps.

    Example:
        table = client.accounts.list().to_arrow()
        print(len(table), table.column_names)
    """

    __slots__ = ()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface: any number of readers may ask for it."""
        return self._native.__arrow_c_stream__(requested_schema)

    def to_pyarrow(self) -> pyarrow.Table:
        """The same columns as a `pyarrow.Table`. Needs pyarrow.

        Example:
            parquet.write_table(client.accounts.list().to_arrow().to_pyarrow(), "accounts.parquet")
        """
        import pyarrow

        # `pyarrow.table(self)` would import pandas, only to find that this is no frame of it.
        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """Return a pandas DataFrame. Needs pandas and pyarrow; the options are those of `pyarrow.Table.to_pandas`.

        Integers stay integers: columns of them are `Int64`, with or without missing values, so that an id is never a
        float, and the type does not depend on which records there are. Booleans are `boolean`, objects and lists have
        the type that they have in Arrow. Integers of more than 64 bits are Python ints. Other types are those of
        pyarrow; the option `types_mapper` replaces all of these.

        Example:
            frame = client.accounts.list().to_arrow().to_pandas()
        """
        from egito._pandas import to_pandas

        return to_pandas(self.to_pyarrow(), self._native.text_columns(), options)

    def to_polars(self) -> polars.DataFrame:
        """A polars DataFrame. Needs polars, and no pyarrow.

        Example:
            frame = client.accounts.list().to_arrow().to_polars()
        """
        import polars

        return polars.DataFrame(self)


class ArrowBatch(_Columns):
    """The records of one page as columns, as `RecordList.to_arrow_batches` gives them. All of a list have one schema.

    Example:
        for batch in client.accounts.list().to_arrow_batches():
            print(len(batch), batch.column_names)
    """

    __slots__ = ()

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Arrow's PyCapsule interface: any number of readers may ask for it."""
        return self._native.__arrow_c_array__(requested_schema)

    def to_pyarrow(self) -> pyarrow.RecordBatch:
        """The same columns as a `pyarrow.RecordBatch`. Needs pyarrow.

        Example:
            for batch in client.accounts.list().to_arrow_batches():
                print(batch.to_pyarrow().nbytes)
        """
        import pyarrow

        return pyarrow.record_batch(self)


class ArrowBatches:
    """The records of a list as Arrow batches of one schema, one for each page, read as they are wanted.

    Iterate over it, or hand it to a library that reads Arrow streams (`__arrow_c_stream__`): pyarrow, polars, DuckDB
    and others. Either way each batch is given once, and a stream gets what was not read before. To read the list again
    once all were given raises ConfigError: ask for new batches.

    Example:
        batches = client.accounts.list().to_arrow_batches()
        writer = parquet.ParquetWriter("accounts.parquet", pyarrow.schema(batches))
        for batch in batches:
            writer.write_batch(batch.to_pyarrow())
        writer.close()
    """

    __slots__ = ("_ended", "_native", "_warned")

    def __init__(self, native: _egito.ArrowBatches) -> None:
        self._native = native
        self._ended = self._warned = False

    def __iter__(self) -> Iterator[ArrowBatch]:
        refuse_second_reading(self._ended, LIST_INSTEAD)
        return self

    def __next__(self) -> ArrowBatch:
        self._warn_once()
        try:
            return ArrowBatch(next(self._native))
        except StopIteration:
            self._ended = True
            raise

    def __arrow_c_schema__(self) -> object:
        """The schema of all batches. Reads the first page where it is not known yet."""
        self._warn_once()
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface: the batches that were not read yet, for one reader."""
        refuse_second_reading(self._ended, LIST_INSTEAD)
        self._warn_once()
        return self._native.__arrow_c_stream__(requested_schema)

    def _warn_once(self) -> None:
        if not self._warned:
            text_columns = self._native.text_columns()
            self._warned = True
            warn_of(text_columns)

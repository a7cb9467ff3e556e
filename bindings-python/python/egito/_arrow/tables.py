"""Tables and batches of Arrow columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito._arrow.text_columns import warn_about
from egito._check import READ_LIST_AGAIN, refuse_second_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas
    import polars
    import pyarrow

    from egito import _egito


class _Columns:
    """Base class of tables and batches."""

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
        """Number of records."""
        return len(self._native)

    @property
    def num_columns(self) -> int:
        """Number of columns."""
        return self._native.num_columns

    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
        return self._native.column_names

    @property
    def nbytes(self) -> int:
        """Size in memory, in bytes."""
        return self._native.nbytes


class ArrowTable(_Columns):
    """The records of a list as columns. pandas, polars, DuckDB, pyarrow and others read them without a copy.

    Each key of the records is a column, in the order in which the keys were first seen. Missing values are null.
    Objects are structs, and lists are lists. Types follow from all records: a column of ints with one decimal is a
    column of doubles.

    A column with values of different types is a column of strings: strings are unchanged, other values are their JSON.
    A column with a number that neither int64 nor double holds exactly has the digits of its numbers as strings. A
    `ColumnTypeWarning` and the metadata of the schema name such columns.

    With `decimals="decimal"` or `"string"` a column with decimals has the digits of its numbers as strings. Dates are
    the strings that the server sent, unless `dates="parse"` makes timestamps of them.

    Example:
        table = client.accounts.list().to_arrow()
        print(len(table), table.column_names)
    """

    __slots__ = ()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface, for any number of readers."""
        return self._native.__arrow_c_stream__(requested_schema)

    def to_pyarrow(self) -> pyarrow.Table:
        """Returns the columns as a `pyarrow.Table`. Needs pyarrow.

        Example:
            parquet.write_table(client.accounts.list().to_arrow().to_pyarrow(), "accounts.parquet")
        """
        import pyarrow

        # Not `pyarrow.table(self)`: it imports pandas to check whether this is a DataFrame.
        return pyarrow.RecordBatchReader.from_stream(self).read_all()

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """Returns a pandas DataFrame. Needs pandas and pyarrow; the options are those of `pyarrow.Table.to_pandas`.

        Columns of integers are `Int64`, with or without missing values: an id is never a float, and the type does not
        depend on the records. Columns of booleans are `boolean`, columns of objects and lists have their Arrow type.
        Integers of more than 64 bits are Python ints. Other types are those of pyarrow. The option `types_mapper`
        replaces all of these.

        Example:
            frame = client.accounts.list().to_arrow().to_pandas()
        """
        from egito._arrow.pandas import to_pandas

        return to_pandas(self.to_pyarrow(), self._native.text_columns(), options)

    def to_polars(self) -> polars.DataFrame:
        """Returns a polars DataFrame. Needs polars, but not pyarrow.

        Example:
            frame = client.accounts.list().to_arrow().to_polars()
        """
        import polars

        return polars.DataFrame(self)


class ArrowBatch(_Columns):
    """The records of one page as columns, from `RecordList.to_arrow_batches`. All batches of a list have one schema.

    Example:
        for batch in client.accounts.list().to_arrow_batches():
            print(len(batch), batch.column_names)
    """

    __slots__ = ()

    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """Arrow's PyCapsule interface, for any number of readers."""
        return self._native.__arrow_c_array__(requested_schema)

    def to_pyarrow(self) -> pyarrow.RecordBatch:
        """Returns the columns as a `pyarrow.RecordBatch`. Needs pyarrow.

        Example:
            for batch in client.accounts.list().to_arrow_batches():
                print(batch.to_pyarrow().nbytes)
        """
        import pyarrow

        return pyarrow.record_batch(self)


class ArrowBatches:
    """The records of a list as Arrow batches with one schema: a batch for each page, read on demand.

    Iterate over it, or pass it to a library that reads Arrow streams (`__arrow_c_stream__`): pyarrow, polars, DuckDB
    and others. Each batch is returned once; a stream has the batches that were not read before. Reading it again after
    the last batch raises ConfigError: call `to_arrow_batches` again.

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
        refuse_second_reading(self._ended, READ_LIST_AGAIN)
        return self

    def __next__(self) -> ArrowBatch:
        self._warn_once()
        try:
            return ArrowBatch(next(self._native))
        except StopIteration:
            self._ended = True
            raise

    def __arrow_c_schema__(self) -> object:
        """The schema of all batches. Reads the first page if the schema is not known yet."""
        self._warn_once()
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface: the batches that were not read yet, for one reader."""
        refuse_second_reading(self._ended, READ_LIST_AGAIN)
        self._warn_once()
        return self._native.__arrow_c_stream__(requested_schema)

    def _warn_once(self) -> None:
        if not self._warned:
            text_columns = self._native.text_columns()
            self._warned = True
            warn_about(text_columns)

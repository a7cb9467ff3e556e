"""Lists for asyncio: pages are requested while the program reads."""

from __future__ import annotations

import asyncio  # async only

from egito._async_iterators import AsyncPages, AsyncRecords  # async only
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    from collections.abc import Mapping

    # sync: from collections.abc import Iterator
    from typing import Any, Literal

    import pandas
    import polars

    from egito import _egito
    from egito._arrow.schema import ArrowSchema
    from egito._arrow.tables import ArrowTable
    from egito._async.with_response import AsyncRecordListWithResponse
    from egito._async_iterators import AsyncBatches

NO_SIZE = (
    "a list has no len() and no truth value, because it is read from the server; "
    "use `await list.exists()` or `await list.count()`"
)


class AsyncRecordList(NotCopied, Generic[R]):
    """The records of a list, for asyncio. Iterating over it reads it page by page, in constant memory.

    Each iteration starts over and sends new requests. Reading raises the errors of every call (see `AsyncEntity`), and
    PaginationError if the list cannot be read completely. An iterator that failed raises the same error again, and one
    that was interrupted continues where it stopped: neither ends as if the list were complete.

    Tasks that share one iterator get each record exactly once. `aclose()` of an iterator cancels its requests.

    Example:
        async for account in client.accounts.list():
            print(account["name"])
    """

    __slots__ = ("_name", "_native")

    def __init__(self, native: _egito.AsyncRecordList, name: str) -> None:
        self._native = native
        self._name = name

    def __repr__(self) -> str:
        return f"<egito.AsyncRecordList {self._name}>"

    def __aiter__(self) -> AsyncRecords[R]:
        return AsyncRecords(self._native)  # async only
        # sync: return self._native.records()

    def __bool__(self) -> bool:
        raise TypeError(NO_SIZE)

    def __len__(self) -> int:
        raise TypeError(NO_SIZE)

    def pages(self) -> AsyncPages[list[R]]:
        """Returns an iterator of pages: the records of one response each, as a list.

        Example:
            async for page in client.accounts.list(page_size=1000).pages():
                save(page)
        """
        return AsyncPages(self._native.pages())  # async only
        # sync: return self._native.pages()

    def with_response(self) -> AsyncRecordListWithResponse[R]:
        """Returns the list with a `Response` for each page: its records with HTTP status and headers.

        Example:
            async for response in client.accounts.list().with_response().pages():
                print(len(response.value), response.status, response.elapsed)
        """
        from egito._async.with_response import AsyncRecordListWithResponse  # seldom needed

        return AsyncRecordListWithResponse(self._native.with_response(), self._name)

    async def to_list(self) -> list[R]:
        """Returns all records as a list.

        Example:
            accounts = await client.accounts.list(city="Kraków").to_list()
        """
        records: list[R] = []
        async for page in self.pages():
            records += page
        return records

    async def first(self) -> R | None:
        """Returns the first record, or None if the list is empty. Requests one record, with `start` up to three.

        Example:
            newest = await client.accounts.list(sort="id", order="desc").first()
        """
        first: R | None = await self._native.first()
        return first

    async def exists(self) -> bool:
        """Returns whether the list has any record. Requests one record, with `start` up to three.

        Example:
            if not await client.contacts.list(email="jan@firma.pl").exists():
                print("unknown")
        """
        return await self._native.exists()

    async def total(self) -> int | None:
        """Returns the number of records that match the filters, as the server reports it, or None if it does not.

        Sends one small request. `start` and `limit` do not change the number; for that see `count`.

        Example:
            print(await client.accounts.list(city="Kraków").total())
        """
        return await self._native.total()

    async def count(self) -> int:
        """Returns the number of records in the list, with its filters, `start` and `limit`.

        Sends one small request if the server reports a total. Otherwise reads the whole list, in constant memory.

        Example:
            print(await client.accounts.list(city="Kraków").count())
        """
        return await self._native.count()

    async def to_arrow(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> ArrowTable:
        """Returns all records as Arrow columns, without a Python object for any record: see `ArrowTable`.

        With `flatten=True` the fields of objects become columns such as `address.city`. With `dates="parse"` columns of
        ISO 8601 strings in UTC become timestamps in milliseconds. If a column has other strings, too, it stays a column
        of strings and a `ColumnTypeWarning` names it.

        Example:
            table = await client.accounts.list().to_arrow()
            print(duckdb.from_arrow(table).aggregate("city, count(*)"))
        """
        from egito._arrow.options import frame_options
        from egito._arrow.tables import ArrowTable
        from egito._arrow.text_columns import warn_about

        native = await self._native.to_arrow(*frame_options(flatten, dates))
        warn_about(native.text_columns())
        return ArrowTable(native)

    def to_arrow_batches(
        self,
        *,
        schema: ArrowSchema | None = None,
        schema_overrides: Mapping[str, object] | None = None,
        strict: bool = True,
        flatten: bool = False,
        dates: Literal["text", "parse"] = "text",
    ) -> AsyncBatches:
        """Returns the records as Arrow batches with one schema: a batch for each page, in constant memory.

        The schema follows from the first page: the type of each of its columns, and strings for a column without
        values. Later pages must fit. `schema_overrides` sets the types of some columns, `schema` those of all: a
        mapping of names to types (`"int64"`, `"decimal128(18, 2)"`, `"list<string>"`, or a type of pyarrow or polars),
        a `pyarrow.Schema`, a `polars.Schema`, or a table.

        A value that does not fit, or a field that is not in the schema, raises UnexpectedResponseError with the number
        of the record and the column. With `strict=False` such values become null, and such fields are left out.
        `flatten` and `dates` are those of `to_arrow`.

        Example:
            async for batch in client.accounts.list(page_size=1000).to_arrow_batches():
                print(len(batch), batch.column_names)
        """
        from egito._arrow.options import frame_options
        from egito._arrow.schema import batch_schema, named_types
        from egito._async_iterators import AsyncBatches
        from egito._check import check_flag

        overrides = named_types("schema_overrides", {} if schema_overrides is None else schema_overrides)
        frames = frame_options(flatten, dates)
        return AsyncBatches(
            self._native.arrow_batches(batch_schema(schema), overrides, check_flag("strict", strict), *frames)
        )

    # sync: def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
    # sync:     """Arrow's PyCapsule interface. Reads the whole list each time it is called."""
    # sync:     return self.to_arrow().__arrow_c_stream__(requested_schema)

    async def to_pandas(
        self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text", **options: Any
    ) -> pandas.DataFrame:
        """Returns all records as a pandas DataFrame, made in a thread; see `ArrowTable.to_pandas`.

        Needs pandas and pyarrow. `flatten` and `dates` are those of `to_arrow`, the other options those of
        `pyarrow.Table.to_pandas`.

        Example:
            frame = await client.opportunities.list().to_pandas()
        """
        table = await self.to_arrow(flatten=flatten, dates=dates)
        return await asyncio.to_thread(table.to_pandas, **options)  # async only
        # sync: return table.to_pandas(**options)

    async def to_polars(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> polars.DataFrame:
        """Returns all records as a polars DataFrame, made in a thread. Needs polars.

        `flatten` and `dates` are those of `to_arrow`.

        Example:
            frame = await client.opportunities.list(fields=["id", "value"]).to_polars()
        """
        table = await self.to_arrow(flatten=flatten, dates=dates)
        return await asyncio.to_thread(table.to_polars)  # async only
        # sync: return table.to_polars()

"""Lists for asyncio: read record by record or page by page, as they are wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, Literal

from egito._arrow import ArrowBatch, ArrowTable
from egito._arrow_schema import batch_schema, named_types
from egito._async_pages import AsyncPages
from egito._check import LIST_INSTEAD, check_flag, refuse_second_reading
from egito._frame_options import frame_options
from egito._not_copied import NotCopied
from egito._record_list import NO_SIZE
from egito._record_type import R
from egito._text_columns import warn_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas
    import polars

    from egito import _egito
    from egito._arrow_schema import ArrowSchema
    from egito._async_with_response import AsyncRecordListWithResponse


class AsyncRecordList(NotCopied, Generic[R]):
    """The records of a list for asyncio, read page by page while one iterates, in constant memory.

    The same as `RecordList`, with `async for` and `await`. Each `async for` over the list starts over. Tasks that share
    one iterator get each record exactly once, and `aclose()` of an iterator ends its requests.

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

    def __aiter__(self) -> _AsyncRecords[R]:
        return _AsyncRecords(self._native)

    def __bool__(self) -> bool:
        raise TypeError(f"{NO_SIZE}, with `await`")

    def __len__(self) -> int:
        raise TypeError(f"{NO_SIZE}, with `await`")

    def pages(self) -> AsyncPages[list[R]]:
        """The pages: each a list of records as one response brought them.

        Example:
            async for page in client.accounts.list(page_size=1000).pages():
                save(page)
        """
        return AsyncPages(self._native.pages())

    def with_response(self) -> AsyncRecordListWithResponse[R]:
        """Return the list for pages that are a `Response` each, see `RecordList.with_response`.

        Example:
            async for response in client.accounts.list().with_response().pages():
                print(len(response.value), response.status, response.elapsed)
        """
        from egito._async_with_response import AsyncRecordListWithResponse  # seldom needed

        return AsyncRecordListWithResponse(self._native.with_response(), self._name)

    async def to_list(self) -> list[R]:
        """All records at once, in memory.

        Example:
            accounts = await client.accounts.list(city="Kraków").to_list()
        """
        records: list[R] = []
        async for page in self.pages():
            records += page
        return records

    async def first(self) -> R | None:
        """The first record, or None where there is none. Asks for one record, with `start` for three.

        Example:
            newest = await client.accounts.list(sort="id", order="desc").first()
        """
        first: R | None = await self._native.first()
        return first

    async def exists(self) -> bool:
        """Return whether the list has any record. Asks for one record, with `start` for three.

        Example:
            if not await client.contacts.list(email="jan@firma.pl").exists():
                print("unknown")
        """
        return await self._native.exists()

    async def total(self) -> int | None:
        """Return how many records the server says that match the filters; None where it does not say.

        Sends one small request. `start` and `limit` do not change the number: see `count` for that.

        Example:
            print(await client.accounts.list(city="Kraków").total())
        """
        return await self._native.total()

    async def count(self) -> int:
        """Return the number of records that the list gives, with its filters, `start` and `limit`.

        Costs one small request where the server tells a total. Otherwise the whole list is read, in constant memory.

        Example:
            print(await client.accounts.list(city="Kraków").count())
        """
        return await self._native.count()

    async def to_arrow(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> ArrowTable:
        """All records as columns, without making a Python object of any: see `RecordList.to_arrow`.

        Example:
            table = await client.accounts.list().to_arrow()
        """
        native = await self._native.to_arrow(*frame_options(flatten, dates))
        warn_of(native.text_columns())
        return ArrowTable(native)

    def to_arrow_batches(
        self,
        *,
        schema: ArrowSchema | None = None,
        schema_overrides: Mapping[str, object] | None = None,
        strict: bool = True,
        flatten: bool = False,
        dates: Literal["text", "parse"] = "text",
    ) -> _AsyncBatches:
        """The records as Arrow batches of one schema, a page at a time: see `RecordList.to_arrow_batches`.

        Example:
            async for batch in client.accounts.list().to_arrow_batches():
                print(len(batch), batch.column_names)
        """
        overrides = named_types("schema_overrides", {} if schema_overrides is None else schema_overrides)
        frames = frame_options(flatten, dates)
        return _AsyncBatches(
            self._native.arrow_batches(batch_schema(schema), overrides, check_flag("strict", strict), *frames)
        )

    async def to_pandas(
        self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text", **options: Any
    ) -> pandas.DataFrame:
        """All records as a pandas DataFrame, made in a thread; see `ArrowTable.to_pandas`. Needs pandas and pyarrow.

        Example:
            frame = await client.opportunities.list().to_pandas()
        """
        return await asyncio.to_thread((await self.to_arrow(flatten=flatten, dates=dates)).to_pandas, **options)

    async def to_polars(self, *, flatten: bool = False, dates: Literal["text", "parse"] = "text") -> polars.DataFrame:
        """All records as a polars DataFrame, made in a thread. Needs polars.

        Example:
            frame = await client.opportunities.list(fields=["id", "value"]).to_polars()
        """
        return await asyncio.to_thread((await self.to_arrow(flatten=flatten, dates=dates)).to_polars)


# These are classes and no async generators, see `AsyncPages`.


class _AsyncBatches:
    __slots__ = ("_ended", "_native", "_warned")

    def __init__(self, native: _egito.AsyncPages) -> None:
        self._native: _egito.AsyncPages | None = native
        self._ended = self._warned = False

    def __aiter__(self) -> _AsyncBatches:
        refuse_second_reading(self._ended, LIST_INSTEAD)
        return self

    async def __anext__(self) -> ArrowBatch:
        batch: Any = None if self._native is None else await self._native.next()
        if batch is None:
            self._ended = self._native is not None
            raise StopAsyncIteration
        if not self._warned:
            self._warned = True
            warn_of(batch.text_columns())
        return ArrowBatch(batch)

    async def aclose(self) -> None:
        """Ask for no more pages."""
        self._native = None


class _AsyncRecords(Generic[R]):
    __slots__ = ("_ended", "_list", "_native", "_ready")

    def __init__(self, native: _egito.AsyncRecordList) -> None:
        self._list = native
        self._native: _egito.AsyncPages | None = native.pages()
        self._ready: deque[R] = deque()
        self._ended = False

    def __aiter__(self) -> _AsyncRecords[R]:
        refuse_second_reading(self._ended, LIST_INSTEAD)
        return self

    async def __anext__(self) -> R:
        while not self._ready:
            page = None if self._native is None else await self._native.next()
            if page is not None:
                self._ready.extend(page)
            elif not self._ready:  # another task may have put a page there meanwhile
                self._ended = self._native is not None
                raise StopAsyncIteration
        self._list.check_running()
        return self._ready.popleft()

    async def aclose(self) -> None:
        """Give no more records."""
        self._native = None
        self._ready.clear()

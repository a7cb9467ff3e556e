"""Lists: read record by record or page by page, as they are wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito._errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from egito import _egito
    from egito._types import Record


class RecordList:
    """The records of a list, read page by page while one iterates, in constant memory.

    Each iteration asks the server anew. Reading raises what every call raises (see `Entity`), and PaginationError where
    the list cannot be read completely.

    Example:
        for account in client.accounts.list():
            print(account["name"])
    """

    __slots__ = ("_native",)

    def __init__(self, native: _egito.RecordList) -> None:
        self._native = native

    def __iter__(self) -> Iterator[Record]:
        for page in self._native.pages():
            yield from page

    def pages(self) -> Iterator[list[Record]]:
        """The pages: each a list of records as one response brought them.

        Example:
            for page in client.accounts.list(page_size=1000).pages():
                save(page)
        """
        return self._native.pages()

    def to_list(self) -> list[Record]:
        """All records at once, in memory.

        Example:
            accounts = client.accounts.list(city="Kraków").to_list()
        """
        return [record for page in self._native.pages() for record in page]

    def first(self) -> Record | None:
        """The first record, or None where there is none. Asks for one record only.

        Example:
            newest = client.accounts.list(sort="id", order="desc").first()
        """
        return self._native.first()


class AsyncRecordList:
    """The records of a list for asyncio, read page by page while one iterates, in constant memory.

    The same as `RecordList`, with `async for` and `await`.

    Example:
        async for account in client.accounts.list():
            print(account["name"])
    """

    __slots__ = ("_native",)

    def __init__(self, native: _egito.AsyncRecordList) -> None:
        self._native = native

    def __aiter__(self) -> AsyncIterator[Record]:
        return _AsyncRecords(self._native.pages())

    def pages(self) -> AsyncIterator[list[Record]]:
        """The pages: each a list of records as one response brought them.

        Example:
            async for page in client.accounts.list(page_size=1000).pages():
                save(page)
        """
        return _AsyncPages(self._native.pages())

    async def to_list(self) -> list[Record]:
        """All records at once, in memory.

        Example:
            accounts = await client.accounts.list(city="Kraków").to_list()
        """
        return [record async for page in self.pages() for record in page]

    async def first(self) -> Record | None:
        """The first record, or None where there is none. Asks for one record only.

        Example:
            newest = await client.accounts.list(sort="id", order="desc").first()
        """
        return await self._native.first()


# Both are classes and no async generators: a loop that is left early would have to wait for a generator's end.


class _AsyncPages:
    __slots__ = ("_native",)

    def __init__(self, native: _egito.AsyncPages) -> None:
        self._native = native

    def __aiter__(self) -> _AsyncPages:
        return self

    async def __anext__(self) -> list[Record]:
        page = await self._native.next()
        if page is None:
            raise StopAsyncIteration
        return page


class _AsyncRecords:
    __slots__ = ("_page", "_pages")

    def __init__(self, pages: _egito.AsyncPages) -> None:
        self._pages = pages
        self._page: Iterator[Record] = iter(())

    def __aiter__(self) -> _AsyncRecords:
        return self

    async def __anext__(self) -> Record:
        for record in self._page:
            return record
        page = await self._pages.next()
        if page is None:
            raise StopAsyncIteration
        self._page = iter(page)
        return next(self._page)


def list_options(
    filters: Mapping[str, Any] | None, more: dict[str, Any], sort: str | None, order: str | None, page_size: int | None
) -> dict[str, Any]:
    """The options of a list in the form that the core reads."""
    if filters and (twice := filters.keys() & more.keys()):
        raise ConfigError(f"the filter `{min(twice)}` is given twice", setting=min(twice), outcome="not_sent")
    return {"filters": {**(filters or {}), **more}, "sort": sort, "order": order, "page_size": page_size}

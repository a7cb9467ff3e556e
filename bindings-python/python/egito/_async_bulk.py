"""Bulks for asyncio: the calls go on in a thread of their own, whatever the event loop does meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator

    from egito import _egito
    from egito._bulk import BulkRow, Inputs


class AsyncRows:
    """The rows as they become known. Dropping it, or `aclose()`, ends the calls that are under way."""

    # A class and no async generator: a loop that is left early would have to wait for a generator's end.
    __slots__ = ("_failure", "_fetch", "_native", "_ready", "_source", "_under_way", "_waits")

    def __init__(
        self, native: _egito.AsyncBulkCalls, inputs: Iterable[Any] | AsyncIterable[Any], under_way: Inputs
    ) -> None:
        self._native = native
        self._under_way = under_way
        self._failure: Exception | None = None
        self._waits = isinstance(inputs, AsyncIterable)
        self._source: Iterator[Any] | AsyncIterator[Any] | None
        self._source = inputs.__aiter__() if isinstance(inputs, AsyncIterable) else iter(inputs)
        # Kept from one row to the next where it is the other one that came first.
        self._fetch: asyncio.Future[Any] | None = None
        self._ready: asyncio.Future[Any] | None = None

    def __aiter__(self) -> AsyncRows:
        return self

    async def __anext__(self) -> BulkRow[Any]:
        while True:
            if self._waits:
                self._take_what_came()
            else:
                self._fill()
            row = self._native.take()
            if row is not None:
                return self._under_way.row(row)
            if self._fetch is None and not self._under_way:
                break
            if self._fetch is None:
                await self._native.ready()
            else:
                await self._either()
        await self.aclose()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """End the calls that are under way."""
        self._close()

    def __del__(self) -> None:
        self._close()

    def _close(self) -> None:
        self._source = None
        self._native.close()
        for each in (self._fetch, self._ready):
            if each is not None and not each.get_loop().is_closed():
                each.cancel()

    def _fill(self) -> None:
        """Takes inputs from an ordinary iterator."""
        while self._source is not None and self._under_way.has_room():
            try:
                input = next(self._source)  # type: ignore[arg-type]
            except StopIteration:
                self._source = None
            except Exception as raised:
                # What was sent is waited for first: its rows say what was done.
                self._failure, self._source = raised, None
            else:
                self._under_way.add(input, self._native.push(input))

    def _take_what_came(self) -> None:
        """Takes the input that came from an asynchronous iterator, and asks it for the next."""
        if self._fetch is not None and self._fetch.done():
            fetch, self._fetch = self._fetch, None
            try:
                input = fetch.result()
            except StopAsyncIteration:
                self._source = None
            except Exception as raised:
                self._failure, self._source = raised, None
            else:
                self._under_way.add(input, self._native.push(input))
        if self._fetch is None and self._source is not None and self._under_way.has_room():
            self._fetch = asyncio.ensure_future(_once(self._source.__anext__()))  # type: ignore[union-attr]

    async def _either(self) -> None:
        """Waits for an input, or for a row where one is under way."""
        assert self._fetch is not None
        waited: set[asyncio.Future[Any]] = {self._fetch}
        if self._under_way:
            if self._ready is None:
                self._ready = asyncio.ensure_future(_once(self._native.ready()))
            waited.add(self._ready)
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if self._ready is not None and self._ready.done():
            ready, self._ready = self._ready, None
            ready.result()


async def _once(awaitable: Awaitable[Any]) -> Any:
    """A coroutine that holds nothing but what it awaits: so that dropping the rows ends them."""
    return await awaitable


async def collect(rows: AsyncRows, under_way: Inputs) -> list[BulkRow[Any]]:
    """All rows, once the last is known."""
    under_way.finished = []
    try:
        return [row async for row in rows]
    except BaseException as raised:
        under_way.tell(raised)
        raise
    finally:
        await rows.aclose()

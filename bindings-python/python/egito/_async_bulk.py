"""Bulks for asyncio: the calls run in a thread of their own, whatever the event loop does meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING, Any, Generic

from egito._bulk import INTERRUPTIONS, inputs_left, with_rows
from egito._check import BULK_INSTEAD, refuse_second_reading
from egito._not_copied import NotCopied
from egito._record_type import R

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator

    from egito import _egito
    from egito._bulk import BulkRow, Report


class AsyncBulkRows(NotCopied, Generic[R]):
    """The rows of a bulk as they become known, by `stream=True`. Dropping it, or `aclose`, ends the calls in flight.

    A wait for a row that is cancelled loses nothing: the rows can be read on. `rest` ends the bulk.

    Example:
        rows = client.leads.create_many(leads, stream=True)
        try:
            async for row in rows:
                save(row)
        except asyncio.CancelledError:
            for row in await rows.rest():
                save(row)
            raise
    """

    # A class and no async generator: a loop that is left early would have to wait for a generator's end.
    __slots__ = (
        *("_cancelled", "_closed", "_ended", "_failure", "_fetch", "_inputs_left", "_is_async", "_native", "_ready"),
        *("_report", "_source"),
    )

    def __init__(
        self, native: _egito.AsyncBulkCalls, inputs: Iterable[Any] | AsyncIterable[Any], report: Report
    ) -> None:
        self._native = native
        self._report = report
        self._failure: Exception | None = None
        self._cancelled = self._closed = self._ended = self._inputs_left = False
        self._is_async = isinstance(inputs, AsyncIterable)
        self._source: Iterator[Any] | AsyncIterator[Any] | None
        self._source = inputs.__aiter__() if isinstance(inputs, AsyncIterable) else iter(inputs)
        # Kept from one row to the next where it is the other one that came first.
        self._fetch: asyncio.Future[Any] | None = None
        self._ready: asyncio.Future[Any] | None = None

    def __aiter__(self) -> AsyncBulkRows[R]:
        refuse_second_reading(self._ended and not self._closed, BULK_INSTEAD)
        return self

    async def __anext__(self) -> BulkRow[R]:
        while True:
            if self._fetch is not None and self._fetch.done():
                fetch, self._fetch = self._fetch, None
                self._receive(fetch.result)
            more = self._source is not None and self._fetch is None
            step = self._native.step(more)
            if isinstance(step, tuple):
                return self._report.row(step)
            if isinstance(step, list):
                self._report.progress(*step)
            elif step:
                self._take()
            elif step is None or self._fetch is not None:
                await self._change(more, step is None)
            else:
                break
        was_ended = self._ended
        self._close()
        failure, self._failure = self._failure, None
        raise failure or (inputs_left() if self._inputs_left and not was_ended else StopAsyncIteration)

    def cancel(self) -> None:
        """Ends the bulk: no further input is taken, and calls in flight have `cancel_grace` seconds to finish.

        The second time, they end at once. The rows can still be read; after the last, reading raises CancelledError if
        inputs were left.
        """
        self._inputs_left = self._inputs_left or self._source is not None
        self._stop()

    def _stop(self) -> None:
        self._native.cancel(self._cancelled)
        self._cancelled = True
        self._source = None
        if self._fetch is not None:
            self._fetch.cancel()
            self._fetch = None

    async def rest(self) -> list[BulkRow[R]]:
        """Cancels the bulk and returns the rows that were not read yet, once the calls in flight have ended."""
        rows, raised = await self._rest()
        if raised is not None:
            with_rows(raised, rows)
            raise raised
        return rows

    async def aclose(self) -> None:
        """Ends the calls in flight, without rows."""
        self._closed = self._closed or not self._ended
        self._close()

    def __del__(self) -> None:
        if hasattr(self, "_ready"):  # it was made
            self._close()

    async def _rest(self) -> tuple[list[BulkRow[R]], BaseException | None]:
        """The rows that were not read yet, and what interrupted that."""
        rows: list[BulkRow[R]] = []
        interruption: BaseException | None = None
        self._report.be_quiet()
        self._stop()
        self._inputs_left = False
        for _ in range(INTERRUPTIONS):
            try:
                while True:
                    rows.append(await self.__anext__())
            except StopAsyncIteration:
                break
            except BaseException as raised:
                interruption = raised
                self._stop()
        return rows, interruption

    def _close(self) -> None:
        self._ended, self._source = True, None
        self._native.close()
        for each in (self._fetch, self._ready):
            if each is not None and not each.get_loop().is_closed():
                each.cancel()

    def _take(self) -> None:
        """Takes the next input, or asks an asynchronous iterator for it."""
        if self._is_async:
            self._fetch = asyncio.ensure_future(_once(self._source.__anext__()))  # type: ignore[union-attr]
        else:
            self._receive(self._source.__next__)  # type: ignore[union-attr]

    def _receive(self, next_input: Callable[[], Any]) -> None:
        """Hands an input over."""
        try:
            input = next_input()
        except (StopIteration, StopAsyncIteration):
            self._source = None
        except Exception as raised:
            # What was sent is waited for first: its rows say what was done.
            self._failure, self._source = raised, None
        else:
            entry = self._report.add(input)
            entry[1] = self._native.push(input)

    async def _change(self, more: bool, has_calls: bool) -> None:
        """Waits for an input, and for the calls if there are any."""
        if self._fetch is None and self._ready is None:
            await self._native.ready(more)
            return
        if has_calls and self._ready is None:
            self._ready = asyncio.ensure_future(_once(self._native.ready(more)))
        waited = [each for each in (self._fetch, self._ready) if each is not None]
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if self._ready is not None and self._ready.done():
            ready, self._ready = self._ready, None
            ready.result()


async def _once(awaitable: Awaitable[Any]) -> Any:
    """A coroutine that holds nothing but what it awaits: so that dropping the rows ends them."""
    return await awaitable


async def collect(rows: AsyncBulkRows[R]) -> list[BulkRow[R]]:
    """All rows, once the last is known."""
    finished: list[BulkRow[R]] = []
    try:
        async for row in rows:
            finished.append(row)  # noqa: PERF401 - those before an interruption are kept
    except BaseException as raised:
        rest, _ = await rows._rest()
        with_rows(raised, finished + rest)
        raise
    finally:
        await rows.aclose()
    return finished

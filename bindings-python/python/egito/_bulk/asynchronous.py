"""The rows of bulks of the async client. The calls run on a background thread, also while the event loop is busy."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable

from egito._bulk.rows import MAX_INTERRUPTIONS, attach_rows, inputs_left_error
from egito._check import START_NEW_BULK, refuse_second_reading
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
    from typing import Any

    from egito import _egito
    from egito._bulk.rows import BulkRow, RowTracker


class AsyncBulkRows(NotCopied, Generic[R]):
    """The rows of a bulk as they become known, from `stream_create_many` and the like, for asyncio.

    `aclose`, or dropping the last reference, cancels the calls in flight at once. If the wait for a row is cancelled,
    so is the bulk, as by `cancel`: `rest` returns the rows that were not read yet, and reading on returns them one by
    one.

    Example:
        rows = client.leads.stream_create_many(leads)
        try:
            async for row in rows:
                save(row)
        except asyncio.CancelledError:
            for row in await rows.rest():
                save(row)
            raise
    """

    # A class, not an async generator: see `egito._async_iterators`.
    __slots__ = (
        *("_cancelled", "_closed", "_ended", "_inputs", "_inputs_are_async", "_inputs_error", "_inputs_left"),
        *("_native", "_next_input", "_ready", "_tracker", "_wait_was_cancelled"),
    )

    def __init__(
        self, native: _egito.AsyncBulkCalls, inputs: Iterable[Any] | AsyncIterable[Any], tracker: RowTracker
    ) -> None:
        self._native = native
        self._tracker = tracker
        self._inputs_error: Exception | None = None
        self._cancelled = self._closed = self._ended = self._inputs_left = self._wait_was_cancelled = False
        self._inputs_are_async = isinstance(inputs, AsyncIterable)
        self._inputs: Iterator[Any] | AsyncIterator[Any] | None
        self._inputs = inputs.__aiter__() if isinstance(inputs, AsyncIterable) else iter(inputs)
        # Tasks that wait for the next input and for the calls. Whichever is not done first is kept for the next row.
        self._next_input: asyncio.Future[Any] | None = None
        self._ready: asyncio.Future[Any] | None = None

    def __aiter__(self) -> AsyncBulkRows[R]:
        refuse_second_reading(self._ended and not self._closed, START_NEW_BULK)
        return self

    async def __anext__(self) -> BulkRow[R]:
        while True:
            if self._next_input is not None and self._next_input.done():
                next_input, self._next_input = self._next_input, None
                self._push_input(next_input.result)
            more = self._inputs is not None and self._next_input is None
            step = self._native.step(more)
            if isinstance(step, tuple):
                return self._tracker.row(step)
            if isinstance(step, list):
                self._tracker.report_progress(*step)
            elif step:
                self._take_input()
            elif step is None or self._next_input is not None:
                try:
                    await self._wait_for_change(more, has_calls=step is None)
                except asyncio.CancelledError:
                    if not self._cancelled:
                        self.cancel()
                        self._wait_was_cancelled = True
                    raise
            else:
                break
        was_ended = self._ended
        self._close()
        error, self._inputs_error = self._inputs_error, None
        raise error or (inputs_left_error() if self._inputs_left and not was_ended else StopAsyncIteration)

    def cancel(self) -> None:
        """Cancels the bulk: no further input is taken, and calls in flight have `cancel_grace` seconds to finish.

        A second call cancels these calls at once. The rows can still be read. After the last one, reading raises
        CancelledError if inputs were left.
        """
        self._inputs_left = self._inputs_left or self._inputs is not None
        self._stop()

    def _stop(self) -> None:
        self._native.cancel(self._cancelled)
        self._cancelled = True
        self._inputs = None
        if self._next_input is not None:
            self._next_input.cancel()
            self._next_input = None

    async def rest(self) -> list[BulkRow[R]]:
        """Cancels the bulk, waits for the calls in flight, and returns the rows that were not read yet."""
        rows, raised = await self._rest()
        if raised is not None:
            attach_rows(raised, rows)
            raise raised
        return rows

    async def aclose(self) -> None:
        """Cancels the calls in flight at once. They have no rows."""
        self._closed = self._closed or not self._ended
        self._close()

    def __del__(self) -> None:
        if hasattr(self, "_ready"):  # `__init__` succeeded
            self._close()

    async def _rest(self) -> tuple[list[BulkRow[R]], BaseException | None]:
        """Returns the rows that were not read yet, and the last exception that interrupted reading them."""
        rows: list[BulkRow[R]] = []
        interruption: BaseException | None = None
        self._tracker.mute()
        if not self._wait_was_cancelled:  # a second cancel would not let the calls finish
            self._stop()
        self._inputs_left = self._wait_was_cancelled = False
        for _ in range(MAX_INTERRUPTIONS):
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
        self._ended, self._inputs = True, None
        self._native.close()
        for each in (self._next_input, self._ready):
            if each is not None and not each.get_loop().is_closed():
                each.cancel()

    def _take_input(self) -> None:
        """Takes the next input, or starts to wait for it if the iterator is asynchronous."""
        if self._inputs_are_async:
            self._next_input = asyncio.ensure_future(_awaited(self._inputs.__anext__()))  # type: ignore[union-attr]
        else:
            self._push_input(self._inputs.__next__)  # type: ignore[union-attr]

    def _push_input(self, next_input: Callable[[], Any]) -> None:
        try:
            input = next_input()
        except (StopIteration, StopAsyncIteration):
            self._inputs = None
        except Exception as raised:
            # Raised after the rows of the inputs that were sent: they say what was done.
            self._inputs_error, self._inputs = raised, None
        else:
            entry = self._tracker.add(input)
            entry[1] = self._native.push(input)

    async def _wait_for_change(self, more: bool, *, has_calls: bool) -> None:
        """Waits for the next input, and for the calls if there are any."""
        if self._next_input is None and self._ready is None:
            await self._native.ready(more)
            return
        if has_calls and self._ready is None:
            self._ready = asyncio.ensure_future(_awaited(self._native.ready(more)))
        waited = [each for each in (self._next_input, self._ready) if each is not None]
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if self._ready is not None and self._ready.done():
            ready, self._ready = self._ready, None
            ready.result()


async def _awaited(awaitable: Awaitable[Any]) -> Any:
    """Awaits an awaitable. It refers to nothing else, so that dropping the last reference to the rows closes them."""
    return await awaitable


async def collect(rows: AsyncBulkRows[R]) -> list[BulkRow[R]]:
    """Returns all rows, once the last one is known."""
    finished: list[BulkRow[R]] = []
    try:
        async for row in rows:
            finished.append(row)  # noqa: PERF401 - keeps the rows before an interruption
    except BaseException as raised:
        rest, _ = await rows._rest()
        attach_rows(raised, finished + rest)
        raise
    finally:
        await rows.aclose()
    return finished

"""Iterators of lists for asyncio.

They are classes, not async generators: a loop that is left early would have to wait until a generator is finalized.
"""

from __future__ import annotations

from collections import deque
from typing import TypeVar

from egito._check import READ_LIST_AGAIN, refuse_second_reading
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    from typing import Any

    from egito import _egito
    from egito._arrow.tables import ArrowBatch

P = TypeVar("P")
"""Type of a page: its records, or a response with them."""


class AsyncRecords(Generic[R]):
    """The records of a list, one after the other."""

    __slots__ = ("_buffer", "_ended", "_list", "_native")

    def __init__(self, native: _egito.AsyncRecordList) -> None:
        self._list = native
        self._native: _egito.AsyncPages | None = native.pages()
        self._buffer: deque[R] = deque()
        self._ended = False

    def __aiter__(self) -> AsyncRecords[R]:
        refuse_second_reading(self._ended, READ_LIST_AGAIN)
        return self

    async def __anext__(self) -> R:
        while not self._buffer:
            page = None if self._native is None else await self._native.next()
            if page is not None:
                self._buffer.extend(page)
            elif not self._buffer:  # another task may have added a page during the await
                self._ended = self._native is not None
                raise StopAsyncIteration
        self._list.check_running()
        return self._buffer.popleft()

    async def aclose(self) -> None:
        """Stops reading and drops the records that were not read."""
        self._native = None
        self._buffer.clear()


class AsyncPages(Generic[P]):
    """The pages of a list, one after the other."""

    __slots__ = ("_ended", "_native")

    def __init__(self, native: _egito.AsyncPages) -> None:
        self._native: _egito.AsyncPages | None = native
        self._ended = False

    def __aiter__(self) -> AsyncPages[P]:
        refuse_second_reading(self._ended, READ_LIST_AGAIN)
        return self

    async def __anext__(self) -> P:
        page: Any = None if self._native is None else await self._native.next()
        if page is None:
            self._ended = self._native is not None
            raise StopAsyncIteration
        typed: P = page
        return typed

    async def aclose(self) -> None:
        """Stops reading: no more pages are requested."""
        self._native = None


class AsyncBatches:
    """The Arrow batches of a list, one after the other."""

    __slots__ = ("_ended", "_native", "_warned")

    def __init__(self, native: _egito.AsyncPages) -> None:
        self._native: _egito.AsyncPages | None = native
        self._ended = self._warned = False

    def __aiter__(self) -> AsyncBatches:
        refuse_second_reading(self._ended, READ_LIST_AGAIN)
        return self

    async def __anext__(self) -> ArrowBatch:
        from egito._arrow.tables import ArrowBatch
        from egito._arrow.text_columns import warn_about

        batch: Any = None if self._native is None else await self._native.next()
        if batch is None:
            self._ended = self._native is not None
            raise StopAsyncIteration
        if not self._warned:
            self._warned = True
            warn_about(batch.text_columns())
        return ArrowBatch(batch)

    async def aclose(self) -> None:
        """Stops reading: no more pages are requested."""
        self._native = None

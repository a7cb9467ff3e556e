"""The pages of a list for asyncio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from egito._check import LIST_INSTEAD, refuse_second_reading

if TYPE_CHECKING:
    from egito import _egito

P = TypeVar("P")
"""What a page is: its records, or a response with them."""


class AsyncPages(Generic[P]):
    """The pages of a list, one after the other.

    This is a class and no async generator: a loop that is left early would have to wait for a generator's end.
    """

    __slots__ = ("_ended", "_native")

    def __init__(self, native: _egito.AsyncPages) -> None:
        self._native: _egito.AsyncPages | None = native
        self._ended = False

    def __aiter__(self) -> AsyncPages[P]:
        refuse_second_reading(self._ended, LIST_INSTEAD)
        return self

    async def __anext__(self) -> P:
        page: Any = None if self._native is None else await self._native.next()
        if page is None:
            self._ended = self._native is not None
            raise StopAsyncIteration
        given: P = page
        return given

    async def aclose(self) -> None:
        """Ask for no more pages."""
        self._native = None

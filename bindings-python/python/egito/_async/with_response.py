"""Calls and lists for asyncio that return their HTTP responses."""

from __future__ import annotations

from egito._async_iterators import AsyncPages  # async only
from egito._check import check_string
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    # sync: from collections.abc import Iterator
    from typing import Any

    from egito import _egito
    from egito._response import Response
    from egito._types import RecordId, RecordInput


class AsyncEntityWithResponse(NotCopied, Generic[R]):
    """An entity whose calls return a `Response`, see `AsyncEntity.with_response`. They raise what its calls raise."""

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.AsyncEntity, name: str) -> None:
        self._native = native
        self.name = name

    def __repr__(self) -> str:
        return f"<egito.AsyncEntityWithResponse {self.name}>"

    async def create(self, record: R | RecordInput) -> Response[RecordId]:
        """Creates a record, see `AsyncEntity.create`.

        Example:
            response = await client.leads.with_response().create({"lastName": "Ryś"})
            print(response.value, response.status)
        """
        response: Response[RecordId] = await self._native.create(record)
        return response

    async def get(self, id: RecordId) -> Response[R]:
        """Reads one record, see `AsyncEntity.get`.

        Example:
            response = await client.accounts.with_response().get(7)
            print(response.value["city"], response.headers["content-type"])
        """
        response: Response[R] = await self._native.get(id)
        return response

    async def update(self, id: RecordId, fields: RecordInput) -> Response[RecordId]:
        """Changes the given fields of a record, see `AsyncEntity.update`.

        Example:
            response = await client.accounts.with_response().update(7, {"phone": "+48 12 446 66 66"})
        """
        response: Response[RecordId] = await self._native.update(id, fields)
        return response

    async def delete(self, id: RecordId) -> Response[RecordId]:
        """Deletes a record, see `AsyncEntity.delete`.

        If an earlier attempt has deleted it, the response is the one of the retry, with status 404.

        Example:
            response = await client.accounts.with_response().delete(7)
        """
        response: Response[RecordId] = await self._native.delete(id)
        return response

    async def call(self, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Response[Any]:
        """Calls a custom action of the API, see `AsyncEntity.call`.

        Example:
            response = await client.entity("Offer").with_response().call("print", {"id": 7})
            print(response.attempts, response.value)
        """
        check_string("action", action)
        check_string("method", method)
        response: Response[Any] = await self._native.call(action, {} if params is None else params, method)
        return response


class AsyncRecordListWithResponse(NotCopied, Generic[R]):
    """A list with a `Response` for each page, see `AsyncRecordList.with_response`."""

    __slots__ = ("_name", "_native")

    def __init__(self, native: _egito.AsyncRecordList, name: str) -> None:
        self._native = native
        self._name = name

    def __repr__(self) -> str:
        return f"<egito.AsyncRecordListWithResponse {self._name}>"

    def pages(self) -> AsyncPages[Response[list[R]]]:
        """Returns an iterator of pages. The records of a page are the `value` of its response.

        Example:
            async for response in client.accounts.list(page_size=1000).with_response().pages():
                print(len(response.value), response.headers.get("x-ratelimit-remaining"))
        """
        return AsyncPages(self._native.pages())  # async only
        # sync: return self._native.pages()

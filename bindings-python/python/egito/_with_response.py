"""Calls and lists that give their HTTP responses, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from egito._check import check_text
from egito._not_copied import NotCopied
from egito._record_type import R

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egito import _egito
    from egito._response import Response
    from egito._types import RecordId, RecordInput


class EntityWithResponse(NotCopied, Generic[R]):
    """An entity whose calls give a `Response`, see `Entity.with_response`. They raise what those of `Entity` raise."""

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.Entity, name: str) -> None:
        self._native = native
        self.name = name

    def __repr__(self) -> str:
        return f"<egito.EntityWithResponse {self.name}>"

    def create(self, record: R | RecordInput) -> Response[RecordId]:
        """Save a new record, see `Entity.create`.

        Example:
            response = client.leads.with_response().create({"lastName": "Ryś"})
            print(response.value, response.status)
        """
        response: Response[RecordId] = self._native.create(record)
        return response

    def get(self, id: RecordId) -> Response[R]:
        """Read one record, see `Entity.get`.

        Example:
            response = client.accounts.with_response().get(7)
            print(response.value["city"], response.headers["content-type"])
        """
        response: Response[R] = self._native.get(id)
        return response

    def update(self, id: RecordId, fields: RecordInput) -> Response[RecordId]:
        """Change the given fields of a record, see `Entity.update`.

        Example:
            response = client.accounts.with_response().update(7, {"phone": "+48 12 446 66 66"})
        """
        response: Response[RecordId] = self._native.update(id, fields)
        return response

    def delete(self, id: RecordId) -> Response[RecordId]:
        """Delete a record, see `Entity.delete`.

        Where an earlier attempt has deleted it already, the response is that of the retry, with status 404.

        Example:
            response = client.accounts.with_response().delete(7)
        """
        response: Response[RecordId] = self._native.delete(id)
        return response

    def call(self, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Response[Any]:
        """Any other action of the API, see `Entity.call`.

        Example:
            response = client.entity("Offer").with_response().call("print", {"id": 7})
            print(response.attempts, response.value)
        """
        check_text("action", action)
        check_text("method", method)
        response: Response[Any] = self._native.call(action, {} if params is None else params, method)
        return response


class RecordListWithResponse(NotCopied, Generic[R]):
    """A list whose pages are a `Response` each, see `RecordList.with_response`."""

    __slots__ = ("_name", "_native")

    def __init__(self, native: _egito.RecordList, name: str) -> None:
        self._native = native
        self._name = name

    def __repr__(self) -> str:
        return f"<egito.RecordListWithResponse {self._name}>"

    def pages(self) -> Iterator[Response[list[R]]]:
        """The pages: the records of each as the `value` of its response.

        Example:
            for response in client.accounts.list(page_size=1000).with_response().pages():
                print(len(response.value), response.headers.get("x-ratelimit-remaining"))
        """
        return self._native.pages()

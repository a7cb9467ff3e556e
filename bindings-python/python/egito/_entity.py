"""Entities: what can be done to the records of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito._record_list import AsyncRecordList, RecordList, list_options

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from egito import _egito
    from egito._types import Filter, Record, RecordId


class Entity:
    """One kind of thing in the CRM, such as `client.accounts` or `client.entity("Offer")`.

    A record is a dict with the server's own field names. Values may be text, numbers, booleans, None, dates, UUIDs,
    Enums, Decimals, lists and dicts. A datetime with a zone is sent in UTC.

    Every call can raise AuthError, PermissionError, ConnectionError, TlsError, TimeoutError, RateLimitedError,
    ServerError and UnexpectedResponseError; what else it raises stands below.
    """

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.Client, name: str) -> None:
        self._native = native
        self.name = name

    def create(self, record: Mapping[str, Any]) -> RecordId:
        """Save a new record and give its id. Repeated only where it surely was not done.

        Raises:
            ValidationError: the server refused the record; `errors` says why.
            OutcomeUnknownError: the answer was lost; look in Egito before you send `record` again.
            ConfigError: a value cannot be sent; `setting` is its path.

        Example:
            id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        """
        return self._native.create(self.name, record)

    def get(self, id: RecordId) -> Record:
        """Read one record.

        Raises:
            NotFoundError: there is none with this id.

        Example:
            city = client.accounts.get(7)["city"]
        """
        return self._native.get(self.name, id)

    def update(self, id: RecordId, fields: Mapping[str, Any]) -> RecordId:
        """Change the given fields of a record and give its id.

        Raises:
            NotFoundError: there is no record with this id.
            ValidationError: the server refused the fields; `errors` says why.
            ConfigError: a value cannot be sent; `setting` is its path.

        Example:
            client.accounts.update(7, {"phone": "+48 12 446 66 66"})
        """
        return self._native.update(self.name, id, fields)

    def delete(self, id: RecordId) -> RecordId:
        """Delete a record and give its id.

        Raises:
            NotFoundError: there is no record with this id.

        Example:
            client.accounts.delete(7)
        """
        return self._native.delete(self.name, id)

    def list(
        self,
        *,
        filters: Mapping[str, Filter] | None = None,
        sort: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        page_size: int | None = None,
        **more_filters: Filter,
    ) -> RecordList:
        """The entity's records. Nothing is sent before the list is read.

        Filters are keywords, or `filters` where a name is no keyword or is one of these here; the server gets them as
        they are. `order` is `"asc"` (default) or `"desc"`; `page_size` is the number of records in one request.

        Raises:
            ConfigError: an option is wrong; `setting` names it.

        Example:
            for account in client.accounts.list(city="Kraków", sort="name"):
                print(account["name"])
        """
        return RecordList(self._native.list(self.name, list_options(filters, more_filters, sort, order, page_size)))

    def call(self, action: str, params: Mapping[str, Any] | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API; gives what it answered. With `method="GET"` the params go into the query.

        Raises:
            OutcomeUnknownError: the answer was lost, and the action may have been done.
            ConfigError: the action's name, the method or a value cannot be sent.

        Example:
            answer = client.entity("Offer").call("print", {"id": 7, "template": "short"})
        """
        return self._native.call(self.name, action, {} if params is None else params, method)


class AsyncEntity:
    """One kind of thing in the CRM, for asyncio. The same as `Entity`, with `await`."""

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.AsyncClient, name: str) -> None:
        self._native = native
        self.name = name

    async def create(self, record: Mapping[str, Any]) -> RecordId:
        """Save a new record and give its id, see `Entity.create`.

        Example:
            id = await client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        """
        return await self._native.create(self.name, record)

    async def get(self, id: RecordId) -> Record:
        """Read one record, see `Entity.get`.

        Example:
            account = await client.accounts.get(7)
        """
        return await self._native.get(self.name, id)

    async def update(self, id: RecordId, fields: Mapping[str, Any]) -> RecordId:
        """Change the given fields of a record and give its id, see `Entity.update`.

        Example:
            await client.accounts.update(7, {"phone": "+48 12 446 66 66"})
        """
        return await self._native.update(self.name, id, fields)

    async def delete(self, id: RecordId) -> RecordId:
        """Delete a record and give its id, see `Entity.delete`.

        Example:
            await client.accounts.delete(7)
        """
        return await self._native.delete(self.name, id)

    def list(
        self,
        *,
        filters: Mapping[str, Filter] | None = None,
        sort: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        page_size: int | None = None,
        **more_filters: Filter,
    ) -> AsyncRecordList:
        """The entity's records, see `Entity.list`. Nothing is sent, and nothing to await, before the list is read.

        Example:
            async for account in client.accounts.list(city="Kraków", sort="name"):
                print(account["name"])
        """
        options = list_options(filters, more_filters, sort, order, page_size)
        return AsyncRecordList(self._native.list(self.name, options))

    async def call(self, action: str, params: Mapping[str, Any] | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API, see `Entity.call`.

        Example:
            answer = await client.entity("Offer").call("print", {"id": 7, "template": "short"})
        """
        return await self._native.call(self.name, action, {} if params is None else params, method)

"""Entities for asyncio: what can be done to the records of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from egito._async_bulk import AsyncBulkRows, collect
from egito._async_record_list import AsyncRecordList
from egito._bulk import Report
from egito._bulk_inputs import bulk_inputs
from egito._check import check_flag, check_text
from egito._not_copied import NotCopied
from egito._record_list import list_fields, list_options
from egito._record_type import R

if TYPE_CHECKING:
    import builtins
    from collections.abc import AsyncIterable, Coroutine, Iterable, Sequence
    from typing import Literal

    from egito import _egito
    from egito._async_with_response import AsyncEntityWithResponse
    from egito._bulk import BulkRow, Watcher
    from egito._types import Changes, Filter, Filters, Frame, RecordId, RecordInput


class AsyncEntity(NotCopied, Generic[R]):
    """One kind of thing in the CRM, for asyncio. The same as `Entity`, with `await`."""

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.AsyncEntity, name: str) -> None:
        self._native = native
        self.name = name

    def __repr__(self) -> str:
        return f"<egito.AsyncEntity {self.name}>"

    async def create(self, record: R | RecordInput) -> RecordId:
        """Save a new record and give its id, see `Entity.create`.

        Example:
            id = await client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        """
        saved: RecordId = await self._native.create(record)
        return saved

    async def get(self, id: RecordId) -> R:
        """Read one record, see `Entity.get`.

        Example:
            account = await client.accounts.get(7)
        """
        record: R = await self._native.get(id)
        return record

    async def update(self, id: RecordId, fields: RecordInput) -> RecordId:
        """Change the given fields of a record and give its id, see `Entity.update`.

        Example:
            await client.accounts.update(7, {"phone": "+48 12 446 66 66"})
        """
        saved: RecordId = await self._native.update(id, fields)
        return saved

    async def delete(self, id: RecordId) -> RecordId:
        """Delete a record and give its id, see `Entity.delete`.

        Example:
            await client.accounts.delete(7)
        """
        saved: RecordId = await self._native.delete(id)
        return saved

    def list(
        self,
        *,
        filters: Filters | None = None,
        sort: str | None = None,
        order: Literal["asc", "desc"] | None = None,
        limit: int | None = None,
        start: int = 0,
        page_size: int | None = None,
        fields: Iterable[str] | None = None,
        **more_filters: Filter | Sequence[Filter],
    ) -> AsyncRecordList[R]:
        """The entity's records, see `Entity.list`. Nothing is sent, and nothing to await, before the list is read.

        Example:
            async for account in client.accounts.list(city="Kraków", sort="name"):
                print(account["name"])
        """
        options = list_options(
            filters, more_filters, sort=sort, order=order, limit=limit, start=start, page_size=page_size
        )
        return AsyncRecordList(self._native.list(options, list_fields(fields)), self.name)

    async def call(self, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API, see `Entity.call`.

        Example:
            answer = await client.entity("Offer").call("print", {"id": 7, "template": "short"})
        """
        check_text("action", action)
        check_text("method", method)
        return await self._native.call(action, {} if params is None else params, method)

    def with_response(self) -> AsyncEntityWithResponse[R]:
        """Return the entity for calls that give a `Response`, see `Entity.with_response`.

        Example:
            response = await client.leads.with_response().create({"lastName": "Ryś"})
            print(response.value, response.status, response.headers.get("x-request-id"))
        """
        from egito._async_with_response import AsyncEntityWithResponse  # seldom needed

        return AsyncEntityWithResponse(self._native.with_response(), self.name)

    @overload
    def create_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> Coroutine[Any, Any, builtins.list[BulkRow[R]]]: ...
    @overload
    def create_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> AsyncBulkRows[R]: ...
    def create_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: bool = False,
    ) -> Any:
        """Save many new records: one row for each, in order. See `Entity.create_many`.

        Gives a list once it is awaited, or with `stream=True` an asynchronous iterator of rows as they become known.
        Inputs may come from an asynchronous iterator as well; calls under way go on while it waits.

        Example:
            rows = await client.leads.create_many(leads)
            async for row in client.leads.create_many(leads, stream=True):
                print(row.index, row.id or row.error)
        """
        options = {
            "concurrency": concurrency,
            "max_failures": max_failures,
            "outage_timeout": outage_timeout,
            "cancel_grace": cancel_grace,
        }
        return self._many("create", records, options, progress, stream, nan)

    @overload
    def get_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> Coroutine[Any, Any, builtins.list[BulkRow[R]]]: ...
    @overload
    def get_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> AsyncBulkRows[R]: ...
    def get_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: bool = False,
    ) -> Any:
        """Read many records by their ids: one row for each, in order. See `create_many`.

        Example:
            names = [row.record["name"] for row in await client.accounts.get_many([1, 2, 3]) if row.ok]
        """
        options = {
            "concurrency": concurrency,
            "max_failures": max_failures,
            "outage_timeout": outage_timeout,
            "cancel_grace": cancel_grace,
        }
        return self._many("get", ids, options, progress, stream)

    @overload
    def update_many(
        self,
        changes: (Changes | Iterable[tuple[RecordId, RecordInput]] | AsyncIterable[tuple[RecordId, RecordInput]])
        | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> Coroutine[Any, Any, builtins.list[BulkRow[R]]]: ...
    @overload
    def update_many(
        self,
        changes: (Changes | Iterable[tuple[RecordId, RecordInput]] | AsyncIterable[tuple[RecordId, RecordInput]])
        | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> AsyncBulkRows[R]: ...
    def update_many(
        self,
        changes: (Changes | Iterable[tuple[RecordId, RecordInput]] | AsyncIterable[tuple[RecordId, RecordInput]])
        | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: bool = False,
    ) -> Any:
        """Change many records: pairs of an id and the changed fields, a mapping, or a DataFrame with a column `id`.

        See `create_many`.

        Example:
            await client.accounts.update_many({7: {"city": "Kraków"}, 8: {"city": "Gdańsk"}})
        """
        options = {
            "concurrency": concurrency,
            "max_failures": max_failures,
            "outage_timeout": outage_timeout,
            "cancel_grace": cancel_grace,
        }
        return self._many("update", changes, options, progress, stream, nan)

    @overload
    def delete_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> Coroutine[Any, Any, builtins.list[BulkRow[R]]]: ...
    @overload
    def delete_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> AsyncBulkRows[R]: ...
    def delete_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: bool = False,
    ) -> Any:
        """Delete many records by their ids: one row for each, in order. See `create_many`.

        Example:
            gone = [row.id for row in await client.leads.delete_many([5, 6]) if row.ok]
        """
        options = {
            "concurrency": concurrency,
            "max_failures": max_failures,
            "outage_timeout": outage_timeout,
            "cancel_grace": cancel_grace,
        }
        return self._many("delete", ids, options, progress, stream)

    def _many(
        self,
        action: str,
        inputs: Any,
        options: dict[str, Any],
        progress: Watcher | None,
        stream: bool,
        nan: str = "error",
    ) -> Any:
        rows_in = bulk_inputs(action, inputs, nan, is_async=True)
        report = Report(progress)
        native = self._native.bulk(action, options, not check_flag("stream", stream), progress is not None, nan)
        rows: AsyncBulkRows[R] = AsyncBulkRows(native, rows_in, report)
        return rows if stream else collect(rows)

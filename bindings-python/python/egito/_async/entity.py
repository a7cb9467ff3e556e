"""Entities for asyncio: calls for the records of one kind."""

from __future__ import annotations

from egito._async.record_list import AsyncRecordList
from egito._check import check_string
from egito._list_options import list_fields, list_options
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING, Generic, R

if TYPE_CHECKING:
    import builtins
    import os
    from collections.abc import AsyncIterable, Iterable, Sequence
    from typing import Any, Literal

    from egito import _egito
    from egito._async.record_changes import AsyncRecordChanges
    from egito._async.with_response import AsyncEntityWithResponse
    from egito._bulk.asynchronous import AsyncBulkRows
    from egito._bulk.rows import BulkRow, ProgressCallback
    from egito._found_or_created import FoundOrCreated
    from egito._types import Changes, Filter, Filters, Frame, Record, RecordId, RecordInput
    from egito._upserted import Upserted


class AsyncEntity(NotCopied, Generic[R]):
    """One kind of record in the CRM, such as `client.accounts` or `client.entity("Offer")`, for asyncio.

    A record is a dict with the server's own field names. Records that you send may also be other mappings, dataclasses
    or pydantic models. Values may be strings, numbers, booleans, None, dates, UUIDs, Enums, Decimals, lists and
    records. A datetime is sent in UTC; one without a time zone is invalid.

    Every call can raise AuthError, PermissionError, ConnectionError, TlsError, TimeoutError, RateLimitedError,
    ServerError and UnexpectedResponseError. Each method lists what else it raises.
    """

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.AsyncEntity, name: str) -> None:
        self._native = native
        self.name = name

    def __repr__(self) -> str:
        return f"<egito.AsyncEntity {self.name}>"

    async def create(self, record: R | RecordInput) -> RecordId:
        """Creates a record and returns its id. Retries only if the record was certainly not created.

        Raises:
            ValidationError: The server refused the record; `errors` lists the field errors.
            OutcomeUnknownError: The record may have been created. Look in Egito before you send `record` again.
            ConfigError: A value cannot be sent; `setting` is its path.

        Example:
            id = await client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        """
        created: RecordId = await self._native.create(record)
        return created

    async def create_once(
        self,
        record: R | RecordInput,
        key: str | Sequence[str],
        *,
        settle: float = 10.0,
        lookup: Literal["filter", "scan", "auto"] = "filter",
    ) -> FoundOrCreated:
        """Finds the record with the key of `record`, or creates it. Call it again after any error: nothing is doubled.

        `key` is the name of the field that identifies the record, such as a tax number or the number of a web form;
        `account.id` is a field of a reference, and several names are one key together. Calls with the same key wait for
        each other: those of one client, and with a `token_store` those of all processes that share it.

        If the outcome of the create is unknown, it looks for the record for `settle` seconds, since a slow server may
        store it late. `lookup="filter"` requests a list that is filtered by the key; `"scan"` reads the whole list, for
        a server that ignores the filter; `"auto"` does so only if it ignores it. The whole call takes at most the
        setting `timeout`.

        Raises:
            ConfigError: A field of the key is missing or empty (`setting` is `key`), the server ignores the filter
                (`lookup`), or a value cannot be sent.
            OutcomeUnknownError: The record may have been created, but was not found in time. Call it again later.
            ValidationError: The server refused the record, and no record has this key.

        Example:
            lead = {"formKey": "2026-11-27-0017", "lastName": "Ryś"}
            found = await client.leads.create_once(lead, key="formKey")
            print(found.id, found.created)
        """
        options = {"key": key, "settle": settle, "lookup": lookup}
        found: FoundOrCreated = await self._native.create_once(record, options)
        return found

    async def upsert(
        self,
        record: R | RecordInput,
        key: str | Sequence[str],
        *,
        settle: float = 10.0,
        lookup: Literal["filter", "scan", "auto"] = "filter",
    ) -> Upserted:
        """Creates the record with the key of `record`, or updates only the fields that differ, or leaves it unchanged.

        Only the given fields count, and of an object only the given members. They are compared as servers store them:
        `" Żubr "` is `"Żubr"`, `""` is None, 7 is `"7"`, and a time in another offset is the same time. A date without
        a time always counts as different. Of a model, only the fields that were set are sent.

        If several records have the key, nothing is written, and `change` is `"ambiguous"`. `key`, `settle` and `lookup`
        are those of `create_once`; calls with the same key wait for each other. Call it again after any error.

        Raises:
            ConfigError: A field of the key is missing or empty (`setting` is `key`), the server ignores the filter
                (`lookup`), or a value cannot be sent.
            OutcomeUnknownError: The record may have been created, but was not found in time. Call it again later.
            ValidationError: The server refused the record or the changed fields.

        Example:
            account = {"nip": "5250001009", "name": "Żubr sp. z o.o.", "city": "Kraków"}
            upserted = await client.accounts.upsert(account, key="nip")
            print(upserted.id, upserted.change, *upserted.fields)
        """
        options = {"key": key, "settle": settle, "lookup": lookup}
        upserted: Upserted = await self._native.upsert(record, options)
        return upserted

    async def get(self, id: RecordId) -> R:
        """Reads one record.

        Raises:
            NotFoundError: There is no record with this id.

        Example:
            account = await client.accounts.get(7)
        """
        record: R = await self._native.get(id)
        return record

    async def update(self, id: RecordId, fields: RecordInput) -> RecordId:
        """Changes the given fields of a record and returns its id. Of a model, only the fields that were set are sent.

        Raises:
            NotFoundError: There is no record with this id.
            ValidationError: The server refused the fields; `errors` lists the field errors.
            ConfigError: A value cannot be sent; `setting` is its path.

        Example:
            await client.accounts.update(7, {"phone": "+48 12 446 66 66"})
        """
        updated: RecordId = await self._native.update(id, fields)
        return updated

    async def delete(self, id: RecordId) -> RecordId:
        """Deletes a record and returns its id.

        Raises:
            NotFoundError: There is no record with this id.

        Example:
            await client.accounts.delete(7)
        """
        deleted: RecordId = await self._native.delete(id)
        return deleted

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
        """Returns the records of the entity. Nothing is sent before the list is read.

        Filters are keywords; use `filters` for names that are not valid keywords or are parameters of this method. The
        server receives filters unchanged. Several values, `city=["Kraków", "Gdynia"]`, match any of them. An empty
        value (None, `""`, an empty list) is invalid: a server may ignore it and send every record.

        `order` is `"asc"` (default) or `"desc"`. `start` skips that many records of the server's list, and `limit` is
        the maximum number of records. `page_size` is the number of records per request. With `fields` the records have
        only these fields: the server sends all of them, but the others are not converted.

        Raises:
            ConfigError: An option is invalid; `setting` names it.

        Example:
            async for account in client.accounts.list(city="Kraków", sort="name"):
                print(account["name"])
        """
        options = list_options(
            filters, more_filters, sort=sort, order=order, limit=limit, start=start, page_size=page_size
        )
        return AsyncRecordList(self._native.list(options, list_fields(fields)), self.name)

    def changes(
        self,
        *,
        since: str | None = None,
        by: str = "lastUpdated",
        lag: float = 300.0,
        filters: Filters | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        fields: Iterable[str] | None = None,
        **more_filters: Filter | Sequence[Filter],
    ) -> AsyncRecordChanges[R]:
        """Returns the records that were created or changed since a mark, the newest first.

        `since` is the `mark` of an earlier list of changes with the same filters; without it, all records are returned.
        No change is missed, and none is returned twice. A record that is changed while the list is read comes in this
        list or in the next one. Deleted records are found by `deleted`.

        `by` is the field that the server sets at each change, to a time or to a growing number. Changes that the server
        commits late, by up to `lag` seconds, are found, too. The other options are those of `list`; with `limit` the
        list has no mark if it ended before its last change.

        Raises:
            ConfigError: An option is invalid, or the mark belongs to another list; `setting` names it.
            PaginationError: While the list is read: the server does not sort by this field.

        Example:
            stored = Path("accounts.mark")
            changes = client.accounts.changes(since=stored.read_text() if stored.exists() else None)
            async for account in changes:
                save(account)
            stored.write_text(changes.mark)
        """
        from egito._async.record_changes import AsyncRecordChanges  # seldom needed

        options = list_options(
            filters, more_filters, limit=limit, page_size=page_size, changes={"since": since, "by": by, "lag": lag}
        )
        return AsyncRecordChanges(self._native.list(options, list_fields(fields)), self.name)

    async def ids(self) -> builtins.list[RecordId]:
        """Returns the ids of all records. The server sends whole records, of which nothing else is kept.

        Example:
            print(len(await client.accounts.ids()))
        """
        ids: builtins.list[RecordId] = await self._native.ids()
        return ids

    async def deleted(self, known_ids: Iterable[RecordId]) -> builtins.list[RecordId]:
        """Returns those of the given ids whose records do not exist any more, each once, in the given order.

        Reads the list, and then requests each record that it lacks: one that still exists is never returned. A few ids
        are requested without reading the list. 7 and `"7"` are the same id here. A server may need a moment until it
        finds a record that was just created, so do not pass ids of the last seconds.

        Raises:
            ConfigError: An id is invalid.

        Example:
            for id in await client.accounts.deleted([1, 2, 404]):
                print("forget", id)
        """
        from egito._bulk.inputs import id_list  # seldom needed

        deleted: builtins.list[RecordId] = await self._native.deleted(id_list("known_ids", known_ids))
        return deleted

    async def call(self, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Calls a custom action of the API and returns its result. `method="GET"` sends the params in the query.

        Raises:
            OutcomeUnknownError: The action may have been done (response lost, 5xx, …).
            ConfigError: The name of the action, the method or a value cannot be sent.

        Example:
            result = await client.entity("Offer").call("print", {"id": 7, "template": "short"})
        """
        check_string("action", action)
        check_string("method", method)
        return await self._native.call(action, {} if params is None else params, method)

    def with_response(self) -> AsyncEntityWithResponse[R]:
        """Returns the entity for calls that return a `Response`: the result with HTTP status, headers and attempts.

        `AsyncRecordList.with_response` does the same for the pages of a list. Calls of a bulk keep no response; their
        events have the status.

        Example:
            response = await client.leads.with_response().create({"lastName": "Ryś"})
            print(response.value, response.status, response.headers.get("x-request-id"))
        """
        from egito._async.with_response import AsyncEntityWithResponse  # seldom needed

        return AsyncEntityWithResponse(self._native.with_response(), self.name)

    async def create_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        *,
        key: str | Sequence[str] | None = None,
        settle: float | None = None,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Creates many records. Returns one row for each, in the order of the inputs.

        `records` is any iterable of records, a DataFrame of pandas or polars, or a table of pyarrow. For NaN, NaT and
        NA, `nan="error"` fails the row, `"null"` sends null, and `"omit"` leaves the field out (in frames also for null
        and None).

        At most `concurrency` calls are in flight. A call that fails is the error of its row and does not stop the
        others. After `max_failures` failed rows nothing more is sent: the other rows have a CancelledError. If the
        server does not respond, the bulk pauses for at most `outage_timeout` seconds (0: it never pauses).

        With a `key` (see `create_once`), a record whose create has an unknown outcome is looked for by its key, for
        `settle` seconds (10). The bulk does not look before it creates; for that see `upsert_many`.

        With a `journal`, a path, the bulk can be continued: the same call with the same file sends only what was not
        done, and the rows of the other inputs have `resumed`. An input whose outcome is unknown is looked for by its
        key; without a `key` its row is an OutcomeUnknownError. The inputs must be the same, in the same order.

        `progress` is called with a `Progress` after each call, or is a progress bar with `update(n)`, such as tqdm. An
        exception from the iterable is raised after the calls in flight have finished.

        Cancelling the task ends the bulk, and so does an exception from `progress`: no further input is taken, and
        calls in flight have `cancel_grace` seconds to finish. The exception then has the attribute `rows`: the rows of
        all inputs that were taken. A second cancellation cancels these calls at once.

        Raises:
            ConfigError: An option is invalid; `setting` names it. An input that cannot be sent is the error of its row.

        Example:
            rows = await client.leads.create_many(leads)
            failed = [row for row in rows if not row.ok]
        """
        return await self._collect(
            "create",
            records,
            progress,
            nan,
            key=key,
            settle=settle,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    def stream_create_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        *,
        key: str | Sequence[str] | None = None,
        settle: float | None = None,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> AsyncBulkRows[R]:
        """Creates many records. Returns an iterator of rows, which come as soon as they are known.

        Inputs are taken only as fast as they are sent, so that millions fit in constant memory. See `create_many`.

        Example:
            async for row in client.leads.stream_create_many(leads):
                print(row.index, row.id or row.error)
        """
        return self._stream(
            "create",
            records,
            progress,
            nan,
            key=key,
            settle=settle,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def get_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Reads many records by their ids. Returns one row for each, in the order of the ids. See `create_many`.

        Example:
            names = [row.record["name"] for row in await client.accounts.get_many([1, 2, 3]) if row.ok]
        """
        return await self._collect(
            "get",
            ids,
            progress,
            "error",
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    def stream_get_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: ProgressCallback | None = None,
    ) -> AsyncBulkRows[R]:
        """Reads many records by their ids. Returns an iterator of rows. See `stream_create_many`.

        Example:
            async for row in client.accounts.stream_get_many([1, 2, 3]):
                print(row.record or row.error)
        """
        return self._stream(
            "get",
            ids,
            progress,
            "error",
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def update_many(
        self,
        changes: Changes | Iterable[tuple[RecordId, RecordInput]] | AsyncIterable[tuple[RecordId, RecordInput]] | Frame,
        *,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Changes many records. Returns one row for each, in the order of the inputs. See `create_many`.

        `changes` maps ids to changed fields, or is pairs of an id and changed fields, or a DataFrame with a column
        `id`.

        Example:
            await client.accounts.update_many({7: {"city": "Kraków"}, 8: {"city": "Gdańsk"}})
        """
        return await self._collect(
            "update",
            changes,
            progress,
            nan,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    def stream_update_many(
        self,
        changes: Changes | Iterable[tuple[RecordId, RecordInput]] | AsyncIterable[tuple[RecordId, RecordInput]] | Frame,
        *,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> AsyncBulkRows[R]:
        """Changes many records. Returns an iterator of rows. See `update_many` and `stream_create_many`.

        Example:
            async for row in client.accounts.stream_update_many({7: {"city": "Kraków"}, 8: {"city": "Gdańsk"}}):
                print(row.index, row.error)
        """
        return self._stream(
            "update",
            changes,
            progress,
            nan,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def delete_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Deletes many records by their ids. Returns one row for each, in the order of the ids. See `create_many`.

        Example:
            deleted = [row.id for row in await client.leads.delete_many([5, 6]) if row.ok]
        """
        return await self._collect(
            "delete",
            ids,
            progress,
            "error",
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    def stream_delete_many(
        self,
        ids: Iterable[RecordId] | AsyncIterable[RecordId],
        *,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: ProgressCallback | None = None,
    ) -> AsyncBulkRows[R]:
        """Deletes many records by their ids. Returns an iterator of rows. See `stream_create_many`.

        Example:
            async for row in client.leads.stream_delete_many([5, 6]):
                print(row.id, row.error)
        """
        return self._stream(
            "delete",
            ids,
            progress,
            "error",
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def upsert_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        key: str | Sequence[str],
        *,
        lookup: Literal["auto", "filter", "scan"] = "auto",
        settle: float = 10.0,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Creates records, or updates only the fields that differ. Returns one row for each, in their order.

        The `change` of a row says what was done, as in `upsert`, and its `fields` what was updated. A record without a
        key, or with that of an earlier input, is not sent: its row has a ConfigError (`setting` is `key`).

        `lookup="filter"` requests a filtered list for each record, and `"scan"` reads the whole list once, into memory.
        `"auto"` begins with filters and reads the list page by page meanwhile: it costs at most about twice as much as
        the better one, and works if the server ignores the filter. The other options are those of `upsert` and
        `create_many`.

        Raises:
            ConfigError: An option is invalid; `setting` names it. An input that cannot be sent is the error of its row.

        Example:
            rows = await client.accounts.upsert_many(accounts, key="nip")
            print(sum(row.change == "created" for row in rows), "created")
        """
        return await self._collect(
            "upsert",
            records,
            progress,
            nan,
            key=key,
            lookup=lookup,
            settle=settle,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    def stream_upsert_many(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        key: str | Sequence[str],
        *,
        lookup: Literal["auto", "filter", "scan"] = "auto",
        settle: float = 10.0,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> AsyncBulkRows[R]:
        """Creates or updates many records. Returns an iterator of rows. See `upsert_many` and `stream_create_many`.

        Example:
            async for row in client.accounts.stream_upsert_many(accounts, key="nip"):
                print(row.index, row.id, row.change or row.error)
        """
        return self._stream(
            "upsert",
            records,
            progress,
            nan,
            key=key,
            lookup=lookup,
            settle=settle,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def plan_upsert(
        self,
        records: Iterable[R | RecordInput] | AsyncIterable[R | RecordInput] | Frame,
        key: str | Sequence[str],
        *,
        lookup: Literal["auto", "filter", "scan"] = "auto",
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[Record]]:
        """Returns what `upsert_many` would do with these records, one row for each. Writes nothing.

        The `record` of a row is what would be written: the whole record for `"created"`, the fields that differ for
        `"updated"`, and None otherwise. Its decimals are floats, or Decimals if a float would not keep all digits. Pass
        the rows, or some of them, to `apply_upsert`.

        Example:
            plan = await client.accounts.plan_upsert(accounts, key="nip")
            for row in plan:
                print(row.change, row.id, *row.fields)
        """
        return await self._collect(
            "plan_upsert",
            records,
            progress,
            nan,
            key=key,
            lookup=lookup,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def apply_upsert(
        self,
        plan: Iterable[BulkRow[Any]] | AsyncIterable[BulkRow[Any]],
        key: str | Sequence[str],
        *,
        lookup: Literal["auto", "filter", "scan"] = "auto",
        settle: float = 10.0,
        journal: str | os.PathLike[str] | None = None,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: ProgressCallback | None = None,
    ) -> builtins.list[BulkRow[R]]:
        """Does what the rows of `plan_upsert` say. Returns one row for each, whose `input` is the row of the plan.

        A record to create is looked for once more: if it was created meanwhile, nothing is written, and its row is
        `"unchanged"`, or a ConfigError if it has other values. Nothing is sent for a row that is `"unchanged"` or
        `"ambiguous"`; one that failed is a ConfigError. The options are those of `upsert_many`.

        Example:
            plan = await client.accounts.plan_upsert(accounts, key="nip")
            rows = await client.accounts.apply_upsert([row for row in plan if row.change == "created"], key="nip")
        """
        return await self._collect(
            "apply_upsert",
            plan,
            progress,
            "error",
            key=key,
            lookup=lookup,
            settle=settle,
            journal=journal,
            concurrency=concurrency,
            max_failures=max_failures,
            outage_timeout=outage_timeout,
            cancel_grace=cancel_grace,
        )

    async def _collect(
        self, action: str, inputs: Any, progress: ProgressCallback | None, nan: str, **options: Any
    ) -> builtins.list[BulkRow[Any]]:
        from egito._bulk.asynchronous import collect

        return await collect(self._stream(action, inputs, progress, nan, keep_all_rows=True, **options))

    def _stream(
        self,
        action: str,
        inputs: Any,
        progress: ProgressCallback | None,
        nan: str,
        *,
        keep_all_rows: bool = False,
        **options: Any,
    ) -> AsyncBulkRows[R]:
        # Imported here because it is seldom needed and slow to import.
        from egito._bulk.asynchronous import AsyncBulkRows
        from egito._bulk.inputs import bulk_inputs
        from egito._bulk.rows import RowTracker
        from egito._settings import plain_paths

        rows_in = bulk_inputs(action, inputs, nan, is_async=True)
        tracker = RowTracker(progress)
        native = self._native.bulk(action, plain_paths(options), keep_all_rows, progress is not None, nan)
        return AsyncBulkRows(native, rows_in, tracker)

"""Entities: what can be done to the records of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from egito._check import check_flag, check_text
from egito._not_copied import NotCopied
from egito._record_list import RecordList, list_fields, list_options
from egito._record_type import R

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from egito import _egito
    from egito._bulk import BulkRow, BulkRows, Watcher
    from egito._types import Changes, Filter, Filters, Frame, RecordId, RecordInput
    from egito._with_response import EntityWithResponse


class Entity(NotCopied, Generic[R]):
    """One kind of thing in the CRM, such as `client.accounts` or `client.entity("Offer")`.

    A record is a dict with the server's own field names. What you send may also be another mapping, a dataclass or a
    pydantic model. Values may be text, numbers, booleans, None, dates, UUIDs, Enums, Decimals, lists, and records. A
    datetime is sent in UTC; one without a zone is refused.

    Every call can raise AuthError, PermissionError, ConnectionError, TlsError, TimeoutError, RateLimitedError,
    ServerError and UnexpectedResponseError; what else it raises stands below.
    """

    __slots__ = ("_native", "name")

    def __init__(self, native: _egito.Entity, name: str) -> None:
        self._native = native
        self.name = name

    def __repr__(self) -> str:
        return f"<egito.Entity {self.name}>"

    def create(self, record: R | RecordInput) -> RecordId:
        """Save a new record and give its id. Repeated only where it surely was not done.

        Raises:
            ValidationError: the server refused the record; `errors` says why.
            OutcomeUnknownError: it may have been done; look in Egito before you send `record` again.
            ConfigError: a value cannot be sent; `setting` is its path.

        Example:
            id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        """
        saved: RecordId = self._native.create(record)
        return saved

    def get(self, id: RecordId) -> R:
        """Read one record.

        Raises:
            NotFoundError: there is none with this id.

        Example:
            city = client.accounts.get(7)["city"]
        """
        record: R = self._native.get(id)
        return record

    def update(self, id: RecordId, fields: RecordInput) -> RecordId:
        """Change the given fields of a record and give its id. Of a model, those that were set.

        Raises:
            NotFoundError: there is no record with this id.
            ValidationError: the server refused the fields; `errors` says why.
            ConfigError: a value cannot be sent; `setting` is its path.

        Example:
            client.accounts.update(7, {"phone": "+48 12 446 66 66"})
        """
        saved: RecordId = self._native.update(id, fields)
        return saved

    def delete(self, id: RecordId) -> RecordId:
        """Delete a record and give its id.

        Raises:
            NotFoundError: there is no record with this id.

        Example:
            client.accounts.delete(7)
        """
        saved: RecordId = self._native.delete(id)
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
    ) -> RecordList[R]:
        """The entity's records. Nothing is sent before the list is read.

        Filters are keywords, or `filters` where a name is no keyword or is one of these here; the server gets them as
        they are. Several values, `city=["Kraków", "Gdynia"]`, mean any of them. An empty value (None, `""`, an empty
        list) is refused: a server may ignore it and send every record. `order` is `"asc"` (default) or `"desc"`. The
        list ends after `limit` records and begins behind the first `start` rows of the server's list. `page_size` is
        the number of records in one request. With `fields` the records have these fields only: the server sends all,
        but nothing is made of the others.

        Raises:
            ConfigError: an option is wrong; `setting` names it.

        Example:
            for account in client.accounts.list(city="Kraków", sort="name"):
                print(account["name"])
        """
        options = list_options(
            filters, more_filters, sort=sort, order=order, limit=limit, start=start, page_size=page_size
        )
        return RecordList(self._native.list(options, list_fields(fields)), self.name)

    def call(self, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API; gives what it answered. With `method="GET"` the params go into the query.

        Raises:
            OutcomeUnknownError: the action may have been done (answer lost, 5xx, …).
            ConfigError: the action's name, the method or a value cannot be sent.

        Example:
            answer = client.entity("Offer").call("print", {"id": 7, "template": "short"})
        """
        check_text("action", action)
        check_text("method", method)
        return self._native.call(action, {} if params is None else params, method)

    def with_response(self) -> EntityWithResponse[R]:
        """Return the entity for calls that give a `Response`: the result with HTTP status, headers and attempts.

        `RecordList.with_response` does the same for the pages of a list. Calls of a bulk keep no response: events tell
        their status.

        Example:
            response = client.leads.with_response().create({"lastName": "Ryś"})
            print(response.value, response.status, response.headers.get("x-request-id"))
        """
        from egito._with_response import EntityWithResponse  # seldom needed

        return EntityWithResponse(self._native.with_response(), self.name)

    @overload
    def create_many(
        self,
        records: Iterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> builtins.list[BulkRow[R]]: ...
    @overload
    def create_many(
        self,
        records: Iterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> BulkRows[R]: ...
    def create_many(
        self,
        records: Iterable[R | RecordInput] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: bool = False,
    ) -> Any:
        """Save many new records: one row for each, in order.

        At most `concurrency` calls go at one time, and one that fails does not stop the others; after `max_failures`
        failed rows nothing more is sent, and the other rows have a `CancelledError`. While the server gives no
        response, the bulk pauses, for at most `outage_timeout` seconds (0: never). `progress` is called with a
        `Progress` after each call that finishes, or is a bar such as tqdm's. With `stream=True` the rows come as they
        become known, and the inputs are taken from their iterator as they are needed: any number of them in constant
        memory.
        What the iterator raises comes after the rows of what was sent.

        `records` may be a DataFrame of pandas or polars, or a table of pyarrow: each row is a record.
        A value that is missing (NaN, NaT, NA) is an error of its row, or with `nan="null"` null; with `nan="omit"` its
        field is left out, as are the nulls and Nones of a frame.

        On Ctrl-C a bulk takes no further input and waits for calls in flight, for at most `cancel_grace` seconds; the
        second time it ends them at once. The exception, from Ctrl-C or from `progress`, has as `rows` the rows of all
        inputs that were taken; a stream can be read on, or `rest` gives what was not read (see `BulkRows`).

        Example:
            rows = client.leads.create_many(leads, progress=tqdm(total=len(leads)))
            failed = [(row.input, row.error) for row in rows if not row.ok]
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
        ids: Iterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> builtins.list[BulkRow[R]]: ...
    @overload
    def get_many(
        self,
        ids: Iterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> BulkRows[R]: ...
    def get_many(
        self,
        ids: Iterable[RecordId],
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
            names = [row.record["name"] for row in client.accounts.get_many([1, 2, 3]) if row.ok]
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
        changes: Changes | Iterable[tuple[RecordId, RecordInput]] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> builtins.list[BulkRow[R]]: ...
    @overload
    def update_many(
        self,
        changes: Changes | Iterable[tuple[RecordId, RecordInput]] | Frame,
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        nan: Literal["error", "null", "omit"] = "error",
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> BulkRows[R]: ...
    def update_many(
        self,
        changes: Changes | Iterable[tuple[RecordId, RecordInput]] | Frame,
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
            client.accounts.update_many({7: {"city": "Kraków"}, 8: {"city": "Gdańsk"}})
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
        ids: Iterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[False] = False,
    ) -> builtins.list[BulkRow[R]]: ...
    @overload
    def delete_many(
        self,
        ids: Iterable[RecordId],
        *,
        concurrency: int = 8,
        max_failures: int | None = None,
        outage_timeout: float = 300.0,
        cancel_grace: float = 5.0,
        progress: Watcher | None = None,
        stream: Literal[True],
    ) -> BulkRows[R]: ...
    def delete_many(
        self,
        ids: Iterable[RecordId],
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
            gone = [row.id for row in client.leads.delete_many([5, 6]) if row.ok]
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
        from egito import _bulk, _bulk_inputs  # seldom needed, and not quick to import

        rows_in = _bulk_inputs.bulk_inputs(action, inputs, nan)
        report = _bulk.Report(progress)
        native = self._native.bulk(action, options, not check_flag("stream", stream), progress is not None, nan)
        rows: BulkRows[R] = _bulk.BulkRows(native, rows_in, report)
        return rows if stream else _bulk.collect(rows)

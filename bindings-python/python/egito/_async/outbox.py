"""Outboxes for asyncio: writes that are stored in a file first, and sent later."""

from __future__ import annotations

from egito._check import check_number, check_seconds, check_string
from egito._not_copied import NotCopied
from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import Literal

    from typing_extensions import Self

    from egito import _egito
    from egito._outbox_values import Delivery, OutboxCounts, OutboxEntry
    from egito._types import EntryState, RecordId, RecordInput


class AsyncOutbox(NotCopied):
    """Writes that are stored in a file first, and sent to the server later: once and in order, for asyncio.

    `AsyncClient.outbox` returns one. Any number of programs and threads of one machine can use the same file.

    Entries for the same record, by key or by id, are sent one after the other, in the order in which they were put. One
    that the server refused holds back the later ones, until it is retried, edited or discarded. While the server is
    down, everything waits. An entry that may have been done is looked for by its key before it is sent again.

    Every method raises a ConfigError with the `setting` `outbox` if the file cannot be read or written: it is damaged,
    read-only or locked for long, or the disk is full. Nothing that is stored is lost.

    Leaving `async with` stops the deliveries of `start`.

    Example:
        async with client.outbox("egito-outbox.db") as outbox:
            lead = {"formKey": "2026-11-27-0017", "lastName": "Ryś"}
            await outbox.put("Lead", lead, key="formKey")  # on the disk; the server may be down
            delivery = await outbox.deliver()  # here or in another program, now or later
            print(delivery.delivered, "delivered,", delivery.waiting, "are waiting")
    """

    __slots__ = ("_native",)

    def __init__(self, native: _egito.AsyncOutbox) -> None:
        self._native = native

    def __repr__(self) -> str:
        return f"<egito.AsyncOutbox {self._native.path()}>"

    async def put(
        self,
        entity: str,
        record: RecordInput,
        key: str | Sequence[str],
        *,
        settle: float = 10.0,
        lookup: Literal["filter", "scan", "auto"] = "filter",
    ) -> int:
        """Stores a record to be created, and returns the id of its entry. It is on the disk when this returns.

        Putting the same key again returns the id of the entry that is there, whatever its state. `key`, `settle` and
        `lookup` are those of `AsyncEntity.create_once`.

        Raises:
            ConfigError: The entity, the record or its key is invalid, or the file cannot be written.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                id = await outbox.put("Lead", {"formKey": "f-1", "lastName": "Ryś"}, key="formKey")
        """
        options = {"key": key, "settle": settle, "lookup": lookup}
        return await self._native.put(check_string("entity", entity), record, options)

    async def put_upsert(
        self,
        entity: str,
        record: RecordInput,
        key: str | Sequence[str],
        *,
        settle: float = 10.0,
        lookup: Literal["filter", "scan", "auto"] = "filter",
    ) -> int:
        """Stores a record to be created or, if one with this key exists by then, to be updated where it differs.

        Every call stores an entry of its own, and returns its id. See `put` and `AsyncEntity.upsert`.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                await outbox.put_upsert("Account", {"nip": "5250001009", "name": "Żubr"}, key="nip")
        """
        options = {"key": key, "settle": settle, "lookup": lookup}
        return await self._native.put_upsert(check_string("entity", entity), record, options)

    async def put_update(self, entity: str, id: RecordId, fields: RecordInput) -> int:
        """Stores changed fields of a record, and returns the id of the entry. Of a model, only the set fields are sent.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                await outbox.put_update("Account", 7, {"phone": "+48 12 446 66 66"})
        """
        return await self._native.put_update(check_string("entity", entity), id, fields)

    async def put_delete(self, entity: str, id: RecordId) -> int:
        """Stores the id of a record to be deleted, and returns the id of the entry.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                await outbox.put_delete("Account", 7)
        """
        return await self._native.put_delete(check_string("entity", entity), id)

    async def deliver(self, limit: int | None = None) -> Delivery:
        """Sends the entries that are due, at most `limit`, and returns when none is due any more.

        While the server is down or refuses the login, the outbox is paused: this returns at once, and the entries wait.
        Several programs can deliver at the same time. Errors of entries are in the entries.

        Raises:
            ConfigError: The limit is 0, or the file cannot be read or written.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                print(await outbox.deliver())
        """
        limit = None if limit is None else check_number("limit", limit)
        delivery: Delivery = await self._native.deliver(limit)
        return delivery

    async def entries(
        self, state: EntryState | None = None, *, limit: int = 100, after: int | None = None
    ) -> list[OutboxEntry]:
        """Returns at most `limit` entries in the order of their ids: those in one state, with larger ids than `after`.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                for entry in await outbox.entries("refused"):
                    print(entry.id, entry.record, entry.error)
        """
        entries: list[OutboxEntry] = await self._native.entries({"state": state, "limit": limit, "after": after})
        return entries

    async def get(self, id: int) -> OutboxEntry:
        """Returns one entry.

        Raises:
            NotFoundError: The outbox has no entry with this id.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                id = await outbox.put_delete("Account", 7)
                print((await outbox.get(id)).state)
        """
        entry: OutboxEntry = await self._native.get(check_number("id", id))
        return entry

    async def counts(self) -> OutboxCounts:
        """Returns the number of entries in each state.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                print(await outbox.counts())
        """
        counts: OutboxCounts = await self._native.counts()
        return counts

    async def retry(self, id: int) -> None:
        """Makes an entry due now, also one that the server refused. Also ends a pause of the outbox.

        Raises:
            NotFoundError: The outbox has no entry with this id.
            ConfigError: The entry is delivered, or is sent just now (`setting` is `id`).

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                for entry in await outbox.entries("refused"):
                    await outbox.retry(entry.id)
        """
        await self._native.retry(check_number("id", id))

    async def edit(self, id: int, record: RecordInput) -> None:
        """Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same.

        Of a model, only the fields that were set are sent.

        Raises:
            NotFoundError: The outbox has no entry with this id.
            ConfigError: The entry may be done, or is a delete (`setting` is `id`); or the key differs (`record`).

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                id = await outbox.put("Account", {"nip": "5250001009"}, key="nip")
                await outbox.deliver()  # refused: an account needs a name
                await outbox.edit(id, {"nip": "5250001009", "name": "Żubr"})
        """
        await self._native.edit(check_number("id", id), record)

    async def discard(self, id: int) -> None:
        """Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done.

        Raises:
            NotFoundError: The outbox has no entry with this id.
            ConfigError: The entry is delivered, or is sent just now (`setting` is `id`).

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                id = await outbox.put_delete("Account", 7)
                await outbox.discard(id)
        """
        await self._native.discard(check_number("id", id))

    def start(self, interval: float = 5.0) -> None:
        """Starts to deliver in the background: when this program puts an entry, and otherwise every `interval` seconds.

        Does nothing if it runs already. It ends with `stop`, when the client is closed, and when the last reference to
        the outbox is dropped. `last_delivery` returns what it did.

        Raises:
            ConfigError: The interval is not a number of seconds from 0 to 86,400, a day.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                outbox.start()
                await outbox.put("Lead", {"formKey": "f-1", "lastName": "Ryś"}, key="formKey")  # is sent at once
        """
        self._native.start(check_seconds("interval", interval))

    async def stop(self) -> None:
        """Stops the deliveries of `start`, and waits for the calls in flight, some seconds at most.

        Example:
            outbox = client.outbox("egito-outbox.db")
            outbox.start(interval=1)
            await outbox.stop()
        """
        await self._native.stop()

    def last_delivery(self) -> Delivery | None:
        """Returns the result of the last delivery of `start`, or raises its error. None if none has ended.

        Example:
            outbox = client.outbox("egito-outbox.db")
            outbox.start()
            print(outbox.last_delivery())
        """
        last: Delivery | None = self._native.last_delivery()
        return last

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop()

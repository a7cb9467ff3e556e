"""Values that an outbox returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egito._errors import EgitoError
    from egito._types import EntryState, Record, RecordId


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One write that an outbox has stored, and sends once. Times are in UTC, such as `2026-11-27T10:00:00.125Z`.

    Example:
        with client.outbox("egito-outbox.db") as outbox:
            id = outbox.put("Lead", {"formKey": "f-1", "lastName": "Ryś"}, key="formKey")
            entry = outbox.get(id)
            print(entry.state, entry.attempts, entry.created_at)
    """

    id: int
    """Number of the entry in its outbox."""
    entity: str
    """Entity of the record."""
    action: Literal["create", "upsert", "update", "delete"]
    """The write: what `put`, `put_upsert`, `put_update` or `put_delete` has stored."""
    state: EntryState
    """`"waiting"`: it was not sent yet, or will be sent again. `"sending"`: a worker sends it now. `"refused"`: the
    server refused it. `"unclear"`: it may have been done, and is looked for before it is sent again. `"delivered"`: it
    is done."""
    key: tuple[str, ...]
    """The fields of the key; empty for an update and a delete."""
    record_id: RecordId | None
    """Id of the record: that of an update or a delete, or of a create or upsert that is delivered."""
    record: Record | None
    """The record or the fields to be sent; None for a delete. Decimals are floats, or Decimals if a float would not
    keep all digits."""
    attempts: int
    """How often it was sent, or may have been sent."""
    error: EgitoError | None
    """The error of the last attempt."""
    created_at: str
    """When it was put."""
    next_attempt_at: str | None
    """When it may be sent next, unless an earlier entry of the same record holds it back."""
    delivered_at: str | None
    """When it was delivered."""


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """The number of entries in each state, from `Outbox.counts`.

    Example:
        with client.outbox("egito-outbox.db") as outbox:
            print(outbox.counts().waiting, "waiting")
    """

    waiting: int
    """Entries that were not sent yet, or will be sent again."""
    sending: int
    """Entries that a worker sends now."""
    refused: int
    """Entries that the server refused."""
    unclear: int
    """Entries that may have been done, and are looked for before they are sent again."""
    delivered: int
    """Entries that are done, of the last `keep_days` days."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The result of `Outbox.deliver`.

    Example:
        with client.outbox("egito-outbox.db") as outbox:
            delivery = outbox.deliver()
            if delivery.paused_by is not None:
                print("nothing is sent until", delivery.next_attempt_at, delivery.paused_by)
    """

    delivered: int
    """Number of entries that this call has delivered."""
    refused: int
    """Number of entries that the server refused in this call."""
    unclear: int
    """Number of entries of the outbox whose outcome is unclear."""
    waiting: int
    """Number of entries of the outbox that are still waiting."""
    next_attempt_at: str | None
    """When the next entry may be sent; None if none can be sent by itself."""
    paused_by: EgitoError | None
    """Why the outbox is paused: the server is down, or refuses the login."""

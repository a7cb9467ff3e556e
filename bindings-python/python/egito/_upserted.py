"""The result of `upsert`."""

from __future__ import annotations

from dataclasses import dataclass

from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egito._types import RecordId, UpsertChange


@dataclass(frozen=True, slots=True)
class Upserted:
    """A record that was created or found by its key, and how it changed. See `Entity.upsert`.

    Example:
        upserted = client.accounts.upsert({"nip": "5250001009", "name": "Żubr"}, key="nip")
        if upserted.change == "updated":
            print(upserted.id, "has other values for", *upserted.fields)
    """

    id: RecordId
    """Id of the record; the oldest one if several records have the key."""
    change: UpsertChange
    """How the stored record changed: `"created"`, `"updated"`, `"unchanged"`, or `"ambiguous"` if several records have
    the key, and nothing was written."""
    fields: tuple[str, ...]
    """Names of the fields that were updated."""
    duplicates: tuple[RecordId, ...]
    """Ids of all records with the key if there are several, the oldest first. Otherwise empty."""

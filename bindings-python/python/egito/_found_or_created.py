"""The result of `create_once`."""

from __future__ import annotations

from dataclasses import dataclass

from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from egito._types import RecordId


@dataclass(frozen=True, slots=True)
class FoundOrCreated:
    """A record that was found by its key, or created. See `Entity.create_once`.

    Example:
        lead = client.leads.create_once({"formKey": "f-1", "lastName": "Ryś"}, "formKey")
        print("created" if lead.created else "found", lead.id)
    """

    id: RecordId
    """Id of the record; the oldest one if several records have the key."""
    created: bool
    """Whether this call created the record."""
    duplicates: tuple[RecordId, ...]
    """Ids of all records with the key if there are several, the oldest first. Otherwise empty."""

"""A program for type checkers: mypy and pyright check it, and nothing runs it."""

from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypedDict

from typing_extensions import assert_type

import egito


class Offer(TypedDict):
    """A type of records."""

    id: int
    price: float


class Kind(Enum):
    """A filter."""

    CLIENT = "client"


@dataclass
class Lead:
    """A record to send."""

    name: str


def sync_use(client: egito.Client) -> None:
    """Records have the given type."""
    offers = client.entity("Offer", Offer)
    assert_type(offers, egito.Entity[Offer])
    assert_type(offers.get(7)["price"], float)
    assert_type(offers.list(fields=["price"]).first(), Offer | None)
    assert_type(offers.list().to_list(), list[Offer])
    assert_type(offers.with_response().get(7), egito.Response[Offer])
    assert_type(offers.with_response().get(7).value["price"], float)
    assert_type(offers.with_response().create({"price": 1.5}).headers.get_all("link"), list[str])
    for response in offers.list().with_response().pages():
        assert_type(response, egito.Response[list[Offer]])
    for offer in offers.list(city="Kraków"):
        assert_type(offer, Offer)
    assert_type(offers.get_many([1]), list[egito.BulkRow[Offer]])
    assert_type(offers.stream_get_many([1]), egito.BulkRows[Offer])
    assert_type(client.accounts.get(1), dict[str, Any])
    assert_type(client.leads.create(Lead("Ryś")), int | str)
    assert_type(client.leads.create_once(Lead("Ryś"), "lastName"), egito.FoundOrCreated)
    assert_type(
        offers.create_once({"id": 1, "price": 2.5}, key=["id"], lookup="scan").duplicates, tuple[int | str, ...]
    )
    assert_type(client.accounts.upsert({"nip": "7"}, "nip"), egito.Upserted)
    assert_type(
        offers.upsert({"id": 1, "price": 2.5}, key=["id"]).change,
        Literal["created", "updated", "unchanged", "ambiguous"],
    )
    assert_type(offers.upsert_many([{"id": 1, "price": 2.5}], "id"), list[egito.BulkRow[Offer]])
    assert_type(offers.stream_upsert_many([{"id": 1, "price": 2.5}], key=["id"]), egito.BulkRows[Offer])
    plan = offers.plan_upsert([{"id": 1, "price": 2.5}], "id", lookup="scan")
    assert_type(plan, list[egito.BulkRow[dict[str, Any]]])
    assert_type(plan[0].fields, tuple[str, ...])
    assert_type(offers.apply_upsert(plan, "id", settle=1), list[egito.BulkRow[Offer]])
    offers.create_many([{"price": 2.5}], key="id", journal=Path("import.journal"))
    offers.stream_upsert_many([{"id": 1, "price": 2.5}], "id", journal="import.journal")
    assert_type(offers.create({"id": 1, "price": 2.5}), int | str)
    assert_type(client.with_options(timeout=5), egito.Client)
    assert_type(client.accounts.list().total(), int | None)
    assert_type(client.accounts.update_many({7: {"city": "Kraków"}}), list[egito.BulkRow[dict[str, Any]]])
    client.accounts.update_many({"a7": Lead("Ryś")}, progress=print)
    client.accounts.update_many([(7, {"city": "Kraków"}), ("a7", Lead("Ryś"))])
    client.accounts.list(kind=Kind.CLIENT, filters={"kind": Kind.CLIENT})
    mixed = {"city": "Kraków", "employees": 5}
    client.accounts.list(filters=mixed)
    client.accounts.list(filters={"city": ["Kraków", "Gdynia"]}, phase=["new", "won"])
    changes = offers.changes(since="…", by="dateCreated", lag=60, city="Kraków")
    assert_type(changes, egito.RecordChanges[Offer])
    assert_type(changes.to_list(), list[Offer])
    assert_type(changes.mark, str)
    assert_type(offers.ids(), list[int | str])
    assert_type(offers.deleted([1, "a7"]), list[int | str])
    outbox = client.outbox(Path("outbox.db"), keep_days=7)
    assert_type(outbox, egito.Outbox)
    assert_type(outbox.put("Lead", Lead("Ryś"), key="name"), int)
    assert_type(outbox.deliver(limit=10).paused_by, egito.EgitoError | None)
    assert_type(outbox.entries("refused")[0].record, dict[str, Any] | None)
    client.accounts.list(fields=(name for name in ("id", "name")))
    egito.Client("firma", token_store=Path("token"))


async def async_use(client: egito.AsyncClient) -> None:
    """The same for asyncio."""
    offers = client.entity("Offer", Offer)
    assert_type(await offers.get(7), Offer)
    async for offer in offers.list():
        assert_type(offer, Offer)
    assert_type(await offers.with_response().get(7), egito.Response[Offer])
    async for response in offers.list().with_response().pages():
        assert_type(response, egito.Response[list[Offer]])
    await client.accounts.update_many({7: {"city": "Kraków"}, 8: {"city": "Gdańsk"}})
    async with aclosing(client.accounts.list().pages()) as pages:
        assert_type(await anext(pages), list[dict[str, Any]])
    assert_type(await offers.get_many([1]), list[egito.BulkRow[Offer]])
    assert_type(offers.stream_get_many([1]), egito.AsyncBulkRows[Offer])
    async with client.outbox("outbox.db") as outbox:
        assert_type(await outbox.put_update("Account", 7, {"city": "Łódź"}), int)
        assert_type(await outbox.deliver(), egito.Delivery)
    assert_type(await offers.changes().first(), Offer | None)
    assert_type(await offers.deleted(await offers.ids()), list[int | str])
    assert_type(await client.accounts.list().to_arrow(), egito.ArrowTable)

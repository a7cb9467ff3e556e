"""Lists of changes, ids and deleted records."""

from collections.abc import Callable
from typing import Any

import numpy
import pandas
import pyarrow
import pytest

import egito
from support import Sandbox, run_async

ACCOUNTS = [
    {"id": id, "name": f"Żubr {id}", "city": "Łódź", "value": 2.5, "lastUpdated": f"2026-01-0{id}T10:00:00Z"}
    for id in range(1, 6)
]
NOT_READ = "was not read to its end"


@pytest.fixture
def accounts(sandbox: Sandbox, client: egito.Client) -> egito.Entity[egito.Record]:
    """An entity with five records."""
    sandbox.add(Account=ACCOUNTS)
    return client.accounts


def batches(changes: egito.RecordChanges[Any]) -> list[int]:
    """Reads the ids from Arrow batches."""
    return [id for batch in changes.to_arrow_batches() for id in pyarrow.record_batch(batch)["id"].to_pylist()]


READERS: dict[str, Callable[[egito.RecordChanges[Any]], list[int]]] = {
    "iterator": lambda changes: [record["id"] for record in changes],
    "pages": lambda changes: [record["id"] for page in changes.pages() for record in page],
    "responses": lambda changes: [each["id"] for page in changes.with_response().pages() for each in page.value],
    "list": lambda changes: [record["id"] for record in changes.to_list()],
    "arrow": lambda changes: pyarrow.table(changes.to_arrow())["id"].to_pylist(),
    "batches": batches,
    "pandas": lambda changes: list(changes.to_pandas()["id"]),
    "polars": lambda changes: list(changes.to_polars()["id"]),
}


@pytest.mark.parametrize("decimals", ["float", "string", "decimal"])
@pytest.mark.parametrize("name", READERS)
def test_every_way_of_reading_ends_with_a_mark(sandbox: Sandbox, name: str, decimals: Any) -> None:
    sandbox.add(Account=ACCOUNTS)
    with sandbox.client(decimals=decimals) as client:
        changes = client.accounts.changes(page_size=2)
        with pytest.raises(egito.ConfigError, match=NOT_READ) as caught:
            changes.mark  # noqa: B018
        assert caught.value.setting == "mark"
        assert READERS[name](changes) == [5, 4, 3, 2, 1]
        changed = client.accounts.update(2, {"city": "Sopot"})
        assert [each["id"] for each in client.accounts.changes(since=changes.mark)] == [changed]


def test_a_list_that_was_left_or_failed_has_no_mark(accounts: Any, sandbox: Sandbox) -> None:
    changes = accounts.changes(page_size=2)
    records = iter(changes)
    for _ in ACCOUNTS:
        next(records)
    with pytest.raises(egito.ConfigError, match=NOT_READ):
        changes.mark  # noqa: B018 - the last record may not be processed yet
    assert next(records, None) is None
    first = changes.mark
    sandbox.fault(on={"action": "list"}, response={"status": 403}, times=9)
    failing = accounts.changes(since=first)
    with pytest.raises(egito.PermissionError):
        failing.to_list()
    with pytest.raises(egito.ConfigError, match=NOT_READ):
        failing.mark  # noqa: B018


@pytest.mark.parametrize("decimals", ["float", "string"])
def test_only_a_complete_last_read_has_a_mark(sandbox: Sandbox, decimals: Any) -> None:
    sandbox.add(Account=ACCOUNTS)
    with sandbox.client(decimals=decimals) as client:
        changes = client.accounts.changes(page_size=2)
        assert (changes.count(), changes.exists(), changes.total()) == (5, True, None)
        with pytest.raises(egito.ConfigError, match=NOT_READ):
            changes.mark  # noqa: B018 - `count` returns no records
        for read in READERS.values():
            read(changes)
            assert changes.mark
            next(iter(changes))
            with pytest.raises(egito.ConfigError, match=NOT_READ):
                changes.mark  # noqa: B018 - the second read was left


def test_options_are_those_of_a_list(accounts: Any) -> None:
    changes = accounts.changes(by="lastUpdated", lag=0, city="Łódź", fields=["id"], page_size=3)
    assert changes.to_list() == [{"id": id} for id in (5, 4, 3, 2, 1)]
    assert accounts.changes(since=changes.mark, lag=0, city="Łódź").to_list() == []
    assert [each["id"] for each in accounts.changes(limit=2)] == [5, 4]
    assert accounts.changes().first()["id"] == 5


@pytest.mark.parametrize(
    ("setting", "options"),
    [
        ("since", {"since": "guess"}),
        ("by", {"by": ""}),
        ("lag", {"lag": -1}),
        ("lag", {"lag": "long"}),
        ("start", {"start": 5}),
        ("sort", {"sort": "name"}),
        ("order", {"order": "asc"}),
        ("page_size", {"page_size": 0}),
        ("order_by", {"order_by": "name"}),
    ],
)
def test_invalid_options_are_config_errors(client: egito.Client, setting: str, options: dict[str, Any]) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.changes(**options)
    assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")
    assert client.stats().attempts == 0


def test_a_mark_belongs_to_one_list(accounts: Any, client: egito.Client) -> None:
    changes = accounts.changes()
    changes.to_list()
    for other in (client.leads.changes, lambda since: accounts.changes(since=since, by="dateCreated")):
        with pytest.raises(egito.ConfigError) as caught:
            other(since=changes.mark)
        assert caught.value.setting == "since"


def test_ids_and_deleted_records(accounts: Any, sandbox: Sandbox) -> None:
    assert accounts.ids() == [1, 2, 3, 4, 5]
    accounts.delete(2)
    sandbox.add(Account=[{"id": "a7", "name": "Ryś"}])
    assert accounts.ids() == [1, 3, 4, 5, "a7"]
    assert accounts.deleted([1, 2, "a7", "b7", 2]) == [2, "b7"]
    for ids in (iter([1, 2]), {2}, pandas.Series([1, 2]), numpy.array([2])):
        assert accounts.deleted(ids) == [2]
    assert accounts.deleted([]) == []


@pytest.mark.parametrize("ids", [7, "7", b"7", None, {7: "x"}, pandas.DataFrame({"id": [1]})], ids=type)
def test_known_ids_are_an_iterable(client: egito.Client, ids: Any) -> None:
    with pytest.raises(egito.ConfigError, match="invalid `known_ids`"):
        client.accounts.deleted(ids)
    with pytest.raises(egito.ConfigError, match="invalid `id`"):
        client.accounts.deleted([1, 1.5])  # type: ignore[list-item]


def test_asyncio_has_the_same_calls(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        changes = client.accounts.changes(page_size=2)
        read = [account["id"] async for account in changes]
        assert read == [5, 4, 3, 2, 1]
        assert await client.accounts.ids() == [1, 2, 3, 4, 5]
        await client.accounts.delete(2)
        assert await client.accounts.deleted([1, 2]) == [2]
        since = client.accounts.changes(since=changes.mark)
        with pytest.raises(egito.ConfigError, match=NOT_READ):
            since.mark  # noqa: B018
        assert await since.to_list() == [] and since.mark
        for read_it in (since.to_arrow, since.to_pandas, since.to_polars):
            await read_it()
        assert [batch async for batch in since.to_arrow_batches()] == []
        with pytest.raises(egito.ConfigError, match="known_ids"):
            await client.accounts.deleted(7)  # type: ignore[arg-type]

    sandbox.add(Account=ACCOUNTS)
    run_async(sandbox, scenario)

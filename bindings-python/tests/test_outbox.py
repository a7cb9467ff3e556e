"""Outboxes: what can be put, what is returned, and delivery in the background and in several processes."""

import copy
import dataclasses
import os
import pickle
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import egito
from support import VARIABLES, Sandbox, run_async

LEAD = {"formKey": "f-1", "lastName": "Ryś"}


@dataclasses.dataclass
class Account:
    """A record as a class."""

    nip: str
    name: str


@pytest.fixture
def outbox(client: egito.Client, tmp_path: Path) -> Iterator[egito.Outbox]:
    """An empty outbox."""
    with client.outbox(tmp_path / "outbox.db") as outbox:
        yield outbox


HUGE_INTS = (10**400, -(10**400), 10**5000)
HUGE: list[tuple[str, Callable[[egito.Outbox, Any], object]]] = [
    ("interval", lambda outbox, huge: outbox.start(huge)),
    ("limit", lambda outbox, huge: outbox.deliver(huge)),
    ("id", lambda outbox, huge: outbox.get(huge)),
    ("settle", lambda outbox, huge: outbox.put("Lead", LEAD, "formKey", settle=huge)),
]
"""Calls with a number that no type of the core can hold."""


def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens in the background."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_an_entry_is_stored_first_and_delivered_once(sandbox: Sandbox, outbox: egito.Outbox, tmp_path: Path) -> None:
    id = outbox.put("Lead", LEAD, key="formKey")
    assert outbox.put("Lead", LEAD, "formKey") == id
    assert sandbox.journal() == [] and outbox.counts() == egito.OutboxCounts(1, 0, 0, 0, 0)
    delivery = outbox.deliver()
    assert delivery == egito.Delivery(1, 0, 0, 0, next_attempt_at=None, paused_by=None)
    (lead,) = sandbox.records("Lead")
    entry = outbox.get(id)
    assert (entry.id, entry.entity, entry.action, entry.state) == (id, "Lead", "create", "delivered")
    assert (entry.key, entry.record_id, entry.record, entry.error) == (("formKey",), lead["id"], LEAD, None)
    assert entry.attempts == 1 and entry.created_at.endswith("Z") and entry.delivered_at
    assert outbox.deliver().delivered == 0 and len(sandbox.journal(action="create")) == 1
    assert stat.S_IMODE((tmp_path / "outbox.db").stat().st_mode) == 0o600


def test_every_kind_of_write_can_be_put(sandbox: Sandbox, outbox: egito.Outbox) -> None:
    sandbox.add(Account=[{"id": id, "nip": str(id), "name": "Żubr"} for id in (7, 8, 9)])
    ids = [
        outbox.put_upsert("Account", Account("7", "Ryś"), "nip"),
        outbox.put_update("Account", 8, {"city": "Łódź"}),
        outbox.put_delete("Account", 9),
        outbox.put("Account", Account("10", "Żbik"), key=["nip"], settle=1, lookup="scan"),
    ]
    assert outbox.deliver(limit=10).delivered == 4
    assert [(entry.id, entry.action) for entry in outbox.entries()] == list(
        zip(ids, ["upsert", "update", "delete", "create"], strict=True)
    )
    stored = {account["id"]: account for account in sandbox.records("Account")}
    assert (stored[7]["name"], stored[8]["city"], 9 in stored, len(stored)) == ("Ryś", "Łódź", False, 3)
    assert outbox.get(ids[2]).record is None and outbox.get(ids[2]).record_id == 9


def test_a_refused_entry_can_be_edited_retried_and_discarded(outbox: egito.Outbox) -> None:
    id = outbox.put("Account", {"nip": "7"}, "nip")
    other = outbox.put_update("Account", 404, {"city": "Łódź"})
    assert outbox.deliver().refused == 2
    assert [entry.id for entry in outbox.entries("refused", limit=1)] == [id]
    assert [entry.id for entry in outbox.entries("refused", after=id)] == [other]
    error = outbox.get(id).error
    assert isinstance(error, egito.ValidationError) and error.errors
    assert isinstance(outbox.get(other).error, egito.NotFoundError)
    outbox.edit(id, {"nip": "7", "name": "Żubr"})
    outbox.retry(other)
    assert [outbox.get(each).state for each in (id, other)] == ["waiting", "waiting"]
    assert outbox.deliver().delivered == 1
    outbox.discard(other)
    with pytest.raises(egito.NotFoundError):
        outbox.get(other)
    for call in (outbox.retry, outbox.discard):
        with pytest.raises(egito.ConfigError) as caught:
            call(id)
        assert caught.value.setting == "id"


def test_entries_wait_while_the_server_is_down(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault(times=100, response={"status": 503})
    with sandbox.client(max_retries=0) as client:
        outbox = client.outbox(tmp_path / "outbox.db")
        ids = [outbox.put("Lead", LEAD | {"formKey": str(number)}, "formKey") for number in range(3)]
        delivery = outbox.deliver()
        assert (delivery.delivered, delivery.waiting) == (0, 3) and delivery.next_attempt_at
        sandbox.control("reset", {"seed": "empty"})
        for id in ids:
            outbox.retry(id)
        assert outbox.deliver().delivered == 3


@pytest.mark.parametrize("decimals", ["float", "string", "decimal"])
def test_no_digit_is_lost(sandbox: Sandbox, tmp_path: Path, decimals: Any) -> None:
    price = Decimal("0.1234567890123456789")
    with sandbox.client(decimals=decimals) as client:
        outbox = client.outbox(tmp_path / "outbox.db")
        id = outbox.put("Offer", {"number": "O-7", "price": price, "n": 2**70}, "number")
        assert outbox.get(id).record == {"number": "O-7", "price": price, "n": 2**70}
        assert outbox.deliver().delivered == 1
    assert '"price":0.1234567890123456789,"n":1180591620717411303424' in sandbox.journal(action="create")[0]["body"]


@pytest.mark.parametrize(
    ("setting", "call"),
    [
        ("key", lambda outbox: outbox.put("Lead", LEAD, "missing")),
        ("key", lambda outbox: outbox.put_upsert("Lead", LEAD, [])),
        ("entity", lambda outbox: outbox.put("no name", LEAD, "formKey")),
        ("entity", lambda outbox: outbox.put(7, LEAD, "formKey")),
        ("record.x", lambda outbox: outbox.put("Lead", LEAD | {"x": object()}, "formKey")),
        ("id", lambda outbox: outbox.put_update("Lead", 1.5, {})),
        ("id", lambda outbox: outbox.put_delete("Lead", "")),
        ("id", lambda outbox: outbox.get("7")),
        ("id", lambda outbox: outbox.retry(2**70)),
        ("limit", lambda outbox: outbox.deliver(-1)),
        ("limit", lambda outbox: outbox.deliver(0)),
        ("state", lambda outbox: outbox.entries("lost")),
        ("interval", lambda outbox: outbox.start(-1)),
        ("interval", lambda outbox: outbox.start("x")),
        *((name, lambda outbox, call=call, huge=huge: call(outbox, huge)) for name, call in HUGE for huge in HUGE_INTS),
        ("lookup", lambda outbox: outbox.put("Lead", LEAD, "formKey", lookup="guess")),
    ],
)
def test_invalid_arguments_are_config_errors(
    outbox: egito.Outbox, setting: str, call: Callable[[egito.Outbox], object]
) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        call(outbox)
    assert caught.value.setting == setting
    assert outbox.entries() == []


def test_problems_of_the_file_are_config_errors(client: egito.Client, tmp_path: Path) -> None:
    for path, keep in ((tmp_path / "no folder" / "x", 30.0), (7, 30.0), (tmp_path / "x", -1.0)):
        with pytest.raises(egito.ConfigError):
            client.outbox(path, keep_days=keep)  # type: ignore[arg-type]
    (tmp_path / "other.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(egito.ConfigError) as caught:
        client.outbox(os.fspath(tmp_path / "other.db")).counts()
    assert caught.value.setting == "outbox"


def test_values_are_immutable_and_can_be_copied(outbox: egito.Outbox) -> None:
    outbox.put("Account", {"nip": "7"}, "nip")
    delivery = outbox.deliver()
    for value in (outbox.counts(), delivery):
        assert pickle.loads(pickle.dumps(value)) == value and copy.deepcopy(value) == value
    (entry,) = outbox.entries()
    other = pickle.loads(pickle.dumps(entry))
    assert dataclasses.replace(other, error=None) == dataclasses.replace(entry, error=None)
    assert isinstance(other.error, egito.ValidationError)


def test_a_started_outbox_delivers_in_the_background(sandbox: Sandbox, client: egito.Client, tmp_path: Path) -> None:
    with client.outbox(tmp_path / "outbox.db") as outbox:
        assert outbox.last_delivery() is None
        outbox.start(interval=60)
        outbox.start(interval=60)
        id = outbox.put("Lead", LEAD, "formKey")
        until(lambda: outbox.get(id).state == "delivered")
        until(lambda: outbox.last_delivery() is not None)
    id = outbox.put("Lead", LEAD | {"formKey": "f-2"}, "formKey")
    assert outbox.get(id).state == "waiting" and len(sandbox.records("Lead")) == 1
    outbox.stop()


def test_threads_share_an_outbox(sandbox: Sandbox, outbox: egito.Outbox) -> None:
    def put(number: int) -> int:
        return outbox.put("Lead", LEAD | {"formKey": str(number % 20)}, "formKey")

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(put, range(60)))) == 20
        assert sum(delivery.delivered for delivery in pool.map(lambda _: outbox.deliver(), range(4))) == 20
    assert len(sandbox.records("Lead")) == 20


WORKER = """
import sys
import egito

with egito.Client.from_env() as client:
    outbox = client.outbox("outbox.db")
    for number in range(int(sys.argv[1])):
        outbox.put("Lead", {"formKey": str(number), "lastName": "Nowak"}, "formKey")
    outbox.deliver()
"""


def test_processes_share_an_outbox(sandbox: Sandbox, outbox: egito.Outbox, tmp_path: Path) -> None:
    environment = os.environ | {variable: sandbox.settings[name] for variable, name in VARIABLES.items()}
    command = [sys.executable, "-c", WORKER, "25"]
    workers = [subprocess.Popen(command, cwd=tmp_path, env=environment) for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0] * 4
    assert outbox.deliver().waiting == 0 and outbox.counts().delivered == 25
    assert sorted(int(lead["formKey"]) for lead in sandbox.records("Lead")) == list(range(25))


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no fork")
def test_a_forked_child_uses_the_outbox_of_its_parent(sandbox: Sandbox, outbox: egito.Outbox) -> None:
    id = outbox.put("Lead", LEAD, "formKey")
    child = os.fork()
    if child == 0:
        os._exit(0 if outbox.put("Lead", LEAD, "formKey") == id and outbox.deliver().delivered == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert outbox.get(id).state == "delivered" and len(sandbox.records("Lead")) == 1


def test_asyncio_has_the_same_calls(sandbox: Sandbox, tmp_path: Path) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        async with client.outbox(tmp_path / "outbox.db", keep_days=1, concurrency=2, lookup="scan") as outbox:
            id = await outbox.put("Lead", LEAD, "formKey")
            await outbox.put_upsert("Account", {"nip": "7"}, "nip")
            await outbox.put_update("Lead", 404, {"city": "Łódź"})
            last = await outbox.put_delete("Lead", 405)
            delivery = await outbox.deliver()
            assert isinstance(delivery, egito.Delivery) and delivery.refused >= 2
            assert isinstance((await outbox.get(id)).record_id, int)
            (refused, other, *_) = await outbox.entries("refused")
            assert isinstance(refused.error, egito.ValidationError)
            await outbox.edit(refused.id, {"nip": "7", "name": "Żubr"})
            await outbox.discard(other.id)
            await outbox.retry(refused.id)
            assert (await outbox.deliver()).delivered == 1
            assert (await outbox.counts()).delivered >= 2 and last
            outbox.start()
            started = await outbox.put("Lead", LEAD | {"formKey": "f-2"}, "formKey")
            while (await outbox.get(started)).state != "delivered":
                pass
        assert repr(outbox) == f"<egito.AsyncOutbox {tmp_path / 'outbox.db'}>"

    run_async(sandbox, scenario)
    assert len(sandbox.records("Lead")) == 2

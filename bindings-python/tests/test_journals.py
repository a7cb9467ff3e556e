"""Bulks with a journal: they continue where an earlier run stopped."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import egito
from support import VARIABLES, Sandbox, run_async

LEADS = [{"formKey": f"f-{number}", "lastName": "Ryś"} for number in range(6)]


@pytest.fixture(params=[str, Path])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """The path of a journal that does not exist yet."""
    path: str | Path = request.param(tmp_path / "import.journal")
    return path


def test_the_same_call_continues(sandbox: Sandbox, client: egito.Client, journal: Any) -> None:
    def some() -> Iterator[dict[str, str]]:
        yield from LEADS[:2]
        raise LookupError

    with pytest.raises(LookupError):
        client.leads.create_many(some(), journal=journal)
    rows = client.leads.create_many(LEADS, journal=journal)
    assert [row.resumed for row in rows] == [True, True, False, False, False, False]
    assert {row.id for row in rows} == {lead["id"] for lead in sandbox.records("Lead")}
    again = list(client.leads.stream_create_many(LEADS, journal=journal))
    assert all(row.resumed and row.ok for row in again) and [row.id for row in again] == [row.id for row in rows]
    assert [row.input for row in again] == LEADS and len(sandbox.journal(action="create")) == len(LEADS)


def test_every_bulk_that_writes_has_a_journal(sandbox: Sandbox, client: egito.Client, tmp_path: Path) -> None:
    sandbox.add(Lead=[{"id": id, "lastName": "Ryś"} for id in (1, 2)])
    plan = client.leads.plan_upsert(LEADS, "formKey")
    for _ in range(2):
        client.leads.update_many({1: {"lastName": "Żbik"}}, journal=tmp_path / "update")
        client.leads.upsert_many(LEADS[:1], "formKey", journal=tmp_path / "upsert")
        client.leads.apply_upsert(plan[1:2], "formKey", journal=tmp_path / "apply")
        rows = client.leads.delete_many([2], journal=tmp_path / "delete")
        list(client.leads.stream_update_many([(1, {"city": "Łódź"})], journal=tmp_path / "stream update"))
        list(client.leads.stream_upsert_many(LEADS[2:3], "formKey", journal=tmp_path / "stream upsert"))
        list(client.leads.stream_delete_many([1], journal=tmp_path / "stream delete"))
    assert rows[0].resumed and rows[0].id == 2
    actions = [
        request["action"] for request in sandbox.journal() if request["action"] in ("create", "update", "delete")
    ]
    assert sorted(actions) == [*["create"] * 3, *["delete"] * 2, *["update"] * 2]


def test_an_upsert_that_was_done_reports_its_change_again(client: egito.Client, journal: Any) -> None:
    client.leads.create(LEADS[0] | {"lastName": "Żbik"})
    first = client.leads.upsert_many(LEADS[:2], "formKey", journal=journal)
    again = client.leads.upsert_many(LEADS[:2], "formKey", journal=journal)
    assert [(row.change, row.fields, row.resumed) for row in first] == [
        ("updated", ("lastName",), False),
        ("created", (), False),
    ]
    assert [(row.change, row.fields, row.resumed) for row in again] == [
        ("updated", ("lastName",), True),
        ("created", (), True),
    ]


def test_another_input_is_an_error_of_its_row(client: egito.Client, journal: Any) -> None:
    client.leads.create_many(LEADS[:2], journal=journal)
    same, other = client.leads.create_many([LEADS[0], LEADS[2]], journal=journal)
    assert same.ok and isinstance(other.error, egito.ConfigError) and other.error.setting == "journal"


def test_a_row_in_doubt_is_looked_for_by_its_key(sandbox: Sandbox, client: egito.Client, tmp_path: Path) -> None:
    for key, name in ((None, "without"), ("formKey", "with")):
        sandbox.fault(on={"action": "create"}, cut="after")
        client.leads.create_many(LEADS[:1], journal=tmp_path / name, key=key)
    (row,) = client.leads.create_many(LEADS[:1], journal=tmp_path / "without")
    assert isinstance(row.error, egito.OutcomeUnknownError)
    (row,) = client.leads.create_many(LEADS[:1], journal=tmp_path / "with", key="formKey")
    assert row.ok and len(sandbox.journal(action="create")) == 2


def test_a_journal_of_another_bulk_is_refused(client: egito.Client, tmp_path: Path) -> None:
    client.leads.create_many(LEADS[:1], journal=tmp_path / "journal")
    with pytest.raises(egito.ConfigError) as caught:
        client.contacts.create_many(LEADS[:1], journal=tmp_path / "journal")
    assert caught.value.setting == "journal" and caught.value.outcome == "not_sent"
    with pytest.raises(egito.ConfigError, match="journal"):
        client.leads.create_many(LEADS[:1], journal=tmp_path / "no folder" / "journal")
    with pytest.raises(egito.ConfigError, match="journal"):
        client.leads.create_many(LEADS[:1], journal=7)  # type: ignore[arg-type]


IMPORT = """
import os, signal
import egito

leads = [{"formKey": f"f-{number}", "lastName": "Ryś"} for number in range(40)]
with egito.Client.from_env() as client:
    for row in client.leads.stream_create_many(leads, key="formKey", settle=1, journal="import.journal"):
        assert row.ok
        if not row.resumed and row.index % 10 == 5:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_import_creates_every_record_once(sandbox: Sandbox, tmp_path: Path) -> None:
    environment = os.environ | {variable: sandbox.settings[name] for variable, name in VARIABLES.items()}
    codes = [
        subprocess.run([sys.executable, "-c", IMPORT], cwd=tmp_path, env=environment, timeout=60).returncode
        for _ in range(10)
    ]
    assert codes[0] == -signal.SIGKILL and codes[-1] == 0 and codes.count(-signal.SIGKILL) >= 2
    keys = [lead["formKey"] for lead in sandbox.records("Lead")]
    assert len(keys) == 40 and len(set(keys)) == 40


def test_asyncio_has_the_same_option(sandbox: Sandbox, journal: Any) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        rows = client.leads.stream_create_many(LEADS, journal=journal, concurrency=1)
        await anext(rows)
        await rows.rest()
        again = await client.leads.create_many(LEADS, journal=journal)
        assert again[0].resumed and not again[-1].resumed and all(row.ok for row in again)

    run_async(sandbox, scenario)
    assert len(sandbox.records("Lead")) == len(LEADS)

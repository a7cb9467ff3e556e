"""Runs the examples of docstrings, against a sandbox with the records that they use."""

import asyncio
import inspect
import os
import subprocess
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypedDict

import duckdb
import pyarrow
import pytest
import tqdm
from pyarrow import dataset, parquet

import egito
import egito.testing
from support import VARIABLES, Sandbox

BUILT = Path(__file__).parents[2] / "target/debug"
DOCUMENTED: list[Any] = [
    *(egito.Client, egito.Entity, egito.RecordList, egito.AsyncClient, egito.AsyncEntity, egito.AsyncRecordList),
    *(egito.EntityWithResponse, egito.AsyncEntityWithResponse, egito.Headers, egito.Response),
    *(egito.FoundOrCreated, egito.Upserted, egito.RecordChanges, egito.AsyncRecordChanges),
    *(egito.Outbox, egito.AsyncOutbox, egito.OutboxEntry, egito.OutboxCounts, egito.Delivery),
    *(egito.RecordListWithResponse, egito.AsyncRecordListWithResponse, egito.BulkRows, egito.AsyncBulkRows),
    *(egito.ProbeCheck, egito.ProbeReport),
    *(egito.ArrowTable, egito.ArrowBatch, egito.ArrowBatches, egito.testing.Sandbox, egito.testing.sandbox_program),
]


class Offer(TypedDict):
    """The type of records in examples."""

    id: int
    price: float


def examples() -> list[Any]:
    """Returns the example of every docstring, with the name of the object."""
    found: dict[str, str] = {}
    for each in DOCUMENTED:
        members = dict(inspect.getmembers(each)) if inspect.isclass(each) else {}
        public = {name: member for name, member in members.items() if not name.startswith("_")}
        for name, member in {"": each, **public}.items():
            _, heading, code = (getattr(member, "__doc__", None) or "").partition("Example:\n")
            if heading:
                found[f"{each.__name__}.{name}".rstrip(".")] = textwrap.dedent(code)
    assert len(found) > 60
    return [pytest.param(name, code, id=name) for name, code in found.items()]


def fill(sandbox: Sandbox) -> None:
    """Adds the records that examples use."""
    sandbox.reset("empty")
    times = {"dateCreated": "2026-01-01T10:00:00Z", "lastUpdated": "2026-01-02T10:00:00Z"}
    accounts = [{"id": id, "name": f"Żubr {id}", "city": "Kraków", **times} for id in (1, 2, 3, 7, 8)]
    leads = [{"id": id, "lastName": "Ryś"} for id in (5, 6, 7)]
    sandbox.add(Account=accounts, Lead=leads, Offer=[{"id": 7, "price": 2.5}], Opportunity=[{"id": 1, "value": 9.5}])


@pytest.mark.parametrize(("name", "code"), examples())
def test_example_runs(program: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, code: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{BUILT}{os.pathsep}{os.environ['PATH']}")
    for variable, setting in VARIABLES.items():
        monkeypatch.setenv(variable, program.settings[setting])
    fill(program)
    (tmp_path / "egito.toml").write_text("page_size = 100\n")

    class Client(egito.Client):
        """Connects to the sandbox, whatever an example logs in with."""

        def __init__(self, *_: Any, **__: Any) -> None:
            super().__init__(**program.settings)

    class AsyncClient(egito.AsyncClient):
        """The same for asyncio."""

        def __init__(self, *_: Any, **__: Any) -> None:
            super().__init__(**program.settings)

    if name.startswith("Sandbox."):
        program.reset("empty")
        program.client().accounts.create({"name": "Żubr"})
    known = {each: getattr(egito, each) for each in dir(egito)} | {"testing": egito.testing}
    known |= {"Client": Client, "AsyncClient": AsyncClient}
    names = {"egito": SimpleNamespace(**known), "asyncio": asyncio, "Path": Path, "duckdb": duckdb, "parquet": parquet}
    names |= {"pyarrow": pyarrow, "dataset": dataset}
    names |= {"subprocess": subprocess, "tqdm": tqdm.tqdm, "Offer": Offer, "sandbox": program, "save": lambda _: None}
    names |= {"leads": [{"lastName": "Ryś"}, {"lastName": "Żbik"}]}
    names |= {"accounts": [{"nip": "5250001009", "name": "Żubr"}, {"nip": "6762484560", "name": "Ryś"}]}
    asynchronous = "Async" in name or "await " in code or "async " in code
    client: Any = AsyncClient() if asynchronous else Client()
    exec(f"async def example(client):\n{textwrap.indent(code, '    ')}", names)
    asyncio.run(names["example"](client))

"""The workloads. Each runs with the SDK or with a peer, and returns the number of records and a sum to check.

With a count of 0 it only imports and creates what it needs, so that the runner can subtract the start of a program.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import peers

IDS = 1_000
PAGE = 1_000
AT_ONCE = 64

Settings = dict[str, str]
Total = tuple[int, int]


def total(records: Iterable[Any]) -> Total:
    """Adds up the fields of the records."""
    count = sum_ = 0
    for record in records:
        count += 1
        sum_ += record["id"] + record["employees"]
    return count, sum_


def ids(count: int) -> Iterator[int]:
    """Yields the ids that are read one after the other."""
    return (number % IDS + 1 for number in range(count))


def new_records(count: int) -> Iterator[dict[str, Any]]:
    """Yields the records that are created one after the other."""
    record = json.loads(os.environ["BENCH_RECORD"])
    return (record | {"employees": number} for number in range(count))


def client(contestant: str, settings: Settings) -> Any:
    """Returns the accounts of the SDK, or a peer with the same methods."""
    if contestant == "egito":
        import egito

        return egito.Client(**settings).accounts  # type: ignore[arg-type]  # all of these settings are strings
    return peers.BLOCKING[contestant](settings)


@asynccontextmanager
async def async_client(contestant: str, settings: Settings) -> AsyncIterator[Any]:
    """Opens the asyncio client of the SDK, or a peer with the same methods."""
    if contestant == "egito":
        import egito

        async with egito.AsyncClient(**settings) as ours:  # type: ignore[arg-type]
            yield ours.accounts
    else:
        async with peers.Aiohttp(settings) as theirs:
            yield theirs


def get(contestant: str, settings: Settings, count: int) -> Total:
    """Reads records one after the other."""
    accounts = client(contestant, settings)
    return total(accounts.get(id) for id in ids(count))


def create(contestant: str, settings: Settings, count: int) -> Total:
    """Creates records one after the other."""
    accounts = client(contestant, settings)
    return count, sum(accounts.create(record) for record in new_records(count))


def threads(contestant: str, settings: Settings, count: int) -> Total:
    """Reads records by 64 threads."""
    accounts = client(contestant, settings)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return total(pool.map(accounts.get, ids(count)))


def coroutines(contestant: str, settings: Settings, count: int) -> Total:
    """Reads records by 64 coroutines."""

    async def run() -> Total:
        async with async_client(contestant, settings) as accounts:
            left, records = ids(count), []

            async def worker() -> None:
                for id in left:
                    records.append(await accounts.get(id))  # noqa: PERF401

            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
            return total(records)

    return asyncio.run(run())


def dicts(contestant: str, settings: Settings, count: int) -> Total:
    """Reads all records and keeps them as dicts."""
    accounts = client(contestant, settings)
    if count == 0:
        return 0, 0
    if contestant == "egito":
        return total(accounts.list(page_size=PAGE).to_list())
    return total(peers.dicts(accounts.pages(PAGE)))


def dicts_async(contestant: str, settings: Settings, count: int) -> Total:
    """Reads all records with asyncio and keeps them as dicts. A peer without asyncio reads them in its own way."""
    if contestant not in ("egito", "aiohttp + orjson"):
        return dicts(contestant, settings, count)

    async def run() -> Total:
        async with async_client(contestant, settings) as accounts:
            if count == 0:
                return 0, 0
            if contestant == "egito":
                return total(await accounts.list(page_size=PAGE).to_list())
            return total(await accounts.dicts(PAGE))

    return asyncio.run(run())


def frame(target: str, theirs: Callable[[Any], Any]) -> Callable[[str, Settings, int], Total]:
    """Returns the workload that reads all records into a table of pyarrow, pandas or polars.

    The SDK has a method for it. A peer reads each page into a frame of polars, which `theirs` converts.
    """

    def run(contestant: str, settings: Settings, count: int) -> Total:
        modules = {"arrow": ["pyarrow.compute"], "pandas": ["pandas", "pyarrow"], "polars": ["polars"]}[target]
        for module in modules if contestant == "egito" else [*modules, "polars"]:
            importlib.import_module(module)
        if contestant == "egito":
            accounts = client("egito", settings)
            return fields_of(table_of(accounts.list(page_size=PAGE), target)) if count else (0, 0)
        pages = client("requests + orjson", settings).pages(PAGE)
        return fields_of(theirs(peers.polars_frame(pages))) if count else (0, 0)

    return run


def table_of(accounts: Any, target: str) -> Any:
    """Returns a list of the SDK as a table."""
    table = getattr(accounts, f"to_{target}")()
    if target == "arrow":
        import pyarrow

        return pyarrow.table(table)
    return table


def fields_of(table: Any) -> Total:
    """Adds up the fields of the records of a table."""
    return len(table), sum_of(table["id"]) + sum_of(table["employees"])


def sum_of(column: Any) -> int:
    """Returns the sum of a column of pandas, polars or pyarrow."""
    if hasattr(column, "sum"):
        return int(column.sum())
    import pyarrow.compute

    return int(pyarrow.compute.sum(column).as_py())


def upsert(contestant: str, settings: Settings, count: int) -> Total:
    """Upserts records that the server has, with a field that does not differ. The other contestant reads their list."""
    if contestant == "list":
        return dicts("egito", settings, count)
    import egito

    accounts = egito.Client(**settings, page_size=PAGE).accounts  # type: ignore[arg-type]
    records = (
        {"id": id, "email": f"biuro{id}@zmyslona.example", "employees": id * 7919 % 5000 + 1}
        for id in range(1, count + 1)
    )
    rows = accounts.upsert_many(records, key="email", lookup="scan")
    return total(row.input for row in rows if row.change == "unchanged")


def put(contestant: str, settings: Settings, count: int) -> Total:
    """Stores records in an outbox, or by hand in a table of SQLite: each is on the disk before the next one."""
    with tempfile.TemporaryDirectory(dir=os.environ["BENCH_TARGET"]) as folder:
        path = Path(folder) / "outbox.db"
        if contestant == "egito":
            outbox = outbox_at(path, settings)
            outbox.counts()
            return count, sum(outbox.put("Account", record, key="employees") for record in new_records(count))
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE entries (id INTEGER PRIMARY KEY, key TEXT UNIQUE, record TEXT)")
        sql = "INSERT INTO entries (key, record) VALUES (?, ?) RETURNING id"
        rows = ((record["employees"], json.dumps(record)) for record in new_records(count))
        return count, sum(database.execute(sql, row).fetchone()[0] for row in rows)


def deliver(contestant: str, settings: Settings, count: int) -> Total:
    """Delivers the entries of an outbox. The other contestant creates the same records, without an outbox."""
    if contestant == "create_many":
        rows = client("egito", settings).create_many(new_records(count), concurrency=8)
        return count, sum(row.id for row in rows)
    with tempfile.TemporaryDirectory(dir=os.environ["BENCH_TARGET"]) as folder:
        path = Path(folder) / "outbox.db"
        fill_outbox(path, settings, int(os.environ["BENCH_ENTRIES"]))
        if count == 0:
            return 0, 0
        delivered = outbox_at(path, settings).deliver().delivered
        with closing(sqlite3.connect(path)) as database:
            ids = database.execute("SELECT record_id FROM entries WHERE state = 4").fetchall()
        return delivered, sum(int(id) for (id,) in ids)


def fill_outbox(path: Path, settings: Settings, count: int) -> None:
    """Stores entries. Only the first one is put, since each `put` waits for the disk."""
    outbox_at(path, settings).put("Account", next(new_records(1)), key="employees")
    with closing(sqlite3.connect(path)) as database:
        database.execute(MORE_ENTRIES, (count,))
        database.commit()


MORE_ENTRIES = """
WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < ?1 - 1)
INSERT INTO entries (state, head, at, grp, action, entity, key, record, in_doubt, attempts, created_at)
SELECT state, head, at, randomblob(16), action, entity, key, json_set(record, '$.employees', number), 0, 0, created_at
FROM entries, numbers WHERE number < ?1
"""
"""Copies the first entry to as many entries with other keys."""


def outbox_at(path: Path, settings: Settings) -> Any:
    """Returns an outbox of the SDK."""
    import egito

    return egito.Client(**settings).outbox(path)  # type: ignore[arg-type]


ALL: dict[str, Callable[[str, Settings, int], Total]] = {
    "get": get,
    "create": create,
    "threads": threads,
    "coroutines": coroutines,
    "list": dicts,
    "list, asyncio": dicts_async,
    "arrow": frame("arrow", lambda table: table.to_arrow()),
    "pandas": frame("pandas", lambda table: table.to_pandas()),
    "polars": frame("polars", lambda table: table),
    "upsert": upsert,
    "put": put,
    "deliver": deliver,
}

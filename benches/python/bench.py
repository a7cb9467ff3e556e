"""Compares egito with common Python libraries, against one sandbox in another process. See ../README.md.

The contestants run alternately; a row is the median over the rounds of the CPU time of this process and of the wall
clock. Each checks its records while it is timed.

    python bench.py PATH-OF-EGITO-SANDBOX [--rounds 7] [table …]
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import peers

import egito

RECORDS = 100_000
PAGE = 1_000
COLUMNS = ["id", "name", "city", "revenue", "dateCreated"]
GETS = 500
WORKERS = 64
EACH = 25
NEW = {"name": "Żubr sp. z o.o.", "city": "Kraków", "employees": 120, "industry": {"id": 7}}

Work = Callable[[], object]


def check(right: bool) -> None:
    """Ends the benchmark after a wrong result."""
    if not right:
        raise SystemExit("a wrong result was read")


def singles(settings: dict[str, Any]) -> dict[str, dict[str, Work]]:
    """Returns the workloads with one call after the other."""
    accounts = egito.Client(**settings).accounts
    contestants: dict[str, Any] = {
        "egito": accounts,
        "requests": peers.Requests(settings),
        "http.client + orjson": peers.Bare(settings),
        "pycurl + orjson": peers.Pycurl(settings),
        "httpx": peers.Httpx(settings),
    }

    def gets(contestant: Any) -> Work:
        return lambda: check(all(contestant.get(id)["id"] == id for id in range(1, GETS + 1)))

    def creates(contestant: Any) -> Work:
        return lambda: check(all(contestant.create(NEW) > RECORDS for _ in range(GETS)))

    return {
        f"one `get`, {GETS} one by one": {name: gets(contestant) for name, contestant in contestants.items()},
        f"one `create`, {GETS} one by one": {name: creates(contestant) for name, contestant in contestants.items()},
    }


def many(settings: dict[str, Any]) -> dict[str, dict[str, Work]]:
    """Returns the workloads with many calls at a time."""
    ids = range(1, WORKERS * EACH + 1)
    pool = ThreadPoolExecutor(WORKERS)
    accounts, requests = egito.Client(**settings).accounts, peers.Requests(settings)

    def threads(contestant: Any) -> Work:
        return lambda: check([record["id"] for record in pool.map(contestant.get, ids)] == list(ids))

    async def each(get: Any) -> None:
        async def worker(number: int) -> None:
            for id in range(number + 1, WORKERS * EACH + 1, WORKERS):
                check((await get(id))["id"] == id)

        await asyncio.gather(*map(worker, range(WORKERS)))

    loop = asyncio.new_event_loop()
    ours = egito.AsyncClient(**settings).accounts
    theirs = peers.Aiohttp(settings)
    loop.run_until_complete(theirs.open())
    atexit.register(lambda: loop.run_until_complete(theirs.session.close()))
    return {
        f"{WORKERS * EACH} gets by {WORKERS} threads": {"egito": threads(accounts), "requests": threads(requests)},
        f"{WORKERS * EACH} gets by {WORKERS} coroutines": {
            "egito": lambda: loop.run_until_complete(each(ours.get)),
            "aiohttp + orjson": lambda: loop.run_until_complete(each(theirs.get)),
        },
    }


def lists(settings: dict[str, Any]) -> dict[str, dict[str, Work]]:
    """Returns the workloads that read all records, page by page."""
    accounts = egito.Client(**settings).accounts
    requests = peers.Requests(settings)

    def with_orjson() -> None:
        records = []
        for body in requests.pages(PAGE):
            records += orjson.loads(body)
        check(len(records) >= RECORDS)

    def with_polars() -> None:
        import polars

        pages = [polars.read_json(body, infer_schema_length=None) for body in requests.pages(PAGE)]
        check(len(polars.concat(pages, how="diagonal_relaxed")) >= RECORDS)

    def with_pandas() -> None:
        import pandas

        records = []
        for body in requests.pages(PAGE):
            records += json.loads(body)
        check(len(pandas.json_normalize(records)) >= RECORDS)

    def all_of(**options: Any) -> egito.RecordList[Any]:
        return accounts.list(page_size=PAGE, **options)

    return {
        "100,000 records as dicts": {
            "egito": lambda: check(len(all_of().to_list()) >= RECORDS),
            "egito, five fields": lambda: check(len(all_of(fields=COLUMNS).to_list()) >= RECORDS),
            "requests + orjson": with_orjson,
        },
        "100,000 records to Arrow": {
            "egito": lambda: check(len(all_of().to_arrow()) >= RECORDS),
            "egito, to polars": lambda: check(len(all_of().to_polars()) >= RECORDS),
            "requests + polars.read_json": with_polars,
        },
        "100,000 records to pandas": {
            "egito": lambda: check(len(all_of().to_pandas()) >= RECORDS),
            "requests + json + json_normalize": with_pandas,
        },
    }


def measure(title: str, contestants: dict[str, Work], rounds: int) -> None:
    """Runs the contestants alternately and prints a row for each. The ratios are those of egito to the row."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for round in range(rounds + 1):
        for name, work in contestants.items():
            cpu, wall = time.process_time(), time.perf_counter()
            work()
            if round > 0:  # the first warms up
                taken[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    medians = {name: [statistics.median(column) * 1e3 for column in zip(*rows)] for name, rows in taken.items()}
    ours = next(iter(medians.values()))
    print(f"\n| {title} | CPU ms | wall ms | egito's CPU | egito's wall |\n| --- | ---: | ---: | ---: | ---: |")
    for name, (cpu, wall) in medians.items():
        print(f"| {name} | {cpu:.1f} | {wall:.1f} | {ours[0] / cpu:.2f} | {ours[1] / wall:.2f} |", flush=True)


def memory(settings: dict[str, Any]) -> None:
    """Prints the peak memory of each contestant, in a process of its own, less what its imports take."""
    print("\n| 100,000 records to Arrow | MB |\n| --- | ---: |")
    for name in ("egito", "requests + polars.read_json"):
        command = [sys.executable, __file__, "--alone", name, json.dumps(settings)]
        print(f"| {name} | {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()} |")


def alone(name: str, settings: dict[str, Any]) -> None:
    """Runs one contestant in this process, and prints its memory."""
    import polars  # noqa: F401

    work = lists(settings)["100,000 records to Arrow"][name]
    before = peak_memory()
    work()
    print(f"{(peak_memory() - before) / 1024:.0f}")


def peak_memory() -> int:
    """Returns the peak memory of this process in KiB. (`ru_maxrss` would include its parent.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def imports() -> None:
    """Prints how long the import of the package takes."""

    def start(code: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return (time.perf_counter() - begun) * 1e3

    taken = [(start("pass"), start("import egito"), start("import requests")) for _ in range(21)]
    bare, ours, theirs = (statistics.median(column) for column in zip(*taken))
    print(f"\n| import, beyond bare Python | ms |\n| --- | ---: |\n| egito | {ours - bare:.1f} |")
    print(f"| requests | {theirs - bare:.1f} |")


def keep_awake() -> list[subprocess.Popen[bytes]]:
    """Starts an idle-priority loop on each core, since a sleeping core makes light clients look slow."""
    loop = "import os; os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))\nwhile True: pass"
    return [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(os.cpu_count() or 1)]


def main() -> None:
    """Prints all tables, or the given ones."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sandbox")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("tables", nargs="*", default=["singles", "many", "lists", "memory", "imports"])
    arguments = parser.parse_intermixed_args()
    command = [arguments.sandbox, "--port", "0", "--exit-with-parent", "--records", str(RECORDS)]
    sandbox = subprocess.Popen(command, stdout=subprocess.PIPE)
    awake = keep_awake()
    try:
        assert sandbox.stdout is not None
        settings = json.loads(sandbox.stdout.readline())["settings"]
        for name, tables in (("singles", singles), ("many", many), ("lists", lists)):
            for title, contestants in tables(settings).items() if name in arguments.tables else ():
                measure(title, contestants, arguments.rounds)
        if "memory" in arguments.tables:
            memory(settings)
        if "imports" in arguments.tables:
            imports()
    finally:
        for process in (sandbox, *awake):
            process.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        alone(sys.argv[2], json.loads(sys.argv[3]))
    else:
        main()

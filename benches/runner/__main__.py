"""Compares the SDK with code that people write by hand. See ../README.md.

python3 benches/runner [--rounds 5] [--only "python list,node"] [--scale 0.1] [--target target]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from statistics import median

from process import FailedError, Usage, keep_awake, run
from rows import BENCHES, RECORDS, ROWS, Import, Language, Row, imports, languages
from server import Server, WrongError
from table import Figures, print_imports, print_table

# The kind of the records, the shape of a list, and the title. The first table has all rows, the second one only lists.
TABLES = (
    ("full", "array", "Records with 40 fields (1.2 KB); a list is an array:"),
    ("full", "object", 'Records with 40 fields (1.2 KB); a list is `{"list": […], "total": 100000}`:'),
    ("light", "array", "Records with five fields (130 bytes); a list is an array:"),
)
IMPORTS_EACH = 5
UNITS = {"get": "get", "create": "create", "deliver": "create of 8 at once", "put": "put"}


class Bench:
    """A run of all chosen rows."""

    def __init__(self, server: Server, target: Path, scale: float) -> None:
        self.server = server
        self.target = target
        self.scale = scale
        self.languages = languages(target)
        self.cores = os.sched_getaffinity(0)
        self.server_cpu: dict[str, float] = defaultdict(float)
        self.server_units: dict[str, int] = defaultdict(int)

    def count(self, row: Row) -> int:
        """Returns the number of calls or records of a row."""
        return self.server.records if row.reads_all else max(64, int(row.count * self.scale))

    def environment(self, kind: str, shape: str) -> dict[str, str]:
        """Returns the environment of a contestant."""
        left_out = ("NODE_OPTIONS", "PYTHONPATH")
        inherited = {
            name: value for name, value in os.environ.items() if name not in left_out and "proxy" not in name.lower()
        }
        return inherited | self.server.environment(kind, shape) | {"BENCH_TARGET": str(self.target)}

    def start(self, row: Row, contestant: str, environment: dict[str, str]) -> Usage:
        """Runs a contestant with a count of 0."""
        return self.run(row, contestant, 0, environment)[0]

    def run(self, row: Row, contestant: str, count: int, environment: dict[str, str]) -> tuple[Usage, str]:
        """Runs a contestant. An outbox is filled also if the count is 0, so that this does not count."""
        command = [*self.languages[row.language].program, contestant, row.workload, str(count)]
        return run(command, environment | {"BENCH_ENTRIES": str(self.count(row))})

    def choose_cores(self, row: Row) -> None:
        """Lets a client that makes one call after the other share one core with the server, which works while it waits.

        On two cores each call would wake the other core or not, as the scheduler likes: up to four times the CPU time.
        """
        cores = {min(self.cores)} if row.workload in ("get", "create") else self.cores
        os.sched_setaffinity(0, cores)  # programs that are started from now on inherit it
        os.sched_setaffinity(self.server.process.pid, cores)  # and so do the threads of new connections

    def measure(self, figures: Figures, contestant: str, environment: dict[str, str]) -> None:
        """Runs a contestant, checks its result, and adds its figures."""
        row, count = figures.row, figures.count
        self.choose_cores(row)
        start = self.start(row, contestant, environment)
        self.server.counts()
        begun = self.server.cpu()
        try:
            usage, printed = self.run(row, contestant, count, environment)
            self.server.check(row, count, printed)
        except (FailedError, WrongError) as error:
            raise SystemExit(f"{row.language}, {row.workload}, {contestant}: {error}") from error
        unit = "page" if row.reads_all else UNITS.get(row.workload, "get of 64 at once")
        self.server_cpu[unit] += self.server.cpu() - begun
        self.server_units[unit] += count // (1_000 if row.reads_all else 1)
        figures.add(contestant, usage, start)

    def print_server(self) -> None:
        """Prints what the server used, as a cause of doubt about wall times."""
        each = (f"{cpu / self.server_units[unit] * 1e6:.0f} µs for a {unit}" for unit, cpu in self.server_cpu.items())
        print("\nCPU of the server:", "; ".join(each))


def tables(bench: Bench, only: list[str]) -> list[tuple[str, str, str, list[Figures]]]:
    """Returns the tables with the chosen rows that can run here, and reports the others."""
    missing: set[tuple[str, str]] = set()
    chosen = []
    for kind, shape, title in TABLES:
        environment = bench.environment(kind, shape)
        figures = []
        for row in ROWS:
            if not row.is_in(kind, shape) or not is_chosen(f"{row.language} {row.workload} {kind} {shape}", only):
                continue
            found = [name for name in row.contestants if runs(bench, row, name, environment, missing)]
            if row.ours in found and len(found) > 1:
                figures.append(Figures(replace(row, peers=tuple(found[1:])), bench.count(row)))
        chosen.append((kind, shape, title, figures))
    return chosen


def is_chosen(name: str, only: list[str]) -> bool:
    """Returns whether the name has all words of one of the parts."""
    words = set(name.lower().replace(".js", "").replace(",", "").split())
    return not only or any(words.issuperset(part.split()) for part in only)


def runs(bench: Bench, row: Row, contestant: str, environment: dict[str, str], missing: set[tuple[str, str]]) -> bool:
    """Returns whether a contestant starts. If it does not, reports why, once."""
    language = bench.languages[row.language]
    if (language.name, contestant) in missing:
        return False
    try:
        bench.start(row, contestant, environment)
    except FailedError as error:
        missing.add((language.name, contestant))
        not_run(language, contestant, error)
        return False
    return True


def not_run(language: Language, what: str, error: FailedError) -> None:
    """Reports a contestant that cannot run here."""
    print(f"NOT RUN: {language.name}, {what}: {error}; install it with: {language.install}", flush=True)


def measure_import(item: Import, bench: Bench) -> float:
    """Returns the milliseconds of CPU of an import."""
    environment = bench.environment("full", "array")

    def cpu(command: list[str]) -> float:
        return median(run(command, environment)[0].cpu for _ in range(IMPORTS_EACH)) * 1e3

    return cpu(item.command) - cpu(item.bare)


def chosen_imports(bench: Bench, only: list[str]) -> list[Import]:
    """Returns the chosen imports that can run here, and reports the others."""
    found = []
    for item in imports(bench.target):
        if not is_chosen(f"{item.language} import", only):
            continue
        try:
            run(item.command, bench.environment("full", "array"))
            found.append(item)
        except FailedError as error:
            not_run(bench.languages[item.language], f"import of {item.package}", error)
    return found


def measure_all(bench: Bench, only: list[str], rounds: int) -> None:
    """Measures in rounds, in each of which every contestant runs once, and prints the tables. Ctrl-C ends it early."""
    chosen, packages = tables(bench, only), chosen_imports(bench, only)
    milliseconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    try:
        for number in range(rounds):
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for kind, shape, _, all_figures in chosen:
                environment = bench.environment(kind, shape)
                for figures in all_figures:
                    for contestant in figures.row.contestants[:: 1 if number % 2 == 0 else -1]:
                        bench.measure(figures, contestant, environment)
            for item in packages:
                milliseconds[item.language, item.package].append(measure_import(item, bench))
    except KeyboardInterrupt:
        print("Interrupted: the tables have the rounds so far.", file=sys.stderr)
    for _, _, title, all_figures in chosen:
        print_table(title, all_figures)
    if milliseconds:
        print_imports(milliseconds)
    bench.print_server()


def main() -> None:
    """Reads the arguments, starts the server, and measures."""
    parser = argparse.ArgumentParser(description="Compares the SDK with code that people write by hand.")
    parser.add_argument("--rounds", type=int, default=5, help="each round runs every contestant once")
    parser.add_argument(
        "--only", default="", help='parts of "language workload kind shape", such as "python list,node"'
    )
    parser.add_argument("--scale", type=float, default=1.0, help="fraction of the calls and records, for a quick look")
    parser.add_argument("--target", type=Path, default=BENCHES.parent / "target", help="folder of the built programs")
    arguments = parser.parse_args()
    only = [part.strip().lower() for part in arguments.only.split(",") if part.strip()]
    records = max(2_000, int(RECORDS * arguments.scale))
    target = arguments.target.resolve()
    server, awake = Server(target / "release/egito-bench-server", records), keep_awake()
    try:
        measure_all(Bench(server, target, arguments.scale), only, arguments.rounds)
    finally:
        for process in awake:
            process.kill()
            process.wait()
        server.close()


if __name__ == "__main__":
    main()

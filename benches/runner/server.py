"""The server of the benchmarks, and what it says about the requests of a contestant."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from process import cpu_of
from rows import BENCHES, Row

IDS = 1_000
PAGE = 1_000
NEW_ID = 100_001
CREATES = ("create", "deliver")
NEW_RECORD = json.loads((BENCHES / "new-record.json").read_text())
CREDENTIALS = {"client_id": "bench", "client_secret": "not-secret", "username": "bench@firma", "password": "not-secret"}


class WrongError(Exception):
    """A contestant has not done what it should do."""


class Server:
    """The running server."""

    def __init__(self, program: Path, records: int) -> None:
        self.records = records
        self.process = subprocess.Popen(
            [program, str(records)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def close(self) -> None:
        """Ends the server."""
        self.process.communicate()

    def cpu(self) -> float:
        """Returns the seconds of CPU that the server has used."""
        return cpu_of(self.process.pid)

    def environment(self, kind: str, shape: str) -> dict[str, str]:
        """Returns the variables for a contestant that reads records of this kind, in lists of this shape."""
        settings = CREDENTIALS | {"base_url": f"{self.url}/{kind}/{shape}"}
        return {"BENCH_SETTINGS": json.dumps(settings), "BENCH_RECORD": json.dumps(NEW_RECORD)}

    def counts(self) -> Any:
        """Returns the requests since the last call of this method."""
        with urllib.request.urlopen(f"{self.url}/counts") as response:
            return json.load(response)

    def check(self, row: Row, count: int, printed: str) -> None:
        """Checks what a contestant printed and what it sent."""
        counts, result = self.counts(), json.loads(printed)
        expected = {"count": count, "sum": self._sum(row, count)}
        if result != expected:
            raise WrongError(f"it printed {result} instead of {expected}")
        if counts["refused"] > 0:
            raise WrongError(f"{counts['refused']} requests without the token")
        pages = -(-count // PAGE) if row.reads_all else 0
        wanted = {"gets": 0, "creates": 0, "pages": pages} | ({} if row.reads_all else _calls(row, count))
        if any(counts[name] != number for name, number in wanted.items() if name != "pages") or counts["pages"] < pages:
            raise WrongError(f"it sent {counts} instead of {wanted}")
        if row.workload == "create" and json.loads(counts["created"]) != NEW_RECORD | {"employees": count - 1}:
            raise WrongError(f"it created {counts['created']}")

    def _sum(self, row: Row, count: int) -> int:
        if row.workload in CREATES:
            return count * NEW_ID
        if row.workload == "put":
            return sum(range(1, count + 1))
        ids = range(1, count + 1) if row.reads_all else (number % IDS + 1 for number in range(count))
        return sum(id + id * 7919 % 5000 + 1 for id in ids)


def _calls(row: Row, count: int) -> dict[str, int]:
    if row.workload == "put":
        return {}
    return {"creates" if row.workload in CREATES else "gets": count}

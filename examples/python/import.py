"""Imports accounts from a CSV file with the columns nip;name;city: `python import.py accounts.csv`.

Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
`accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
and run it again.
"""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import egito


def accounts(path: Path) -> Iterator[dict[str, str]]:
    """Yields the record of each line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, line in enumerate(csv.reader(file, delimiter=";"), 1):
            if len(line) != 3:
                raise ValueError(f"{path}, line {number}: expected 3 cells, got {len(line)}")
            if number > 1:  # the first one has the names of the columns
                yield dict(zip(("nip", "name", "city"), line, strict=True))


def import_accounts(client: egito.Client, path: Path, journal: Path, rejected: Path) -> int:
    """Returns the exit code."""
    counts: Counter[str] = Counter()
    run_again = False
    with rejected.open("w", encoding="utf-8") as report:
        for row in client.accounts.stream_upsert_many(accounts(path), key="nip", journal=journal):
            done = row.error is None and row.change != "ambiguous"
            counts[str(row.change) if done else "rejected"] += 1
            if not done:
                reason = row.error or f"several accounts have this number: {row.duplicates}"
                print(f"line {row.index + 2}: {reason}", file=report)
            if row.error is not None and (row.error.retryable or row.error.outcome == "unknown"):
                run_again = True
    print(", ".join(f"{counts[change]} {change}" for change in ("created", "updated", "unchanged", "rejected")))
    if counts["rejected"]:
        return os.EX_TEMPFAIL if run_again else 1
    rejected.unlink()
    journal.unlink()  # the import is done: the next one begins from the start
    return 0


def main() -> int:
    """Returns the exit code."""
    if len(sys.argv) != 2:
        print("usage: python import.py FILE", file=sys.stderr)
        return 2
    path = sys.argv[1]
    try:
        with egito.Client.from_env() as client:
            return import_accounts(client, Path(path), Path(path + ".journal"), Path(path + ".rejected.txt"))
    except (egito.EgitoError, ValueError) as error:
        print(error, file=sys.stderr)
        return os.EX_TEMPFAIL if isinstance(error, egito.EgitoError) and error.retryable else 1


if __name__ == "__main__":
    sys.exit(main())

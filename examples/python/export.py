"""Writes all accounts to a CSV file, in constant memory: `python export.py accounts.csv`.

The file is complete, or it is not there: it gets its name only after the last account.
"""

import csv
import os
import sys
from pathlib import Path

import egito

FIELDS = ["id", "nip", "name", "city"]


def export(client: egito.Client, target: Path) -> int:
    """Writes the file, and returns the number of accounts."""
    part = target.with_name(target.name + ".part")
    count = 0
    with part.open("w", encoding="utf-8-sig", newline="") as file:  # Excel needs a byte order mark for Polish letters
        rows = csv.DictWriter(file, FIELDS, extrasaction="ignore")
        rows.writeheader()
        for account in client.accounts.list(fields=FIELDS):  # reads page after page
            rows.writerow(account)
            count += 1
    part.replace(target)
    return count


def main() -> int:
    """Returns the exit code."""
    if len(sys.argv) != 2:
        print("usage: python export.py FILE", file=sys.stderr)
        return 2
    try:
        with egito.Client.from_env() as client:
            count = export(client, Path(sys.argv[1]))
    except egito.EgitoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL if error.retryable else 1
    print(f"{count} accounts written to {sys.argv[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

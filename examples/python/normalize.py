"""Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `python normalize.py --write`.

Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
"""

import os
import re
import sys

import egito


def find(client: egito.Client) -> tuple[dict[int, dict[str, str]], int]:
    """Returns the fields to update by the id of the account, and how many numbers are invalid."""
    updates: dict[int, dict[str, str]] = {}
    invalid = 0
    for account in client.accounts.list(fields=["id", "nip"]):
        nip = account.get("nip") or ""
        digits = re.sub("[^0-9]", "", nip)
        if nip and len(digits) != 10:
            print(f"account {account['id']}: {nip} is not a tax number", file=sys.stderr)
            invalid += 1
        elif digits != nip:
            print(f"account {account['id']}: {nip} becomes {digits}")
            updates[account["id"]] = {"nip": digits}
    return updates, invalid


def main() -> int:
    """Returns the exit code."""
    if sys.argv[1:] not in ([], ["--write"]):
        print("usage: python normalize.py [--write]", file=sys.stderr)
        return 2
    try:
        with egito.Client.from_env() as client:
            updates, invalid = find(client)
            rows = client.accounts.update_many(updates, concurrency=4) if sys.argv[1:] else []
    except egito.EgitoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL if error.retryable else 1
    failures = [row.error for row in rows if row.error is not None]  # one failed update does not stop the others
    for failure in failures:
        print(f"{failure.code}: {failure}", file=sys.stderr)
    print(f"{len(rows) - len(failures)} of {len(updates)} changed, {invalid} invalid")
    if any(failure.retryable for failure in failures):
        return os.EX_TEMPFAIL
    return 1 if failures or invalid else 0


if __name__ == "__main__":
    sys.exit(main())

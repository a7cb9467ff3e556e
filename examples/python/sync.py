"""Keeps a copy of all accounts in a folder, one JSON file for each: `python sync.py copy`, for instance every night.

The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
next run continues. It is written last, so after a failure the next run returns the same changes.
"""

import json
import os
import sys
from pathlib import Path

import egito


def sync(client: egito.Client, folder: Path) -> tuple[int, int]:
    """Returns the numbers of changed and of deleted accounts."""
    folder.mkdir(exist_ok=True)
    mark = folder / "mark"
    changes = client.accounts.changes(since=mark.read_text() if mark.exists() else None)
    changed = 0
    for account in changes:
        (folder / f"{account['id']}.json").write_text(json.dumps(account, ensure_ascii=False), encoding="utf-8")
        changed += 1
    deleted = client.accounts.deleted(file.stem for file in folder.glob("*.json"))
    for id in deleted:
        (folder / f"{id}.json").unlink()
    part = folder / "mark.part"
    part.write_text(changes.mark)
    part.replace(mark)
    return changed, len(deleted)


def main() -> int:
    """Returns the exit code."""
    if len(sys.argv) != 2:
        print("usage: python sync.py FOLDER", file=sys.stderr)
        return 2
    try:
        with egito.Client.from_env() as client:
            changed, deleted = sync(client, Path(sys.argv[1]))
    except egito.EgitoError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return os.EX_TEMPFAIL if error.retryable else 1
    print(f"{changed} changed, {deleted} deleted")
    return 0


if __name__ == "__main__":
    sys.exit(main())

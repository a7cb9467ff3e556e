"""Damages the file of an outbox, and recovers its entries with the commands of docs/concepts/outbox.md."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from judge.sandbox import Sandbox
from test_readme import ROOT, TARGET, VARIABLES

PAGE = (ROOT / "docs/concepts/outbox.md").read_text()
SECTION = PAGE[PAGE.index("### Recover a damaged file") : PAGE.index("## Settings")]
COPY, REPLACE_HEADER, RECOVER, REPLACE_FILE = (
    dedent(commands) for commands in re.findall(r"^ *```sh\n(.*?)^ *```$", SECTION, re.M | re.S)
)

ENTRIES = 300
PAGE_SIZE = 4096
TABLE_LEAF = 13
"""The first byte of a page with rows."""
DELIVERED = 4

PROGRAM = """
import sys
import egito

with egito.Client.from_env() as client:
    outbox = client.outbox(sys.argv[1])
    try:
        for number in range(int(sys.argv[2])):
            lead = {"formKey": f"f-{number}", "lastName": "Nowak", "notes": "x" * 200}
            outbox.put("Lead", lead, key="formKey", settle=0.2)
        limit = int(sys.argv[3])
        print(outbox.deliver(limit=limit).delivered if limit else len(outbox.entries(limit=1000)))
    except egito.ConfigError as error:
        print(error)
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox with the default seed."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    sandbox.prepare({"seed": "default"})
    yield sandbox
    sandbox.stop()


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="NOT RUN: the machine has no program sqlite3")
@pytest.mark.parametrize("damage", ["pages", "header", "truncated", "server", "sequence"])
def test_a_damaged_file_is_recovered(damage: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """Delivers every entry that can be read, and doubles no record, although the last results are lost."""

    def use(path: str = "egito-outbox.db", put: int = 0, deliver: int = ENTRIES) -> str:
        settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
        return _run([sys.executable, "-c", PROGRAM, path, str(put), str(deliver)], tmp_path, settings)

    file = tmp_path / "egito-outbox.db"
    assert use(put=ENTRIES, deliver=50) == "50\n"
    _checkpoint(file)
    assert use(deliver=50) == "50\n"
    file.with_name("egito-outbox.db-wal").unlink()
    delivered = _form_keys(sandbox)
    lost = DAMAGES[damage](file)
    assert "it is damaged" in use(deliver=0)
    assert len(delivered) == 100

    use("new-outbox.db", deliver=0)
    commands = (COPY, REPLACE_HEADER, RECOVER) if damage == "header" else (COPY, RECOVER)
    output = _run(["bash", "-c", "".join(commands) + REPLACE_FILE], tmp_path)
    assert output.endswith("\nok\n"), output
    unreadable = (tmp_path / "recovery/unreadable.txt").read_text().splitlines()
    assert len(unreadable) == lost or lost is None
    assert f"\n{ENTRIES - len(unreadable)} entries were recovered\nok\n" in output
    assert file.stat().st_mode & 0o777 == 0o600

    with closing(sqlite3.connect(file)) as database:
        recovered = [key for (key,) in database.execute("SELECT record ->> 'formKey' FROM entries")]
    assert len(recovered) == ENTRIES - len(unreadable) > len(delivered)
    use()
    assert sorted(_form_keys(sandbox)) == sorted(set(delivered) | set(recovered))
    with closing(sqlite3.connect(file)) as database:
        states = database.execute("SELECT DISTINCT state FROM entries").fetchall()
    assert states == [(DELIVERED,)]


def _run(command: list[str], folder: Path, settings: dict[str, str] | None = None) -> str:
    ran = subprocess.run(
        command, cwd=folder, env=os.environ | (settings or {}), capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _form_keys(sandbox: Sandbox) -> list[str]:
    leads = sandbox.records("Lead")
    return [lead["formKey"] for lead in leads if str(lead.get("formKey")).startswith("f-")]


def _checkpoint(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _zero_two_leaves(file: Path) -> int:
    """Overwrites two pages, neither the first nor the last. Returns the number of entries on them."""
    content = file.read_bytes()
    leaves = [at for at in range(PAGE_SIZE, len(content), PAGE_SIZE) if content[at] == TABLE_LEAF]
    full = [at for at in leaves if int.from_bytes(content[at + 3 : at + 5]) > 2]
    first, second = full[len(full) // 3], full[2 * len(full) // 3]
    entries = sum(int.from_bytes(content[at + 3 : at + 5]) for at in (first, second))
    _zero(file, first, PAGE_SIZE)
    _zero(file, second, PAGE_SIZE)
    return entries


def _zero_header(file: Path) -> int:
    _zero(file, 0, 100)
    return 0


def _truncate(file: Path) -> None:
    """Removes the last third of the file."""
    pages = file.stat().st_size // PAGE_SIZE
    os.truncate(file, pages * 2 // 3 * PAGE_SIZE)


def _zero_table(file: Path, name: str) -> None:
    """Overwrites the first page of a table."""
    with closing(sqlite3.connect(file)) as database:
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [name]).fetchone()
    _zero(file, (page - 1) * PAGE_SIZE, PAGE_SIZE)


def _zero_server(file: Path) -> int:
    """Overwrites the row of the outbox, which has the address of the server."""
    _zero_table(file, "outbox")
    return 0


def _zero_sequence(file: Path) -> int:
    """Overwrites the number of entries, and two pages of them."""
    _zero_table(file, "sqlite_sequence")
    return _zero_two_leaves(file)


def _zero(file: Path, offset: int, size: int) -> None:
    """Overwrites bytes with zeros, as a disk does that has lost a block."""
    with file.open("r+b") as opened:
        opened.seek(offset)
        opened.write(bytes(size))


DAMAGES = {
    "pages": _zero_two_leaves,
    "header": _zero_header,
    "truncated": _truncate,
    "server": _zero_server,
    "sequence": _zero_sequence,
}

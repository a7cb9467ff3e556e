"""What the judge's own tests share: folders, adapters made for the occasion, a keeper that waits shortly."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from judge.adapter import Limits
from judge.case import Case, CaseFile, find_cases
from judge.keeper import Keeper
from judge.table import AdapterEntry

HERE = Path(__file__).parent
SUITE = HERE.parent
ROOT = SUITE.parent
SHORT = Limits(start=3.0, step=2.0)


def case(name: str) -> Case:
    """One of the cases made for these tests, as `must-pass/…`."""
    folder, _, rest = name.partition("/")
    return CaseFile(HERE / folder, HERE / folder / f"{rest}.yaml").read()


def files(folder: str) -> list[CaseFile]:
    """All cases of one folder."""
    return find_cases(HERE / folder)


def promise(file: CaseFile) -> str:
    """What the first line says: `# fails with: …` or `# refused: …`."""
    first = file.path.read_text("utf-8").splitlines()[0]
    assert first.startswith(("# fails with: ", "# refused: ")), f"{file.name}: the first line must say what happens"
    return first.partition(": ")[2]


def entry(program: str = "reference_adapter.py") -> AdapterEntry:
    """An adapter program of this folder, known to the judge as `reference`."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    command = ("env", f"PYTHONPATH={path}", sys.executable, str(HERE / program))
    return AdapterEntry("reference", command, needs=(), probe=(), make="write it")


def keeper(sandbox: Path, program: str = "reference_adapter.py", limits: Limits = SHORT) -> Keeper:
    """A keeper of one of these adapters."""
    return Keeper(entry(program), ROOT, sandbox, limits)

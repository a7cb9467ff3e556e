"""Shares folders, adapters and runners between the tests of the judge."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from judge.adapter import Limits
from judge.case import Case, CaseFile, find_cases
from judge.runner import Runner
from judge.servers import SandboxServer
from judge.table import AdapterEntry

HERE = Path(__file__).parent
SUITE = HERE.parent
ROOT = SUITE.parent
SHORT = Limits(start=3.0, step=2.0)


def case(name: str) -> Case:
    """Reads one of the cases of this folder, such as `must-pass/…`."""
    folder, _, rest = name.partition("/")
    return CaseFile(HERE / folder, HERE / folder / f"{rest}.yaml").read()


def files(folder: str) -> list[CaseFile]:
    """Returns all cases of one folder."""
    return find_cases(HERE / folder)


def expected_message(file: CaseFile) -> str:
    """Returns the text of the first line after `# fails with: ` or `# refused: `."""
    first = file.path.read_text("utf-8").splitlines()[0]
    assert first.startswith(("# fails with: ", "# refused: ")), (
        f"{file.name}: the first line must contain the expected message"
    )
    return first.partition(": ")[2]


def entry(program: str = "reference_adapter.py") -> AdapterEntry:
    """Returns the entry of an adapter of this folder, under the name `reference`."""
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    command = ("env", f"PYTHONPATH={path}", sys.executable, str(HERE / program))
    return AdapterEntry("reference", command, needs=(), probe=(), make="write it")


def runner_for(sandbox: Path, program: str = "reference_adapter.py", limits: Limits = SHORT) -> Runner:
    """Returns a runner for one of these adapters."""
    return Runner(entry(program), ROOT, SandboxServer(sandbox), limits)

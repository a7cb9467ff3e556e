"""Runs the examples of docs/concepts unchanged, each with a new sandbox. test_shutdown.py runs the servers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge.sandbox import Sandbox
from test_readme import ROOT, TARGET, VARIABLES

PAGES = sorted((ROOT / "docs/concepts").glob("*.md"))
EXAMPLES = [
    pytest.param(language, code, id=f"{page.stem}-{number}-{language}")
    for page in PAGES
    for number, (language, code) in enumerate(
        re.findall(r"^```(python|js)\n(.*?)^```$", page.read_text(), re.M | re.S), 1
    )
    if not code.startswith(("# not run", "// not run", "# app.py", "// server.mjs"))
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox with the default seed."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    yield sandbox
    sandbox.stop()


@pytest.mark.parametrize(("language", "code"), EXAMPLES)
def test_runs_unchanged(language: str, code: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """Runs the example, which checks its own expectations."""
    sandbox.prepare({"seed": "default"})
    settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
    source = tmp_path / ("a.py" if language == "python" else "a.mjs")
    source.write_text(code)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/egito").symlink_to(ROOT / "bindings-node")
    command = [sys.executable if language == "python" else "node", str(source)]
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr

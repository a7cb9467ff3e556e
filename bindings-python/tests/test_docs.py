"""Runs the examples of the guide and of the README."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support import VARIABLES, Sandbox

ROOT = Path(__file__).parents[2]


def examples() -> list[tuple[str, str]]:
    """Returns every block of Python, with its page and heading."""
    found: list[tuple[str, str]] = []
    for page in (ROOT / "docs/python.md", ROOT / "bindings-python/README.md"):
        heading = ""
        for part in re.split(r"^(#+ [^\n]*|```python\n.*?^```)$", page.read_text(encoding="utf-8"), flags=re.M | re.S):
            if part.startswith("#"):
                heading = part.lstrip("# ")
            elif part.startswith("```python"):
                found.append((f"{page.name}: {heading}", part.removeprefix("```python\n").removesuffix("```")))
    assert len(found) > 12
    return found


@pytest.mark.parametrize(("title", "code"), examples(), ids=lambda value: value if ": " in value[:40] else "")
def test_example_runs(program: Sandbox, title: str, code: str, tmp_path: Path) -> None:
    if code.startswith("# not run"):
        compile(code, title, "exec")
        return
    program.reset()
    environment = {variable: program.settings[name] for variable, name in VARIABLES.items()}
    path = f"{ROOT / 'target/debug'}{os.pathsep}{os.environ['PATH']}"  # `egito.testing` finds the sandbox there
    source = tmp_path / "example.py"
    source.write_text(code, encoding="utf-8")
    environment = os.environ | environment | {"PATH": path}
    ran = subprocess.run(
        [sys.executable, source], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr

"""Runs the examples of the guides for data tools."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from egito.testing import Sandbox
from support import VARIABLES

ROOT = Path(__file__).parents[2]
PAGES = ["docs/dlt.md", "docs/spark.md", "docs/recipes.md"]


def examples() -> list[tuple[str, str]]:
    """Returns every block of Python, with its page and number."""
    found: list[tuple[str, str]] = []
    for page in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), flags=re.M | re.S)
        assert blocks
        found += [(f"{page}-{number}", block) for number, block in enumerate(blocks, 1)]
    return found


@pytest.mark.parametrize(("title", "code"), examples(), ids=lambda value: value if value.startswith("docs/") else "")
def test_example_runs(program: Sandbox, title: str, code: str, tmp_path: Path) -> None:
    if code.startswith("# not run"):
        compile(code, title, "exec")
        return
    program.reset()
    environment = os.environ | {variable: program.settings[name] for variable, name in VARIABLES.items()}
    environment |= {
        "RUNTIME__DLTHUB_TELEMETRY": "false",
        "DLT_DATA_DIR": str(tmp_path / "dlt"),
        "PYSPARK_PYTHON": sys.executable,
    }
    source = tmp_path / "example.py"
    source.write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, source], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr

"""Runs the examples of docs/concepts unchanged, each with a new sandbox. test_shutdown.py runs the servers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from judge.sandbox import Sandbox
from test_examples import execute, require
from test_readme import ROOT, TARGET, VARIABLES

PAGES = sorted((ROOT / "docs/concepts").glob("*.md"))
BUILT = ROOT / "target/concepts"
JVM = ROOT / "target/jvm"
JVM_LANGUAGES = ("kotlin", "java")
JAVA = ("java", "-ea", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", f"-Djna.library.path={TARGET}")
NOT_RUN = ("# not run", "// not run", "# app.py", "// server.mjs")


class Example(NamedTuple):
    """An example of a page."""

    page: str
    number: int
    language: str
    code: str


EXAMPLES = [
    Example(page.stem, number, language, code)
    for page in PAGES
    for number, (language, code) in enumerate(
        re.findall(r"^```(python|js|kotlin|java)\n(.*?)^```$", page.read_text(), re.M | re.S), 1
    )
    if not code.startswith(NOT_RUN)
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox with the default seed."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    yield sandbox
    sandbox.stop()


@pytest.mark.parametrize("example", [pytest.param(e, id=f"{e.page}-{e.number}-{e.language}") for e in EXAMPLES])
def test_runs_unchanged(example: Example, sandbox: Sandbox, tmp_path: Path) -> None:
    """Runs the example, which checks its own expectations."""
    command = command_of(example, tmp_path)
    sandbox.prepare({"seed": "default"})
    settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
    ran = subprocess.run(command, cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr


def command_of(example: Example, folder: Path) -> list[str]:
    """Returns the command that runs an example in a folder."""
    if example.language in JVM_LANGUAGES:
        require(example.language)
        return [*JAVA, "-cp", f"{BUILT}/classes:{class_path()}", main_classes()[example]]
    source = folder / ("a.py" if example.language == "python" else "a.mjs")
    source.write_text(example.code)
    (folder / "node_modules").mkdir()
    (folder / "node_modules/egito").symlink_to(ROOT / "bindings-node")
    return [sys.executable if example.language == "python" else "node", str(source)]


@cache
def main_classes() -> dict[Example, str]:
    """Compiles all examples in Kotlin and Java at once, since that takes long, and returns their main classes."""
    pages = [str(page) for page in PAGES]
    printed = execute(*JAVA, "-cp", class_path(), "pl.egito.docs.CompilePagesKt", str(BUILT), *pages)
    examples = [example for example in EXAMPLES if example.language in JVM_LANGUAGES]
    return dict(zip(examples, printed.split(), strict=True))


@cache
def class_path() -> str:
    """Returns the classes of the Kotlin and Java package, of its tests, and what they depend on."""
    return f"{JVM}/test-classes:{JVM}/classes:{(JVM / 'classpath').read_text()}"

"""Runs the examples of README.md unchanged. They are also the first examples on the pages of the languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "target/debug"
README = (ROOT / "README.md").read_text()
BLOCKS = dict(re.findall(r"^```(rust|python|js|kotlin|java|c|cpp|php)\n(.*?)^```$", README, re.M | re.S))
PAGES = {
    "python": "bindings-python/README.md",
    "js": "bindings-node/README.md",
    "c": "bindings-c/README.md",
    "cpp": "bindings-c/README.md",
    "php": "bindings-c/php/README.md",
    "rust": "core/examples/readme.rs",
}
RUN_BY_MAVEN = {"kotlin": "bindings-jvm/README.md", "java": "bindings-jvm/README.md"}
"""The tests of the package compile and run these."""
VARIABLES = {
    "EGITO_BASE_URL": "base_url",
    "EGITO_API_ID": "client_id",
    "EGITO_API_SECRET": "client_secret",
    "EGITO_USERNAME": "username",
    "EGITO_PASSWORD": "password",
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox with the default seed."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    yield sandbox
    sandbox.stop()


@pytest.mark.parametrize(("language", "page"), (PAGES | RUN_BY_MAVEN).items())
def test_is_the_first_example_on_the_page_of_the_language(language: str, page: str) -> None:
    """Checks that the two are equal."""
    assert BLOCKS[language] in (ROOT / page).read_text()


@pytest.mark.parametrize("language", PAGES)
def test_runs_unchanged(language: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """Runs the example, and checks the account that it creates."""
    sandbox.prepare({"seed": "default"})
    settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
    ran = subprocess.run(
        program(language, tmp_path), cwd=tmp_path, env=os.environ | settings, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout
    assert "Żubr sp. z o.o." in [account.get("name") for account in sandbox.records("Account")]


@pytest.mark.parametrize("example", ["readme_async", "readme"])
def test_the_programs_on_the_page_of_the_crate_run(example: str, sandbox: Sandbox) -> None:
    """Runs the programs of core/README.md, the first page of the crate, which are examples of the crate."""
    _, source = (ROOT / f"core/examples/{example}.rs").read_text().split("\n\n", 1)  # without its first comment
    assert f"```rust,no_run\n{source}```\n" in (ROOT / "core/README.md").read_text()
    sandbox.prepare({"seed": "default"})
    settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
    program = str(TARGET / "examples" / example)
    ran = subprocess.run([program], env=os.environ | settings, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert "Żubr sp. z o.o." in ran.stdout


def program(language: str, folder: Path) -> list[str]:
    """Returns the command that runs the example."""
    source = folder / {"python": "a.py", "js": "a.mjs", "c": "a.c", "cpp": "a.cpp", "php": "a.php"}.get(language, "a")
    source.write_text(BLOCKS[language])
    match language:
        case "python":
            return [sys.executable, str(source)]
        case "js":
            modules = folder / "node_modules"
            modules.mkdir()
            (modules / "egito").symlink_to(ROOT / "bindings-node")
            return ["node", str(source)]
        case "c":
            return compiled(["cc", "-std=c99"], source)
        case "cpp":
            return compiled(["c++", "-std=c++17"], source)
        case "php":
            return php(source)
        case _:
            return [str(TARGET / "examples/readme")]


def compiled(compiler: list[str], source: Path) -> list[str]:
    """Builds the example with the header and the shared library."""
    binary = source.with_suffix("")
    flags = ["-Wall", "-Wextra", "-Werror", f"-I{ROOT}/bindings-c/include"]
    link = [f"-L{TARGET}", "-legito", f"-Wl,-rpath,{TARGET}"]
    subprocess.run([*compiler, *flags, str(source), "-o", str(binary), *link], check=True)
    return [str(binary)]


def php(source: Path) -> list[str]:
    """Returns the command with the autoloader of the package. Skips the test if PHP is missing."""
    if subprocess.run(["sh", "-c", "command -v php"], capture_output=True).returncode != 0:
        if os.environ.get("EGITO_REQUIRE_ALL_ADAPTERS") == "1":
            pytest.fail("php is missing")
        pytest.skip("not run: php is missing")
    return ["php", "-d", "ffi.enable=1", "-d", f"auto_prepend_file={ROOT}/bindings-c/php/autoload.php", str(source)]

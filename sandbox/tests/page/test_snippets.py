"""The settings for each language."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support import ROOT, TARGET, Sandbox, open_page

FIRST = "Żubr Próbny sp. z o.o.\n"


def snippet(page: Page, sandbox: Sandbox, language: str) -> str:
    """Copies the settings for a language."""
    open_page(page, sandbox, "connect")
    page.get_by_role("radio", name=language, exact=True).check()
    expect(page.locator("#snippet")).to_contain_text(sandbox.address)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#message")).to_have_text("Copied.")
    copied: str = page.evaluate("navigator.clipboard.readText()")
    return copied


@pytest.mark.parametrize(
    "language", ["Python", "Node.js", "C", "C++", "PHP", "Kotlin", "Java", "Rust", "environment", "TOML"]
)
def test_every_language_has_all_settings(language: str, page: Page, sandbox: Sandbox) -> None:
    code = snippet(page, sandbox, language)
    assert [name for name, value in sandbox.settings.items() if value not in code] == []


def test_python_runs(page: Page, sandbox: Sandbox) -> None:
    code = snippet(page, sandbox, "Python")
    assert run([sys.executable, "-c", code], ROOT / "bindings-python/python") == FIRST


def test_node_runs(page: Page, sandbox: Sandbox) -> None:
    package = (ROOT / "bindings-node/dist/index.mjs").as_uri()
    code = snippet(page, sandbox, "Node.js").replace("'egito'", f"'{package}'")
    assert run(["node", "--input-type=module", "-e", code]) == FIRST


@pytest.mark.parametrize(("language", "suffix", "compiler"), [("C", "c", "cc"), ("C++", "cpp", "c++")])
def test_c_and_cpp_compile_and_run(
    language: str, suffix: str, compiler: str, page: Page, sandbox: Sandbox, tmp_path: Path
) -> None:
    source, program = tmp_path / f"a.{suffix}", tmp_path / "a"
    source.write_text(snippet(page, sandbox, language))
    libraries = [f"-L{TARGET / 'debug'}", f"-Wl,-rpath,{TARGET / 'debug'}", "-legito"]
    run([compiler, "-Wall", "-Werror", f"-I{ROOT / 'bindings-c/include'}", str(source), "-o", str(program), *libraries])
    assert run([str(program)]) == ("" if language == "C" else FIRST)


@pytest.mark.skipif(shutil.which("php") is None, reason="php is missing; install it with: sudo apt-get install php-cli")
def test_php_runs(page: Page, sandbox: Sandbox) -> None:
    code = snippet(page, sandbox, "PHP").removeprefix("<?php")
    code = code.replace("vendor/autoload.php", str(ROOT / "bindings-c/php/autoload.php"))
    library = {"EGITO_LIBRARY": str(TARGET / "debug/libegito.so")}
    assert run(["php", "-d", "ffi.enable=1", "-r", code], variables=library) == FIRST


@pytest.mark.skipif(
    not (TARGET / "jvm/classpath").exists(), reason="the Java package was not built; build it with: make jvm"
)
def test_java_runs(page: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / "Example.java"
    source.write_text(snippet(page, sandbox, "Java"))
    classpath = f"{TARGET / 'jvm/egito.jar'}:{(TARGET / 'jvm/classpath').read_text().strip()}"
    assert run(["java", "-cp", classpath, str(source)]) == FIRST


def test_the_environment_and_the_file_are_read(page: Page, sandbox: Sandbox, tmp_path: Path) -> None:
    program = f"{sys.executable} -c 'import egito; print(egito.Client.from_env().accounts.get(1)[\"name\"])'"
    code = snippet(page, sandbox, "environment")
    assert run(["sh", "-c", f"{code}\n{program}"], ROOT / "bindings-python/python") == FIRST
    file = tmp_path / "egito.toml"
    file.write_text(snippet(page, sandbox, "TOML"))
    code = f"import egito; print(egito.Client.from_file({str(file)!r}).accounts.get(1)['name'])"
    assert run([sys.executable, "-c", code], ROOT / "bindings-python/python") == FIRST


def test_settings_have_the_address_that_the_browser_uses(page: Page, sandbox: Sandbox) -> None:
    page.goto(sandbox.url.replace("127.0.0.1", "localhost") + "#connect")
    expect(page.locator("#snippet")).to_contain_text(sandbox.address.replace("127.0.0.1", "localhost"))


def test_the_program_prints_the_address_of_the_page(sandbox: Sandbox) -> None:
    assert sandbox.url == f"{sandbox.address}/_sandbox/"
    assert json.loads(sandbox.send("GET", "/_sandbox/settings").text) == sandbox.settings


def run(command: list[str], pythonpath: Path | None = None, variables: dict[str, str] | None = None) -> str:
    """Returns the output of a program."""
    paths = {"PATH": os.environ["PATH"], "PYTHONPATH": str(pythonpath or ""), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
    environment = {**paths, **(variables or {})}
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout

"""A machine that cannot run the Grails server says so, and what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from judge.servers import GrailsServer

ROOT = Path(__file__).parents[2]
JAVA = "sudo apt-get install openjdk-17-jdk-headless"
MAVEN = "sudo apt-get install maven"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leaves only the programs in this folder on the PATH, without java and mvn."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "dirname", "make", "sh"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.mark.usefixtures("programs")
def test_the_suite_without_java_says_what_to_install(tmp_path: Path) -> None:
    """That is the reason of every skipped case and test."""
    assert GrailsServer(tmp_path).unavailable == f"missing: java, mvn; install with: {JAVA} maven, then: make grails"


def test_the_suite_needs_maven_only_to_build(programs: Path, tmp_path: Path) -> None:
    """An application that has been built runs with java alone."""
    shutil.copy(programs / "sh", programs / "java")
    server = GrailsServer(tmp_path)
    assert server.unavailable == f"missing: mvn; install with: {JAVA} maven, then: make grails"
    server.classpath.parent.mkdir(parents=True)
    server.classpath.touch()
    assert server.unavailable is None
    (programs / "java").unlink()
    assert server.unavailable == f"missing: java; install with: {JAVA} maven, then: make grails"


@pytest.mark.usefixtures("programs")
def test_the_start_script_without_java_is_an_error() -> None:
    """`make demo SERVER=grails` ends with it."""
    done = _run([str(ROOT / "tests/grails/start")])
    assert done.returncode == 2
    assert f"missing: java; install it with: {JAVA}" in done.stderr
    assert "NOT RUN" in done.stderr


@pytest.mark.usefixtures("programs")
def test_make_without_java_and_maven_says_what_it_did_not_build() -> None:
    """It succeeds, since the other tests of `make test` run without it."""
    done = _run(["make", "--no-print-directory", "grails"])
    assert done.returncode == 0
    assert f"missing: java; install it with: {JAVA}\nmissing: mvn; install it with: {MAVEN}\n" in done.stderr
    assert done.stdout == "NOT RUN: the real Grails server\n"


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)

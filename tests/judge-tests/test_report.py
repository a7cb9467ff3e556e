"""Runs the suite as its users do, and checks the table, the exit status and the missing verdicts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from judge.report import Tally, Verdict
from support import HERE, ROOT, SUITE, entry


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Writes a table with the reference adapter and a missing one."""
    path = tmp_path / "adapters.yaml"
    there = {"command": list(entry().command), "make": "write it"}
    missing = {"command": ["no-such-program"], "make": "install it"}
    path.write_text(yaml.safe_dump({"reference": there, "missing": missing}))
    return path


def run(table: Path, cases: str, *more: str, **environment: str) -> tuple[int, list[str]]:
    """Runs the suite in its own process, and returns the status and the lines."""
    command = [sys.executable, "-m", "pytest", "-q", str(SUITE / "test_cases.py"), f"--adapters={table}"]
    command += [f"--cases={HERE / cases}", *more]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "EGITO"))}
    done = subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout.strip().splitlines()


def test_a_missing_adapter_is_reported(table: Path) -> None:
    status, lines = run(table, "must-pass")
    assert status == 0
    assert any(re.search(r"not run: missing, \d+ cases: no-such-program is not installed", line) for line in lines)
    assert re.match(r"\d+ passed, \d+ skipped", lines[-1])


def test_a_missing_adapter_fails_if_all_are_required(table: Path) -> None:
    status, lines = run(table, "must-pass", EGITO_REQUIRE_ALL_ADAPTERS="1")
    assert status == 1
    assert "failed" in lines[-1]


def test_failed_cases_are_in_the_table(table: Path) -> None:
    status, lines = run(table, "must-fail", "--adapter=reference")
    assert status == 1
    assert any(re.match(r"failed +\d+$", line) for line in lines)
    assert any("0/1" in line and line.startswith("a-wrong-result") for line in lines)


def test_refused_cases_fail(table: Path) -> None:
    status, lines = run(table, "must-be-refused", "--adapter=reference")
    assert status == 1
    assert not any("passed" in line for line in lines[-1:])


def test_a_case_without_a_verdict_is_found() -> None:
    tally = Tally(expected={("a/one", "c"), ("a/two", "c")})
    tally.note("a/one", "c", Verdict.PASSED)
    assert tally.without_verdict() == [("a/two", "c")]
    assert "NO VERDICT: a/two was neither played nor skipped by c" in list(tally.lines())


def test_a_run_that_stops_early_is_not_green(table: Path) -> None:
    status, lines = run(table, "must-fail", "--adapter=reference", "-x")
    assert status != 0
    assert any(line.startswith("NO VERDICT: ") for line in lines)


def test_a_large_table_has_a_line_for_each_subject() -> None:
    tally = Tally()
    for number in range(40):
        tally.note(f"paging/{number}", "c", Verdict.FAILED if number == 0 else Verdict.PASSED)
    assert any(line.startswith("paging") and line.endswith("39/40") for line in tally.lines())

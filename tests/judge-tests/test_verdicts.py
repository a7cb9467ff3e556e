"""Good cases pass, bad cases fail for the reason that they name, and bad adapters fail in bounded time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from judge.case import CaseFile
from judge.failure import AdapterBroken, CaseFailed
from judge.runner import Runner
from support import SHORT, case, expected_message, files, runner_for

SIMPLE = "must-pass/a-created-record-can-be-read"
ERROR = "must-pass/an-error-is-compared-by-its-details"
BULK = "must-pass/a-bulk-is-compared-row-by-row"


@pytest.fixture(scope="module")
def sandbox(pytestconfig: pytest.Config) -> Path:
    """The sandbox program."""
    return Path(pytestconfig.getoption("--sandbox"))


@pytest.fixture(scope="module")
def reference(sandbox: Path) -> Iterator[Runner]:
    """The reference adapter."""
    runner = runner_for(sandbox)
    yield runner
    runner.close()


@pytest.mark.parametrize("case_file", files("must-pass"), ids=lambda case_file: case_file.name)
def test_must_pass(case_file: CaseFile, reference: Runner) -> None:
    reference.play(case_file.read())


@pytest.mark.parametrize("case_file", files("must-fail"), ids=lambda case_file: case_file.name)
def test_must_fail(case_file: CaseFile, reference: Runner) -> None:
    with pytest.raises(CaseFailed) as failure:
        reference.play(case_file.read())
    assert expected_message(case_file) in str(failure.value)


@pytest.mark.parametrize(
    ("adapter", "played", "why"),
    [
        ("reports-false-results", "must-pass/a-created-record-can-be-read", "result: expected"),
        ("reports-false-results", "must-pass/an-error-is-compared-by-its-details", "expected the error not_found"),
        ("skips", SIMPLE, "skipped, but the case does not list that for reference: this is too hard"),
        ("hangs", SIMPLE, "wrote nothing for 2 s (waiting for its reply)"),
        ("hangs-at-start", SIMPLE, "wrote nothing for 3 s (waiting for its hello)"),
        ("crashes", SIMPLE, "ended with status 3; its last output: something terrible happened"),
        ("prints-text", SIMPLE, "is not JSON"),
        ("sends-a-wrong-seq", SIMPLE, "did not reply to command 1"),
        ("lacks-an-error-code", SIMPLE, "missing ['tls'], unknown []"),
        ("sends-unknown-details", ERROR, "breaks the protocol: error: Additional properties"),
        ("swaps-classes-in-rows", BULK, "the error validation came as class 'TlsError', not 'ValidationError'"),
        ("reports-false-progress", BULK, "result.progress: expected 2 elements, got 1"),
        ("loses-a-row", BULK, "result.rows: expected 2 elements, got 1"),
        ("leaks-the-password", ERROR, "a secret of"),
        ("logs-the-token", SIMPLE, "a secret of 36 characters came out (as it is): using token ***"),
    ],
)
def test_a_bad_adapter_fails(adapter: str, played: str, why: str, sandbox: Path) -> None:
    runner = runner_for(sandbox, f"bad-adapters/{adapter}.py")
    began = time.monotonic()
    try:
        with pytest.raises(CaseFailed) as failure:
            runner.play(case(played))
    finally:
        runner.close()
    assert why in str(failure.value)
    assert time.monotonic() - began < 2 * (SHORT.start + SHORT.step)


def test_an_adapter_that_does_not_end_is_killed_and_reported(sandbox: Path) -> None:
    runner = runner_for(sandbox, "bad-adapters/does-not-end.py")
    runner.play(case(SIMPLE))
    with pytest.raises(AdapterBroken, match="did not end"):
        runner.close()


def test_after_a_crash_the_next_case_gets_a_fresh_adapter(sandbox: Path) -> None:
    runner = runner_for(sandbox, "bad-adapters/crashes.py")
    for _ in range(2):
        with pytest.raises(CaseFailed, match="ended with status 3"):
            runner.play(case(SIMPLE))
    runner.close()


def test_a_sandbox_that_died_is_replaced(sandbox: Path) -> None:
    runner = runner_for(sandbox)
    runner.play(case(SIMPLE))
    assert runner._sandbox is not None
    runner._sandbox.stop()
    runner.play(case(SIMPLE))
    runner.close()

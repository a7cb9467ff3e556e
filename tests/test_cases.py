"""The suite: every file is a valid case, and every case holds for every language."""

from __future__ import annotations

import os

import pytest

from judge.case import CaseFile
from judge.failure import CaseFailed, CaseRefused, CaseSkipped
from judge.report import Tally, Verdict
from judge.runner import Runner

ALL_REQUIRED = os.environ.get("EGITO_REQUIRE_ALL_ADAPTERS") == "1"
"""Whether an adapter that cannot run is a failure."""


def test_is_valid(file: CaseFile) -> None:
    """Checks that the file contains nothing unknown."""
    try:
        file.read()
    except CaseRefused as refusal:
        pytest.fail(f"{file.name} is not a valid case: {refusal}", pytrace=False)


def test_holds(file: CaseFile, runner: Runner, tally: Tally) -> None:
    """Plays the case and records its verdict."""
    verdict, reason = _verdict(file, runner)
    tally.note(file.name, runner.entry.name, verdict, reason)
    if verdict is Verdict.FAILED or (verdict is Verdict.NOT_RUN and ALL_REQUIRED):
        pytest.fail(f"{file.name}, {runner.entry.name}: {verdict.value}\n{reason}", pytrace=False)
    if verdict is not Verdict.PASSED:
        pytest.skip(f"{verdict.value}: {reason}")


def _verdict(file: CaseFile, runner: Runner) -> tuple[Verdict, str]:
    if runner.unavailable:
        return Verdict.NOT_RUN, runner.unavailable
    try:
        runner.play(file.read())
    except CaseSkipped as skip:
        return Verdict.SKIPPED, str(skip)
    except (CaseFailed, CaseRefused) as failure:
        return Verdict.FAILED, str(failure)
    return Verdict.PASSED, ""

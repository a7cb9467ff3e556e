"""Checks that every mark `[G: name]` of the wire contract names a case or a test that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WIRE = ROOT / "docs/reference/wire.md"
MARK = re.compile(r"\[(?:[DIA], )?G\b([^\]]*)\]")


def test_every_observation_names_a_case_or_a_test() -> None:
    """Everyone can observe it again, except what depends on chance."""
    assert list(problems(_rules(WIRE.read_text("utf-8")), names())) == []


@pytest.mark.parametrize(
    ("mark", "problem"),
    [
        ("[G: `lists/a`]", None),
        ("[I, G: `lists/a`, `test_grails.py::test_b`]", None),
        ("[G: `lists/a-l…`]", None),
        ("[G, rare]", None),
        ("[G]", "[G] names no case"),
        ("[G: `lists/c`]", "lists/c: there is no such case or test"),
        ("[G: `lists/a…`]", "lists/a…: this is the beginning of 2 names"),
    ],
)
def test_finds_a_planted_mark(mark: str, problem: str | None) -> None:
    """Names are complete, or the beginning of exactly one name."""
    assert list(problems(f"A rule {mark}.", {"lists/a", "lists/a-list", "test_grails.py::test_b"})) == (
        [problem] if problem else []
    )


def problems(text: str, known: set[str]) -> Iterator[str]:
    """Yields what is wrong with the marks of a text."""
    for mark in MARK.findall(text):
        named = re.findall(r"`([^`]+)`", mark)
        if not named and mark != ", rare":
            yield f"[G{mark}] names no case"
        for name in named:
            found = {other for other in known if other == name or (name[-1] == "…" and other.startswith(name[:-1]))}
            if not found:
                yield f"{name}: there is no such case or test"
            elif len(found) > 1:
                yield f"{name}: this is the beginning of {len(found)} names"


def names() -> set[str]:
    """Returns the names of all cases, and of the tests on the real server."""
    cases = ROOT / "tests/cases"
    tests = re.findall(r"^def (test_\w+)", (ROOT / "tests/test_grails.py").read_text("utf-8"), re.M)
    return {path.relative_to(cases).with_suffix("").as_posix() for path in cases.rglob("*.yaml")} | {
        f"test_grails.py::{test}" for test in tests
    }


def _rules(text: str) -> str:
    """Returns the page without the table that explains the marks."""
    return text[text.index("## Address and credentials") :]

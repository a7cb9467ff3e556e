"""Checks that no file uses a word that `words.yaml` lists: the words to avoid of the glossary, in every language."""

from __future__ import annotations

from functools import cache

import pytest

from structure.words import Words, files_now, rules

RULES = rules()

FOUND = {
    "comment": ("/// Reads the answer of the server.", ["answer"]),
    "camelCase": ("const lastAnswer = callsUnderWay(1);", ["Answer", "Under Way"]),
    "snake_case": ("fn is_told_once() {}", ["told"]),
    "kebab-case": ("- name: a-get-is-repeated", ["repeated"]),
    "type": ("pub struct UnderWay<'a>(Lent<'a>);", ["Under Way", "Lent"]),
    "message": ('throw new Error("the id is no integer");', ["is no"]),
    "subject": ("/// Who stops early ends the requests.", ["Who"]),
    "subject after a sentence": ("/* Frees it. What was freed is invalid. */", ["What was"]),
    "doc comment": ("/** Gives the number of pages. */", ["Gives"]),
    "two": ("nobody repeats it", ["repeats", "nobody"]),
}

NOT_FOUND = {
    "other words": "/// Sends the request again, and returns the response.",
    "longer": "there is no such setting; it is no longer sent; is not stored",
    "part of a word": "the vowels of `untold` and `intellect`",
    "functions of others": "let s = \"x\".repeat(3); iter::repeat(1); $s = str_repeat('x', 3);",
    "question": "Who can read it? What is a bulk?",
    "stand-in": "the sandbox stands in for the server; JSON stands for a format",
}


@cache
def texts() -> dict[str, str]:
    return {file: text for file, text in files_now() if not RULES.skips(file)}


@pytest.mark.parametrize("area", RULES.clean)
def test_a_clean_area_stays_clean(area: str) -> None:
    files = {file: text for file, text in texts().items() if RULES.area_of(file) == area}
    assert files, f"the area {area} has no files"
    found = [finding for file, text in files.items() for finding in RULES.findings(file, text)]
    left = [str(finding) for finding in found if not RULES.allows(finding)]
    assert not left, "better words are in docs/internals/glossary.md:\n" + "\n".join(left)


def test_every_file_is_in_an_area() -> None:
    assert [file for file in texts() if RULES.area_of(file) is None] == []


def test_every_clean_area_exists() -> None:
    assert set(RULES.clean) <= set(RULES.areas)


def test_every_allowance_allows_something_and_says_why() -> None:
    used = [RULES.allows(finding) for file, text in texts().items() for finding in RULES.findings(file, text)]
    assert [entry for entry in RULES.allowed if entry not in used or not entry.get("because")] == []


@pytest.mark.parametrize(("line", "words"), FOUND.values(), ids=FOUND)
def test_finds_a_planted_word(line: str, words: list[str]) -> None:
    found = list(RULES.findings("a/file.rs", f"a clean line\n{line}\n"))
    assert [finding.word for finding in found] == words
    assert all(str(finding).startswith(f"a/file.rs:2 {finding.word} → ") for finding in found)


@pytest.mark.parametrize("line", NOT_FOUND.values(), ids=NOT_FOUND)
def test_finds_nothing_else(line: str) -> None:
    assert list(RULES.findings("a/file.rs", line)) == []


def test_finds_a_word_in_the_name_of_a_file() -> None:
    (found,) = RULES.findings("a/its-answer.yaml", "")
    assert str(found) == "a/its-answer.yaml (its name) answer → response, respond, reply, result"


def test_an_allowance_allows_its_line_of_its_file_alone() -> None:
    words = Words(
        {
            "words": [{"pattern": "answer", "better": "response"}],
            "allowed": [{"in": "a/*", "line": '"answer"', "because": "data of the server"}],
        }
    )

    def left(file: str, line: str) -> int:
        return sum(not words.allows(finding) for finding in words.findings(file, line))

    assert left("a/b.rs", 'field("answer")') == 0
    assert left("a/b.rs", "the answer") == 1
    assert left("c/b.rs", 'field("answer")') == 1

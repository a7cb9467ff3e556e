"""Finds the words that this project does not use: `python tests/structure/words.py [--count] [AREA | PATH …]`."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+")


@dataclass(frozen=True)
class Finding:
    """One use of a word, in a line of a file; line 0 is the file's name."""

    file: str
    line: int
    text: str
    word: str
    better: str

    def __str__(self) -> str:
        """Returns `file:line word → better word`, then the line."""
        where = f"{self.file}:{self.line}" if self.line else f"{self.file} (its name)"
        return f"{where} {self.word} → {self.better}" + (f"\n    {self.text.strip()[:160]}" if self.line else "")


class Words:
    """The rules of `words.yaml`."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.words = [(re.compile(rf"\b(?:{w['pattern']})\b", re.I), w["better"]) for w in rules["words"]]
        self.not_ours = re.compile("|".join(rules.get("not_ours") or ["(?!)"]))
        self.skip: list[str] = rules.get("skip") or []
        self.areas: dict[str, list[str]] = rules.get("areas") or {}
        self.clean: list[str] = rules.get("clean") or []
        self.allowed: list[dict[str, str]] = rules.get("allowed") or []

    @cached_property
    def any_word(self) -> re.Pattern[str]:
        """Matches a line that has one of the words: most lines are passed over with one search."""
        return re.compile("|".join(pattern.pattern for pattern, _ in self.words), re.I)

    def findings(self, file: str, text: str) -> Iterator[Finding]:
        """Yields each word in the name and the lines of a file, allowed or not."""
        for number, line in enumerate([file, *text.splitlines()]):
            plain = HUMPS.sub(" ", self.not_ours.sub("", line))
            if not self.any_word.search(plain):
                continue
            for pattern, better in self.words:
                for match in pattern.finditer(plain):
                    yield Finding(file, number, line, match[0].strip(), better)

    def allows(self, finding: Finding) -> dict[str, str] | None:
        """Returns the entry that allows a finding."""
        return next((e for e in self.allowed if fnmatchcase(finding.file, e["in"]) and e["line"] in finding.text), None)

    def area_of(self, file: str) -> str | None:
        """Returns the first area that has the file."""
        return next((area for area, globs in self.areas.items() if _matches(file, globs)), None)

    def skips(self, file: str) -> bool:
        """Returns whether the file is not read."""
        return _matches(file, self.skip)


def rules() -> Words:
    """Reads `words.yaml`."""
    return Words(yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8")))


def files_now() -> Iterator[tuple[str, str]]:
    """Yields the text files of the working tree: those that git tracks or would add."""
    for file in _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split(b"\0")[:-1]:
        path = ROOT / file.decode()
        if path.is_file():
            yield from _if_text(file.decode(), path.read_bytes())


def files_at(revision: str) -> Iterator[tuple[str, str]]:
    """Yields the text files of a commit."""
    for file in _git("ls-tree", "-r", "-z", "--name-only", revision).split(b"\0")[:-1]:
        yield from _if_text(file.decode(), _git("show", f"{revision}:{file.decode()}"))


def main() -> int:
    """Lists or counts the words, in everything or in some areas or folders."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("where", nargs="*", metavar="AREA | PATH", help="an area of words.yaml, or a file or folder")
    parser.add_argument("--count", action="store_true", help="count each word for each area")
    parser.add_argument("--at", metavar="COMMIT", help="read the files of a commit instead of the working tree")
    options = parser.parse_args()
    words = rules()
    found = []
    for file, text in files_at(options.at) if options.at else files_now():
        area = words.area_of(file)
        if not words.skips(file) and (not options.where or _chosen(file, area, options.where)):
            found += [(area or "", finding) for finding in words.findings(file, text) if not words.allows(finding)]
    if options.count:
        print(*_table(words, found), sep="\n")
    else:
        print(*(finding for _, finding in found), sep="\n")
        print(f"{len(found)} found", file=sys.stderr)
    return int(bool(found))


def _table(words: Words, found: Iterable[tuple[str, Finding]]) -> Iterator[str]:
    areas: dict[str, Counter[str]] = {area: Counter() for area in words.areas}
    for area, finding in found:
        areas[area][finding.word.lower()] += 1
    for area, counts in areas.items():
        detail = ", ".join(f"{word} {count}" for word, count in counts.most_common(12))
        yield f"{area:16} {counts.total():5}  {detail}"
    yield f"{'all':16} {sum(counts.total() for counts in areas.values()):5}"


def _chosen(file: str, area: str | None, where: list[str]) -> bool:
    return any(area == choice or file == choice or file.startswith(f"{choice.rstrip('/')}/") for choice in where)


def _matches(file: str, globs: list[str]) -> bool:
    return any(fnmatchcase(file, glob) for glob in globs)


def _if_text(file: str, content: bytes) -> Iterator[tuple[str, str]]:
    if b"\0" not in content[:8192]:
        yield file, content.decode("utf-8", "replace")


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())

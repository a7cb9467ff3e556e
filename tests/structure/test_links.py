"""Checks that every relative link in a Markdown file leads to a file, and to a heading of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from structure.words import files_now

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"^( *)```.*?^\1```|`[^`\n]+`", re.M | re.S)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_every_link_leads_to_a_heading() -> None:
    """Reads every Markdown file of the repository."""
    pages = {file: text for file, text in files_now() if file.endswith(".md")}
    assert [problem for file, text in pages.items() for problem in broken(ROOT / file, text)] == []


@pytest.mark.parametrize(
    ("link", "is_broken"),
    [
        ("b.md", False),
        ("b.md#a-name-with-code", False),
        ("#here", False),
        ("https://egito.pl/x#y", False),
        ("c.md", True),
        ("b.md#another", True),
        ("#another", True),
    ],
)
def test_finds_a_planted_link(link: str, is_broken: bool, tmp_path: Path) -> None:
    """Only links to missing files and headings are reported."""
    (tmp_path / "b.md").write_text("# B\n\n## A *name*, with `code`!\n")
    text = f"# Here\n\n[x]({link})\n\n```sh\n# [y](d.md)\n```\n"
    assert len(list(broken(tmp_path / "a.md", text))) == is_broken


def broken(page: Path, text: str) -> Iterator[str]:
    """Yields each link that leads nowhere."""
    for link in LINK.findall(CODE.sub("", text)):
        file, _, heading = link.partition("#")
        target = page.parent / file if file else page
        if re.match(r"[a-z]+:", link):
            continue
        if file and not target.exists():
            yield f"{page}: {link}: there is no such file"
        elif heading and heading not in headings(target.read_text("utf-8") if file else text):
            yield f"{page}: {link}: there is no such heading"


def headings(text: str) -> set[str]:
    """Returns the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}

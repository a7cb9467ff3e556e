"""The site of the documentation shows every page of `docs`, and samples of several languages side by side."""

import re
import runpy
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SITE = ROOT / "docs" / "site"
side_by_side: Callable[[str], str] = runpy.run_path(str(SITE / "tabs.py"))["side_by_side"]


def test_every_page_is_in_the_navigation() -> None:
    """A page that is not there could only be found by a link."""
    listed = re.findall(r'= "(docs/[^"]+\.md)"', (SITE / "zensical.toml").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(str(page.relative_to(ROOT)) for page in ROOT.glob("docs/**/*.md"))


def test_samples_that_follow_each_other_become_tabs() -> None:
    """Text between two samples separates them."""
    text = "Text.\n\n```python\nid = 1\n\nid = 2\n```\n\n```js\nid;\n```\n\nMore.\n\n```rust\nlet id = 1;\n```\n"
    assert side_by_side(text) == (
        'Text.\n\n=== "Python"\n\n    ```python\n    id = 1\n\n    id = 2\n    ```\n\n\n'
        '=== "Node.js"\n\n    ```js\n    id;\n    ```\n\n\nMore.\n\n```rust\nlet id = 1;\n```\n'
    )


def test_folded_samples_become_tabs() -> None:
    """So README.md shows its languages like the other pages."""
    folded = "<details><summary>{}</summary>\n\n```{}\nid\n```\n\n</details>\n\n"
    text = "```python\nid\n```\n\nThe same:\n\n" + folded.format("C", "c") + folded.format("PHP", "php")
    assert side_by_side(text).count('=== "') == 2
    assert "details" not in side_by_side(text)

"""Copies the pages of the repository, and the files that they link to, to the folder of which Zensical makes the site.

The paths stay the same, so every link works in the repository and on the site.
Samples of several languages become tabs. Usage: `stage_pages.py FOLDER`
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tabs import side_by_side

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)\s]*)?\)")

# The title, and the first page in the folder of the site.
REFERENCES = (
    ("Python", "api/python.md"),
    ("Node.js", "api/node/index.html"),
    ("Kotlin and Java", "api/jvm/index.html"),
    ("C and C++", "api/c/index.html"),
    ("Rust", "api/rust/egito/index.html"),
    ("Sandbox (Rust)", "api/rust/egito_sandbox/index.html"),
)


def stage(folder: Path) -> None:
    """Copies all pages and their files."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for page in map(Path, listed.splitlines()):
        text = (ROOT / page).read_text(encoding="utf-8")
        target(page, folder).write_text(side_by_side(text), encoding="utf-8")
        for link in LINK.findall(text):
            linked = (ROOT / page.parent / link).resolve()
            if linked.is_file() and linked.is_relative_to(ROOT) and linked.suffix != ".md":
                shutil.copyfile(linked, target(linked.relative_to(ROOT), folder))


def target(file: Path, folder: Path) -> Path:
    """Returns the path of a file in the folder, which has then all folders of that path."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


# Zensical replaces the directives with the comments of the code.
PYTHON = """# Python API

::: egito

## Testing

::: egito.testing
"""


def write_references(folder: Path) -> None:
    """Writes the page of the Python package, and one that links to the reference of each language, if it was built."""
    target(Path("api/python.md"), folder).write_text(PYTHON, encoding="utf-8")
    lines = ["# API of each language", "", "Generated from the comments of the code.", ""]
    for title, page in REFERENCES:
        lines.append(f"- [{title}]({page})" if (folder / page).is_file() else f"- {title}: not built on this machine")
    (folder / "api.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    stage(Path(sys.argv[1]))
    write_references(Path(sys.argv[1]))

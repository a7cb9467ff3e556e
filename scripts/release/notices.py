"""Prints the licenses of the crates that are linked into packages of this workspace: notices.py TARGET PACKAGE..."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

LICENSE_FILE = re.compile(r"(licen[cs]e|copying|copyright|notice)", re.IGNORECASE)
HEADER = """\
The binaries of the Egito SDK contain code of these crates, of the Rust standard library (MIT or Apache-2.0,
https://github.com/rust-lang/rust), and of SQLite, which is in the public domain.
The source of each crate is on crates.io.
"""


def cargo(*arguments: str) -> str:
    """Returns the output of a command of cargo."""
    return subprocess.run(["cargo", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def linked(target: str, packages: list[str]) -> set[tuple[str, str]]:
    """Returns the names and versions of the crates that are linked: not those that only the build or tests use."""
    chosen = [part for package in packages for part in ("--package", package)]
    edges = ("--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}")
    lines = cargo("tree", "--locked", "--target", target, *edges, *chosen).splitlines()
    return {(words[0], words[1].removeprefix("v")) for words in map(str.split, lines) if words}


def license_texts(folder: Path) -> list[str]:
    """Returns the texts of the license files of a crate."""
    return [path.read_text(errors="replace").strip() for path in sorted(folder.iterdir()) if is_license(path)]


def is_license(path: Path) -> bool:
    """Returns whether a file has the text of a license: sources can have such a name, too."""
    return path.is_file() and LICENSE_FILE.match(path.name) is not None and path.suffix not in {".rs", ".html"}


def notice(crate: dict[str, Any], texts: list[str]) -> str:
    """Returns the entry of a crate."""
    lines = [f"{crate['name']} {crate['version']}", f"License: {crate['license'] or 'see below'}"]
    if crate["repository"]:
        lines.append(crate["repository"])
    if not texts and crate["authors"]:
        lines.append("Authors: " + ", ".join(crate["authors"]))
    return "\n".join([*lines, *("\n" + text for text in texts)])


def main(target: str, packages: list[str]) -> None:
    """Prints the notices, each text once: many crates have the same copy of the Apache license."""
    wanted = linked(target, packages)
    crates = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target))["packages"]
    entries, first_use = [HEADER], {}
    for crate in sorted(crates, key=lambda crate: (crate["name"], crate["version"])):
        if crate["source"] is None or (crate["name"], crate["version"]) not in wanted:
            continue
        name = f"{crate['name']} {crate['version']}"
        texts = []
        for text in license_texts(Path(crate["manifest_path"]).parent):
            user = first_use.setdefault(" ".join(text.split()), name)
            texts.append(text if user == name else f"(The same text as a license of {user}.)")
        entries.append(notice(crate, texts))
    print(("\n\n" + "-" * 80 + "\n\n").join(entries))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

"""Adds licenses to an unpacked wheel, and removes paths of this machine: finish_wheel.py FOLDER NOTICES."""

from __future__ import annotations

import sys
from pathlib import Path


def main(folder: str, notices: str) -> None:
    """Writes the file, and its name to the metadata. `wheel pack` then writes the list of all files."""
    metadata = next(Path(folder).glob("*.dist-info/METADATA"))
    text = metadata.read_text(encoding="utf-8")
    first = "License-File: LICENSE\n"
    if first not in text:
        raise SystemExit(f"invalid {metadata}: expected the line {first.strip()!r}")
    metadata.write_text(text.replace(first, f"{first}License-File: THIRD-PARTY-NOTICES\n", 1), encoding="utf-8")
    (metadata.parent / "licenses/THIRD-PARTY-NOTICES").write_bytes(Path(notices).read_bytes())
    for components in metadata.parent.glob("sboms/*.json"):
        content = components.read_text(encoding="utf-8").replace(Path.cwd().as_uri(), "file:///egito")
        components.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

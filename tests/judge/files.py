"""Provides the files of a case: new paths for settings, prepared contents, and the check at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from judge.jsontext import Json, read, write
from judge.match import MISSING, Matcher


class Files:
    """A folder for one case, which is removed at its end."""

    def __enter__(self) -> Files:
        self._folder = tempfile.TemporaryDirectory(prefix="egito-case-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def path(self, name: str) -> str:
        """Returns the path of the file of that name."""
        return str(Path(self._folder.name) / name)

    def write(self, file: dict[str, Json]) -> None:
        """Writes a file as a case describes it. By default only its owner may read it."""
        path = Path(self.path(file["name"]))
        path.write_text(write(file["json"]) if "json" in file else file["text"], "utf-8")
        path.chmod(int(file.get("mode", "600"), 8))

    def differences(self, expected: dict[str, Json], matcher: Matcher) -> Iterator[str]:
        """Yields each difference between the files and the expectations of the case."""
        for name, wanted in expected.items():
            yield from matcher.contained(wanted, self._look(name), f"files.{name}")

    def _look(self, name: str) -> dict[str, Json]:
        path = Path(self.path(name))
        if not path.exists():
            return {}
        mode = f"{path.stat().st_mode & 0o777:o}"
        try:
            return {"mode": mode, "json": read(path.read_bytes())}
        except ValueError:
            return {"mode": mode, "json": MISSING}

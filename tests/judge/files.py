"""Files that a case needs: fresh paths for settings, contents that were there before, what is there at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from judge.jsontext import Json, read, write
from judge.match import MISSING, Matcher


class Files:
    """A folder of its own for one case; gone when the case is over."""

    def __enter__(self) -> Files:
        self._folder = tempfile.TemporaryDirectory(prefix="egito-case-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def path(self, name: str) -> str:
        """Where the file of that name is or will be."""
        return str(Path(self._folder.name) / name)

    def write(self, file: dict[str, Json]) -> None:
        """A file as a case describes it; only its owner may read it where no mode is given."""
        path = Path(self.path(file["name"]))
        path.write_text(write(file["json"]) if "json" in file else file["text"], "utf-8")
        path.chmod(int(file.get("mode", "600"), 8))

    def differences(self, expected: dict[str, Json], matcher: Matcher) -> Iterator[str]:
        """What the files are otherwise than the case expects."""
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

"""Reads the table of adapters: how each one is started, and whether it can run here."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import yaml

PROBE_SECONDS = 30.0


@dataclass(frozen=True)
class AdapterEntry:
    """One entry of `adapters/adapters.yaml`."""

    name: str
    command: tuple[str, ...]
    needs: tuple[str, ...]
    probe: tuple[str, ...]
    make: str

    def unavailable(self, root: Path) -> str | None:
        """Returns why the adapter cannot run on this machine and what to do, or None if it can."""
        for path in self.needs:
            if not (root / path).exists():
                return f"{path} is missing: {self.make}"
        program = self.command[0]
        if "/" not in program and shutil.which(program) is None:
            return f"{program} is not installed"
        return self._probe_failure(root) if self.probe else None

    def _probe_failure(self, root: Path) -> str | None:
        try:
            done = subprocess.run(self.probe, cwd=root, capture_output=True, timeout=PROBE_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            return f"{self.probe[0]} cannot be run: {error}"
        if done.returncode == 0:
            return None
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return f"{said[-1] if said else 'its probe failed'}: {self.make}"


def read_table(path: Path) -> dict[str, AdapterEntry]:
    """Returns the adapters by name, in the order of the file."""
    table = yaml.safe_load(path.read_text("utf-8"))
    return {
        name: AdapterEntry(
            name=name,
            command=tuple(entry.pop("command")),
            needs=tuple(entry.pop("needs", ())),
            probe=tuple(entry.pop("probe", ())),
            make=entry.pop("make"),
        )
        for name, entry in table.items()
        if not _has_unknown_keys(name, set(entry))
    }


def _has_unknown_keys(name: str, keys: set[str]) -> bool:
    unknown = keys - {"command", "needs", "probe", "make"}
    if unknown:
        raise ValueError(f"adapters.yaml: {name} has unknown keys {sorted(unknown)}")
    return False

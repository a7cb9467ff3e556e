"""The servers that the suite plays against: the sandbox, and a real Grails application."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from judge.case import Case
from judge.grails import Grails, knows
from judge.jsontext import Json
from judge.sandbox import Sandbox

ONE_PER_LANGUAGE = {"rust", "python", "node", "c", "cpp", "php", "kotlin", "java"}
"""The adapters that play against Grails by default."""


@dataclass(frozen=True)
class SandboxServer:
    """The sandbox, which can play every case. `config` is how it differs from the default in every case."""

    program: Path
    config: dict[str, Json] = field(default_factory=dict)
    name: str = "sandbox"
    unavailable: str | None = None

    def start(self) -> Sandbox:
        """Starts a sandbox."""
        return Sandbox(self.program, self.config)

    def default_adapters(self, adapters: list[str]) -> list[str]:
        """Returns the adapters that play against it by default."""
        return adapters

    def why_not(self, case: Case) -> str | None:
        """Returns why it cannot play the case, or None if it can."""
        return _why_not(self.name, case)


@dataclass(frozen=True)
class GrailsServer:
    """A real Grails application, which can play the cases without faults."""

    root: Path
    name: str = "grails"

    @property
    def program(self) -> Path:
        """Returns the script that starts the application."""
        return self.root / "tests/grails/start"

    @property
    def classpath(self) -> Path:
        """Returns the file with the paths of its libraries."""
        return self.root / "target/grails/classpath"

    @property
    def unavailable(self) -> str | None:
        """Returns why Grails cannot run on this machine, or None if it can."""
        built = self.classpath.exists()
        missing = [program for program in ("java", *(() if built else ("mvn",))) if shutil.which(program) is None]
        if missing:
            install = "sudo apt-get install openjdk-17-jdk-headless maven"
            return f"missing: {', '.join(missing)}; install with: {install}, then: make grails"
        return None if built else "Grails is not built: make grails"

    def start(self) -> Sandbox:
        """Starts the application."""
        return Grails(self.program)

    def default_adapters(self, adapters: list[str]) -> list[str]:
        """Returns one adapter of each language: the bindings share one core."""
        return [name for name in adapters if name in ONE_PER_LANGUAGE]

    def why_not(self, case: Case) -> str | None:
        """Returns why it cannot play the case, or None if it can."""
        return _why_not(self.name, case) or next(_sandbox_only(case), None)


Server = SandboxServer | GrailsServer


def _why_not(server: str, case: Case) -> str | None:
    if case.servers and server not in case.servers:
        return f"for {' and '.join(case.servers)} only"
    return f"differs: {case.differs[server]}" if server in case.differs else None


def _sandbox_only(case: Case) -> Iterator[str]:
    """Yields each thing of the case that only the sandbox can do."""
    for control, value in controls(case):
        if control in {"faults", "clock", "release"}:
            yield f"the case needs {control}"
        if control == "seed" and not _has_seed(value):
            yield "the case needs a seed of its own"
        if control == "config":
            yield from (f"the case needs the setting {name}" for name, given in value.items() if not knows(name, given))


def _has_seed(seed: Json) -> bool:
    """Returns whether Grails can begin with the seed: its users are fixed, but they can have a refresh token."""
    if isinstance(seed, str):
        return True
    return seed.keys() <= {"users", "entities"} and all("refresh_token" in user for user in seed.get("users", []))


def controls(case: Case) -> Iterator[tuple[str, Json]]:
    """Yields the name and the value of each control step of the case."""
    yield from case.sandbox.items()
    for step in case.steps:
        for part in [step, *step.get("meanwhile", [])]:
            yield from part.get("sandbox", {}).items()

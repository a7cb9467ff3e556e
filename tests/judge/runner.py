"""Runs cases with one adapter and one server, which keep running between cases and are replaced if they break."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from judge.adapter import DEFAULT_LIMITS, Adapter, Limits, poisoned_environment
from judge.case import Case
from judge.failure import AdapterBroken, CaseSkipped, SandboxBroken
from judge.jsontext import Json
from judge.play import Processes, play
from judge.sandbox import Sandbox
from judge.servers import Server
from judge.table import AdapterEntry


@dataclass
class Runner:
    """Plays cases with one adapter. Processes start when they are first needed."""

    entry: AdapterEntry
    root: Path
    server: Server
    limits: Limits = DEFAULT_LIMITS
    settings: dict[str, Json] = field(default_factory=dict)
    """Settings of every client, unless the case overrides them."""
    _sandbox: Sandbox | None = None
    _adapter: Adapter | None = None

    @cached_property
    def unavailable(self) -> str | None:
        """Returns why the adapter or the server cannot run on this machine, or None if both can."""
        return self.entry.unavailable(self.root) or self.server.unavailable

    def play(self, case: Case) -> None:
        """Plays a case on processes that work. Raises `CaseSkipped` if the server cannot play it."""
        if reason := self.server.why_not(case):
            raise CaseSkipped(reason)
        try:
            play(case, Processes(self.running_sandbox(), self._running_adapter()), self.settings)
        except AdapterBroken:
            self._drop_adapter()
            raise
        except SandboxBroken:
            self._drop_sandbox()
            raise

    def running_sandbox(self) -> Sandbox:
        """Returns the server, which is started if it is not running."""
        if self._sandbox is None or not self._sandbox.alive():
            self._drop_sandbox()
            self._sandbox = self.server.start()
        return self._sandbox

    def close(self) -> None:
        """Ends both processes. Raises `AdapterBroken` if the adapter does not end when its standard input closes."""
        self._drop_sandbox()
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            adapter.stop()

    def _running_adapter(self) -> Adapter:
        if self._adapter is None:
            command = self.entry.command
            self._adapter = Adapter(self.entry.name, command, self.root, poisoned_environment(), self.limits)
        return self._adapter

    def _drop_adapter(self) -> None:
        if self._adapter is not None:
            self._adapter.kill()
            self._adapter = None

    def _drop_sandbox(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
            self._sandbox = None

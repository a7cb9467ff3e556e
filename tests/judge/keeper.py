"""Keeps one sandbox and one adapter running between cases, and puts a fresh one in place of a broken one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from judge.adapter import DEFAULT_LIMITS, Adapter, Limits, poisoned_environment
from judge.case import Case
from judge.failure import AdapterBroken, SandboxBroken
from judge.play import Stage, play
from judge.sandbox import Sandbox
from judge.table import AdapterEntry


@dataclass
class Keeper:
    """Plays cases with one adapter. Processes are started when first needed."""

    entry: AdapterEntry
    root: Path
    sandbox_program: Path
    limits: Limits = DEFAULT_LIMITS
    _sandbox: Sandbox | None = None
    _adapter: Adapter | None = None

    @cached_property
    def unavailable(self) -> str | None:
        """Why the adapter cannot run on this machine; None if it can."""
        return self.entry.unavailable(self.root)

    def play(self, case: Case) -> None:
        """As `judge.play.play`, on processes that work."""
        try:
            play(case, Stage(self._running_sandbox(), self._running_adapter()))
        except AdapterBroken:
            self._drop_adapter()
            raise
        except SandboxBroken:
            self._drop_sandbox()
            raise

    def close(self) -> None:
        """End both. An adapter that does not end by itself when its standard input closes is a failure."""
        self._drop_sandbox()
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            adapter.stop()

    def _running_sandbox(self) -> Sandbox:
        if self._sandbox is None or not self._sandbox.alive():
            self._drop_sandbox()
            self._sandbox = Sandbox(self.sandbox_program)
        return self._sandbox

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

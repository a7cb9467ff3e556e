"""Runs one adapter process: sends commands and reads replies, with time limits and checked against the schema."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judge.child import Child, ChildGone, ChildSilent
from judge.codes import CODES
from judge.failure import AdapterBroken
from judge.jsontext import Json, read, write
from judge.results import rows_of
from judge.schemas import violation


@dataclass(frozen=True)
class Limits:
    """Time limits of an adapter, in seconds."""

    start: float = 30.0
    step: float = 15.0


DEFAULT_LIMITS = Limits()


@dataclass
class AdapterOutput:
    """Output of an adapter during one case, which is searched for secrets at its end."""

    lines: list[str] = field(default_factory=list)
    stderr_offset: int = 0


class Adapter:
    """A running adapter that has said hello."""

    def __init__(
        self, name: str, command: Sequence[str], cwd: Path, env: Mapping[str, str], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.name = name
        self._limits = limits
        self._seq = 0
        self._output = AdapterOutput()
        try:
            self._child = Child(command, cwd, env)
        except OSError as error:
            raise AdapterBroken(f"the adapter cannot be started: {error}") from None
        try:
            self._hello = self._read_hello()
        except AdapterBroken:
            self._child.kill()
            raise

    @property
    def language(self) -> str:
        """Returns the language and its version, as the adapter reports it."""
        return str(self._hello["language"])

    def begin(self) -> None:
        """Starts a new case: discards the output of the case before."""
        self._output = AdapterOutput(stderr_offset=self._child.stderr_size())

    def output(self) -> list[str]:
        """Returns every reply line of this case, and its output on standard error."""
        return [*self._output.lines, self._child.stderr_from(self._output.stderr_offset)]

    def send(self, command: dict[str, Json]) -> None:
        """Sends a command. Its reply must be read before the next one is sent."""
        self._seq += 1
        numbered = {"seq": self._seq, **command}
        if why := violation("command", numbered):
            raise AdapterBroken(f"the judge made an invalid command: {why}")
        if self._child.has_unread_output():
            raise AdapterBroken("the adapter wrote output without a command, or has ended")
        try:
            self._child.write_line(write(numbered), self._limits.step)
        except (ChildGone, ChildSilent) as error:
            raise AdapterBroken(f"the adapter {error}") from None

    def reply(self) -> dict[str, Json]:
        """Returns the reply to the last command, without its `seq`."""
        reply = self._read("reply", self._limits.step)
        if "hello" in reply or reply.pop("seq") != self._seq:
            raise AdapterBroken(f"the adapter did not reply to command {self._seq}")
        for part in [reply, *reply.get("results", [])]:
            self._check_class(part.get("error"))
            for row in rows_of(part.get("result")):
                self._check_class(row.get("error"))
        return reply

    def ask(self, command: dict[str, Json]) -> dict[str, Json]:
        """Sends a command and reads its reply."""
        self.send(command)
        return self.reply()

    def stop(self) -> None:
        """Ends the adapter by closing its standard input."""
        if not self._child.stop():
            raise AdapterBroken("the adapter did not end when its standard input closed, and was killed")

    def kill(self) -> None:
        """Kills the adapter."""
        self._child.kill()

    def _read_hello(self) -> dict[str, Json]:
        line = self._read("hello", self._limits.start)
        if "hello" not in line:
            raise AdapterBroken("the adapter's first line is not a hello")
        hello: dict[str, Json] = line["hello"]
        if hello["adapter"] != self.name:
            raise AdapterBroken(f"the adapter reports the name {hello['adapter']!r}, not {self.name!r}")
        known, wanted = set(hello["codes"]), set(CODES)
        if known != wanted:
            raise AdapterBroken(
                "the error codes of the language differ from those of the core: "
                f"missing {sorted(wanted - known)}, unknown {sorted(known - wanted)}"
            )
        if len(set(hello["codes"].values())) != len(CODES):
            raise AdapterBroken("two error codes have the same class in this language")
        return hello

    def _read(self, what: str, seconds: float) -> dict[str, Json]:
        try:
            line = self._child.read_line(seconds)
        except (ChildGone, ChildSilent) as error:
            raise AdapterBroken(f"the adapter {error} (waiting for its {what})") from None
        self._output.lines.append(line)
        try:
            value = read(line)
        except ValueError as error:
            raise AdapterBroken(f"the adapter's {what} is not JSON: {error}: {line[:200]!r}") from None
        if why := violation("reply", value):
            raise AdapterBroken(f"the adapter's {what} breaks the protocol: {why}")
        return dict(value)

    def _check_class(self, error: dict[str, Json] | None) -> None:
        if error is None:
            return
        name = self._hello["codes"].get(error.get("code"))
        if name != error.get("class"):
            raise AdapterBroken(f"the error {error.get('code')} came as class {error.get('class')!r}, not {name!r}")


def poisoned_environment() -> dict[str, str]:
    """Returns the environment with traps: a client that reads it by default fails its cases."""
    trap = "http://127.0.0.1:9"
    names = ("http_proxy", "https_proxy", "all_proxy")
    traps = {name: trap for lower in names for name in (lower, lower.upper())}
    traps |= {
        f"EGITO_{name}": "from-the-environment"
        for name in ("NAME", "API_ID", "API_SECRET", "USERNAME", "PASSWORD", "PAGE_SIZE")
    }
    traps["EGITO_BASE_URL"] = trap
    return {key: value for key, value in os.environ.items() if key.lower() != "no_proxy"} | traps

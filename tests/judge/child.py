"""Runs a child process that reads and writes lines. Every read and write has a deadline."""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class ChildGone(Exception):
    """The child ended or closed its standard output."""


class ChildSilent(Exception):
    """The child let the deadline pass."""


class Child:
    """One running program. Its standard error goes to a file, so no output before a reply is missed."""

    def __init__(self, command: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> None:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the child)
        self._process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr, bufsize=0
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._out = self._process.stdout.fileno()
        self._in = self._stdin.fileno()
        os.set_blocking(self._in, False)
        self._pending = b""

    def write_line(self, line: str, seconds: float) -> None:
        """Sends one line. Raises `ChildSilent` if the child reads nothing for `seconds`."""
        deadline = time.monotonic() + seconds
        rest = line.encode() + b"\n"
        while rest:
            _, writable, _ = select.select([], [self._in], [], _left(deadline))
            if not writable:
                raise ChildSilent(f"read nothing for {seconds:g} s")
            try:
                rest = rest[os.write(self._in, rest) :]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ChildGone(self._ending()) from None

    def read_line(self, seconds: float) -> str:
        """Returns the next line, without its line break."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._pending:
            readable, _, _ = select.select([self._out], [], [], _left(deadline))
            if not readable:
                raise ChildSilent(f"wrote nothing for {seconds:g} s")
            piece = os.read(self._out, 1 << 16)
            if not piece:
                raise ChildGone(self._ending())
            self._pending += piece
        line, self._pending = self._pending.split(b"\n", 1)
        return line.decode("utf-8", "backslashreplace")

    def has_unread_output(self) -> bool:
        """Returns whether there is unread text on standard output."""
        return bool(self._pending) or bool(select.select([self._out], [], [], 0)[0])

    def stderr_size(self) -> int:
        """Returns the size of the output on standard error, which is an offset for `stderr_from`."""
        return os.fstat(self._stderr.fileno()).st_size

    def stderr_from(self, offset: int) -> str:
        """Returns the output on standard error from `offset` on."""
        return os.pread(self._stderr.fileno(), max(0, self.stderr_size() - offset), offset).decode("utf-8", "replace")

    def alive(self) -> bool:
        """Returns whether the program is still running."""
        return self._process.poll() is None

    def stop(self, grace: float = 3.0) -> bool:
        """Closes standard input, and kills the program after `grace` seconds. Returns whether it ended by itself."""
        if not self._stdin.closed:
            self._stdin.close()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self._close()
        return True

    def kill(self) -> None:
        """Kills the program."""
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            if stream is not None:
                stream.close()

    def _ending(self) -> str:
        try:
            code = self._process.wait(2)
        except subprocess.TimeoutExpired:
            return "closed its standard output"
        tail = self.stderr_from(0)[-600:].strip()
        return f"ended with status {code}" + (f"; its last output: {tail}" if tail else "")


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())

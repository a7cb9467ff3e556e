"""Runs programs and measures them from outside."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


class FailedError(Exception):
    """A program failed."""


@dataclass(frozen=True)
class Usage:
    """What a process used: seconds of CPU (user and system, all threads) and wall clock, and its peak memory in MiB."""

    cpu: float
    wall: float
    memory: float


def run(command: list[str], environment: dict[str, str]) -> tuple[Usage, str]:
    """Runs a program to its end. Returns what it used and printed."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        try:
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        except OSError as error:
            raise FailedError(str(error)) from error
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            raise FailedError(reason(errors.read()) or f"exit status {process.returncode}")
        return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024), output.read()


def reason(errors: str) -> str:
    """Returns the line of a program's error output that says why it failed; empty if it has printed nothing."""
    lines = errors.strip().splitlines() or [""]
    return next((line.strip() for line in reversed(lines) if "Error" in line), lines[-1])


def cpu_of(pid: int) -> float:
    """Returns the seconds of CPU of a running process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


IDLE_LOOP = """
import os
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
parent = os.getppid()
while os.getppid() == parent:
    for _ in range(1_000_000):
        pass
"""


def keep_awake() -> list[subprocess.Popen[bytes]]:
    """Starts a loop of idle priority on each core, since waking a sleeping core would be charged to the client.

    On a busy machine no core sleeps, and the loops would take time from the contestants.
    """
    cores = os.cpu_count() or 1
    if os.getloadavg()[0] > cores:
        print(f"The machine is busy (load {os.getloadavg()[0]:.0f}): expect a wide range.", file=sys.stderr)
        return []
    return [subprocess.Popen([sys.executable, "-c", IDLE_LOOP]) for _ in range(cores)]

"""Helpers of several tests: they run coroutines and child processes, and wait for the sandbox."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import egito
from egito.testing import Sandbox

__all__ = ["VARIABLES", "Sandbox", "read_name", "run_async", "start_program", "wait_for_disconnects"]

VARIABLES = {
    "EGITO_BASE_URL": "base_url",
    "EGITO_API_ID": "client_id",
    "EGITO_API_SECRET": "client_secret",
    "EGITO_USERNAME": "username",
    "EGITO_PASSWORD": "password",
}
"""Environment variables, and the settings that they set."""


SLOW_STEP_FILTER = """
import logging
is_slow = lambda record: record.args[1] >= 1 if record.msg.startswith("Executing %s took") else True
logging.getLogger("asyncio").addFilter(is_slow)
"""
"""Raises the limit of asyncio's debug mode for slow steps from 0.1 s, which fails on busy machines, to 1 s."""


def start_program(script: str, *args: str) -> subprocess.Popen[str]:
    """Starts a Python program in a child process."""
    prelude = SLOW_STEP_FILTER if "asyncio" in script else ""
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", prelude + script, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_async(
    sandbox: Sandbox, scenario: Callable[[egito.AsyncClient], Coroutine[Any, Any, None]], **options: Any
) -> None:
    """Runs a scenario with an AsyncClient, in asyncio's debug mode: it reports blocked loops and missing awaits."""

    async def main() -> None:
        async with egito.AsyncClient(**sandbox.settings, **options) as client:
            await scenario(client)

    asyncio.run(main(), debug=True)


def wait_for_disconnects(sandbox: Sandbox, number: int) -> None:
    """Waits until the client has disconnected from this number of `get` requests."""
    assert len(sandbox.journal(wait=number, action="get", client_gone="true")) == number


def read_name(settings: dict[str, Any], id: int) -> str:
    """Reads a record in another process, which imports this function by its name."""
    name: str = egito.Client(**settings).accounts.get(id)["name"]
    return name

"""What several tests need: stories for asyncio, and programs of their own."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import egito
from egito.testing import Sandbox

__all__ = ["VARIABLES", "Sandbox", "await_gone", "play", "read_name", "run"]

VARIABLES = {
    "EGITO_BASE_URL": "base_url",
    "EGITO_API_ID": "client_id",
    "EGITO_API_SECRET": "client_secret",
    "EGITO_USERNAME": "username",
    "EGITO_PASSWORD": "password",
}
"""The settings that the environment gives."""


PATIENT = """
import logging
is_slow = lambda record: record.args[1] >= 1 if record.msg.startswith("Executing %s took") else True
logging.getLogger("asyncio").addFilter(is_slow)
"""
"""Lets asyncio's debug mode complain of steps of a second; a tenth, its default, passes by itself on a busy machine."""


def run(script: str, *args: str) -> subprocess.Popen[str]:
    """Start a Python program of its own."""
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", (PATIENT if "asyncio" in script else "") + script, *args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def play(sandbox: Sandbox, story: Callable[[egito.AsyncClient], Coroutine[Any, Any, None]], **options: Any) -> None:
    """Run a story with an AsyncClient, in a loop that complains about what blocks it or is never awaited."""

    async def main() -> None:
        async with egito.AsyncClient(**sandbox.settings, **options) as client:
            await story(client)

    asyncio.run(main(), debug=True)


def await_gone(sandbox: Sandbox, number: int) -> None:
    """Wait until the server has seen the client hang up on so many reads."""
    assert len(sandbox.journal(wait=number, action="get", client_gone="true")) == number


def read_name(settings: dict[str, Any], id: int) -> str:
    """What another process does: here, since that one imports it by its name."""
    name: str = egito.Client(**settings).accounts.get(id)["name"]
    return name

"""The sandbox as the tests steer it, and programs of their own."""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode, urlsplit

import egito


class Sandbox:
    """A running sandbox and its control requests."""

    def __init__(self, started: dict[str, Any]) -> None:
        self.settings: dict[str, Any] = started["settings"]
        self._host = urlsplit(started["address"]).netloc

    def control(self, name: str, body: Any) -> Any:
        """POST one of the control requests."""
        return self._send("POST", name, json.dumps(body))

    def hold(self, name: str, **on: Any) -> None:
        """Let the next request that matches wait until it is released."""
        self.control("faults", {"on": on, "hold": name})

    def release(self, name: str) -> None:
        """Let it go on."""
        self.control("release", {"name": name})

    def journal(self, *, wait: int = 0, **which: Any) -> list[dict[str, Any]]:
        """The requests seen so far, oldest first; with `wait` once there are that many."""
        query = {**which, "wait": wait, "timeout_ms": 5000} if wait else which
        answer = self._send("GET", f"journal?{urlencode(query)}")
        return list(answer if isinstance(answer, list) else answer["requests"])

    def _send(self, method: str, path: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection(self._host, timeout=10)
        connection.request(method, f"/_sandbox/{path}", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        connection.close()
        assert response.status < 300, (path, response.status, text)
        return json.loads(text) if text else None


def run(script: str, *args: str) -> subprocess.Popen[str]:
    """Start a Python program of its own."""
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", script, *args],
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

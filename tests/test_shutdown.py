"""Runs the servers of docs/concepts/shutdown.md: on SIGTERM they finish the request in flight, then end."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from judge.sandbox import Sandbox
from test_readme import ROOT, TARGET, VARIABLES

SERVERS = {
    "app.py": [sys.executable, "-m", "uvicorn", "app:app", "--port", "0"],
    "server.mjs": ["node", "server.mjs"],
}
PAGE = (ROOT / "docs/concepts/shutdown.md").read_text()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox that holds the next create."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    sandbox.prepare({"seed": "default", "faults": [{"on": {"action": "create"}, "hold": "gate"}]})
    yield sandbox
    sandbox.stop()


@pytest.mark.parametrize("source", SERVERS)
def test_a_request_finishes_after_sigterm(source: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """The server accepts no further connection, and responds to the request in flight."""
    settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
    code = re.search(rf"^```\w+\n((?:#|//) {re.escape(source)}.*?)^```$", PAGE, re.M | re.S)
    assert code
    (tmp_path / source).write_text(code[1])
    modules = tmp_path / "node_modules"
    modules.mkdir()
    (modules / "egito").symlink_to(ROOT / "bindings-node")
    (modules / "express").symlink_to(ROOT / "bindings-node/node_modules/express")
    environment = os.environ | settings | {"PORT": "0", "PYTHONUNBUFFERED": "1"}
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with (
        subprocess.Popen(SERVERS[source], cwd=tmp_path, env=environment, text=True, **pipe) as server,
        ThreadPoolExecutor() as pool,
    ):
        port = _port(server)
        pending = pool.submit(_create_lead, port)
        sandbox.control("await_requests", {"count": 1, "action": "create"})
        server.send_signal(signal.SIGTERM)
        _await_refusal(port)
        sandbox.control("release", "gate")
        status, body = pending.result(timeout=20)
        assert server.wait(timeout=20) in (0, -signal.SIGTERM)
    assert status == 200 and b'"id":' in body
    (create,) = [request for request in sandbox.journal() if request["action"] == "create"]
    assert create["status"] == 200 and not create["client_gone"]


def _port(server: subprocess.Popen[str]) -> int:
    """Returns the port that the server prints once it listens."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"(?:127\.0\.0\.1:|^)(\d+)", line):
            return int(found[1])
    raise AssertionError("the server ended before it listened")


def _create_lead(port: int) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/leads", '{"lastName": "Ryś"}'.encode(), {"Content-Type": "application/json"})
    response = connection.getresponse()
    status, body = response.status, response.read()
    connection.close()
    return status, body


def _await_refusal(port: int) -> None:
    """Connects until the server no longer listens."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()
        except ConnectionError:  # refused, or reset if it closed meanwhile
            return

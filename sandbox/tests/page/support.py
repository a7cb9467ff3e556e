"""A sandbox, and a client that sends requests to it as any program does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "debug/egito-sandbox"
SECTIONS = ["journal", "records", "faults", "server", "configuration", "connect"]


@dataclass
class Response:
    """A response of the sandbox."""

    status: int
    text: str

    def json(self) -> Any:
        """Returns the body."""
        return json.loads(self.text)


class Sandbox:
    """A running sandbox, and a client that sends requests to it as any program does."""

    def __init__(self, port: int = 0) -> None:
        command = [str(PROGRAM), "--exit-with-parent", "--port", str(port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        started = json.loads(self._process.stdout.readline())
        self.address: str = started["address"]
        self.url: str = started["page"]
        self.settings: dict[str, str] = started["settings"]

    def send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Response:
        """Sends a request."""
        data = None if body is None else body.encode()
        request = urllib.request.Request(self.address + path, data, headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return Response(response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, error.read().decode())

    def control(self, path: str, body: Any = None, method: str = "POST") -> None:
        """Sends a command of the control API."""
        response = self.send(method, f"/_sandbox/{path}", None if body is None else json.dumps(body))
        assert response.status == 200, response.text

    def token(self) -> str:
        """Logs in, and returns the access token."""
        names = {name: self.settings[name] for name in ("client_id", "client_secret", "username", "password")}
        form = urllib.parse.urlencode({"grant_type": "password", **names})
        content_type = {"Content-Type": "application/x-www-form-urlencoded"}
        token: str = self.send("POST", "/oauth/token", form, content_type).json()["access_token"]
        return token

    def call(self, call: str, record: Any = None, token: str | None = None) -> Response:
        """Calls an action of an entity, such as `Account/get?id=1`."""
        headers = {"Authorization": f"Bearer {token or self.token()}", "Content-Type": "application/json"}
        body = None if record is None else json.dumps(record)
        return self.send("GET" if record is None else "POST", f"/services/restapi/json/{call}", body, headers)

    def flood(self, count: int) -> None:
        """Sends many requests at once, on one connection, without waiting for their responses."""
        host, port = self.address.removeprefix("http://").split(":")
        request = "GET /services/restapi/json/Account/get?id={} HTTP/1.1\r\nHost: localhost\r\n{}\r\n"
        requests = [request.format(n, "") for n in range(count - 1)] + [request.format(count, "Connection: close\r\n")]
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            sender = threading.Thread(target=connection.sendall, args=["".join(requests).encode()])
            sender.start()
            while connection.recv(1 << 16):
                pass
            sender.join()

    def stop(self) -> None:
        """Stops it."""
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def open_page(page: Page, sandbox: Sandbox, section: str = "journal") -> None:
    """Opens a section of the page, and waits until it follows the journal."""
    page.goto(f"{sandbox.url}#{section}")
    page.locator("#journal-state.good").wait_for(state="attached")

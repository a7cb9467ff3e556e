"""A local Egito for your tests: `pip install egito[sandbox]`.

    with egito.testing.Sandbox() as sandbox, sandbox.client() as client:
        client.accounts.create({"name": "Żubr sp. z o.o."})

pytest has the fixture `egito_sandbox` without an import: one sandbox for the whole run, empty before each test.
"""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from egito import _egito
from egito._async.client import AsyncClient
from egito._errors import ConfigError
from egito._sync.client import Client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Sandbox", "sandbox_program"]

PROGRAM = "egito-sandbox"


class Sandbox:
    """A running sandbox, in its own process, which stops with this one.

    `records` fills the entity Account up to this number of records; the other entities have the few default records.
    `add` adds records of any entity, and `reset("empty", records={"Contact": 50})` fills any entity. `seed` is a YAML
    file that replaces the default data. `program` is the program to start; the default is the one that
    `pip install egito[sandbox]` installs.

    Raises:
        ConfigError: The program is not installed, or does not start.

    Example:
        with egito.testing.Sandbox(records=1000) as sandbox:
            assert sandbox.client().accounts.list().first() is not None
    """

    def __init__(
        self, *, records: int | None = None, seed: str | Path | None = None, program: str | Path | None = None
    ) -> None:
        command = [str(program or sandbox_program()), "--port", "0", "--exit-with-parent"]
        command += ["--records", str(records)] if records is not None else []
        command += ["--seed", str(seed)] if seed is not None else []
        try:
            self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        except OSError as error:
            raise _not_started(command) from error
        try:
            assert self._process.stdout is not None
            started = json.loads(self._process.stdout.readline())
        except ValueError as error:  # no output, or not that of a sandbox
            self.close()
            raise _not_started(command) from error
        self.address: str = started["address"]
        """Address of the sandbox, `http://127.0.0.1:…`."""
        self.page: str = started["page"]
        """Address of its page, which shows and controls it in a browser."""
        self.settings: dict[str, Any] = started["settings"]
        """Settings of a client that connects to it: `egito.Client(**sandbox.settings)`."""

    def client(self, **settings: Any) -> Client:
        """Returns a client that connects to it, with further settings of `egito.Client`.

        Example:
            client = sandbox.client(timeout=1)
        """
        return Client(**{**self.settings, **settings})

    def async_client(self, **settings: Any) -> AsyncClient:
        """Returns a client for asyncio that connects to it.

        Example:
            async with sandbox.async_client() as client:
                await client.accounts.create({"name": "Żubr"})
        """
        return AsyncClient(**{**self.settings, **settings})

    def reset(self, seed: str | Mapping[str, Any] = "default", **more: Any) -> None:
        """Resets data, tokens, faults, journal and clock. `"empty"` means without records.

        Example:
            sandbox.reset("empty", records={"Account": 2500})
        """
        self.control("reset", {"seed": seed, **more})

    def add(self, **entities: list[dict[str, Any]]) -> None:
        """Adds records unchanged. Dates, Decimals and other values are stored as a client sends them.

        Example:
            sandbox.add(Account=[{"id": 7, "name": "Żubr"}], Offer=[{"id": 1, "price": 2.5}])
        """
        self.control("seed", {"entities": entities})

    def fault(self, *, times: int = 1, skip: int = 0, on: Mapping[str, Any] | None = None, **what: Any) -> None:
        """Adds a fault to matching requests: `response`, `delay_ms`, `cut` and others, see the README of the sandbox.

        Example:
            sandbox.fault(on={"action": "create"}, response={"status": 503})
            sandbox.fault(on={"action": "create"}, cut="after")  # done, but the response is lost
        """
        self.control("faults", {"on": {**(on or {})}, "times": times, "skip": skip, **what})

    def hold(self, name: str, *, times: int = 1, **on: Any) -> None:
        """Holds the next request that matches until it is released.

        Example:
            sandbox.hold("slow", action="get")
        """
        self.fault(times=times, on=on, hold=name)

    def release(self, name: str) -> None:
        """Releases the requests that are held under this name.

        Example:
            sandbox.release("slow")
        """
        self.control("release", {"name": name})

    def journal(self, *, wait: int = 0, **which: Any) -> list[dict[str, Any]]:
        """Returns the requests so far, oldest first. `wait` waits for that many requests, for at most 5 seconds.

        Example:
            assert [request["action"] for request in sandbox.journal()] == ["login", "create"]
        """
        query = {**which, "wait": wait, "timeout_ms": 5000} if wait else which
        requests: list[dict[str, Any]] = self._send("GET", f"journal?{urlencode(query)}")
        return requests

    def records(self, entity: str) -> list[dict[str, Any]]:
        """Returns all stored records of an entity.

        Example:
            assert len(sandbox.records("Account")) == 1
        """
        records: list[dict[str, Any]] = self._send("GET", f"records/{entity}")
        return records

    def control(self, name: str, body: Any) -> Any:
        """Sends any other control request.

        Example:
            sandbox.control("clock", {"advance": 3600})  # tokens age by an hour
        """
        return self._send("POST", name, json.dumps(body, default=_as_sent))

    def close(self) -> None:
        """Stops the sandbox."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _send(self, method: str, path: str, body: str | None = None) -> Any:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=10)
        try:
            connection.request(method, f"/_sandbox/{path}", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        if response.status >= 300:
            raise ConfigError(f"the sandbox refused {path}: {text}", setting=path, outcome="not_sent")
        return json.loads(text) if text else None


def _as_sent(value: object) -> Any:
    """Returns the JSON value that a client sends for a value without a JSON type."""
    return json.loads(_egito.to_json("record", value))


def _not_started(command: list[str]) -> ConfigError:
    message = f"the sandbox did not start: {' '.join(command)}"
    return ConfigError(message, setting="program", outcome="not_sent")


def sandbox_program() -> str:
    """Returns the path of the sandbox program.

    Raises:
        ConfigError: The program is not installed.

    Example:
        subprocess.run([egito.testing.sandbox_program(), "--help"])
    """
    in_environment = shutil.which(PROGRAM, path=sysconfig.get_path("scripts"))
    if found := in_environment or shutil.which(PROGRAM):
        return found
    message = "the sandbox is not installed; install it with: pip install 'egito[sandbox]'"
    raise ConfigError(message, setting="program", outcome="not_sent")

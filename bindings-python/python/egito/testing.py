"""A local Egito for your tests: `pip install egito[sandbox]`.

    with egito.testing.Sandbox() as sandbox, sandbox.client() as client:
        client.accounts.create({"name": "Żubr sp. z o.o."})

With pytest the fixture `egito_sandbox` is there without any import: one sandbox for the whole run, empty for each test.
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
from egito._async_client import AsyncClient
from egito._client import Client
from egito._errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

__all__ = ["Sandbox", "sandbox_program"]

PROGRAM = "egito-sandbox"


class Sandbox:
    """A running sandbox, in a process of its own that ends with this one.

    `records` fills the entity Account up to this number of records; the other entities keep the few of the usual data.
    `add` adds records of any entity, and `reset("empty", records={"Contact": 50})` fills any. `seed` is a YAML file
    instead of the usual data; `program` is the program to start, by default the one that `pip install egito[sandbox]`
    installed.

    Raises:
        ConfigError: the program is not installed, or does not start.

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
        except ValueError as error:  # nothing, or no word of a sandbox
            self.close()
            raise _not_started(command) from error
        self.address: str = started["address"]
        """Its address, `http://127.0.0.1:…`."""
        self.settings: dict[str, Any] = started["settings"]
        """What a client needs to log in: `egito.Client(**sandbox.settings)`."""

    def client(self, **settings: Any) -> Client:
        """A client that is connected to it; the settings are those of `egito.Client`.

        Example:
            client = sandbox.client(timeout=1)
        """
        return Client(**{**self.settings, **settings})

    def async_client(self, **settings: Any) -> AsyncClient:
        """A client for asyncio that is connected to it.

        Example:
            async with sandbox.async_client() as client:
                await client.accounts.create({"name": "Żubr"})
        """
        return AsyncClient(**{**self.settings, **settings})

    def reset(self, seed: str | Mapping[str, Any] = "default", **more: Any) -> None:
        """Everything fresh: data, tokens, faults, journal, clock. `"empty"` means without records.

        Example:
            sandbox.reset("empty", records={"Account": 2500})
        """
        self.control("reset", {"seed": seed, **more})

    def add(self, **entities: list[dict[str, Any]]) -> None:
        """Add records as they are. Dates, Decimals and whatever else a client can send are written as it sends them.

        Example:
            sandbox.add(Account=[{"id": 7, "name": "Żubr"}], Offer=[{"id": 1, "price": 2.5}])
        """
        self.control("seed", {"entities": entities})

    def fault(self, *, times: int = 1, skip: int = 0, on: Mapping[str, Any] | None = None, **what: Any) -> None:
        """Let something go wrong: see the sandbox's own page for `response`, `delay_ms`, `cut`, `hold` and the others.

        Example:
            sandbox.fault(on={"action": "create"}, response={"status": 503})
            sandbox.fault(on={"action": "create"}, cut="after")  # done, but the answer is lost
        """
        self.control("faults", {"on": {**(on or {})}, "times": times, "skip": skip, **what})

    def hold(self, name: str, *, times: int = 1, **on: Any) -> None:
        """Let the next request that matches wait until it is released.

        Example:
            sandbox.hold("slow", action="get")
        """
        self.fault(times=times, on=on, hold=name)

    def release(self, name: str) -> None:
        """Let it go on.

        Example:
            sandbox.release("slow")
        """
        self.control("release", {"name": name})

    def journal(self, *, wait: int = 0, **which: Any) -> list[dict[str, Any]]:
        """The requests seen so far, oldest first; with `wait` once there are that many, for at most 5 seconds.

        Example:
            assert [request["action"] for request in sandbox.journal()] == ["login", "create"]
        """
        query = {**which, "wait": wait, "timeout_ms": 5000} if wait else which
        requests: list[dict[str, Any]] = self._send("GET", f"journal?{urlencode(query)}")
        return requests

    def records(self, entity: str) -> list[dict[str, Any]]:
        """All stored records of an entity.

        Example:
            assert len(sandbox.records("Account")) == 1
        """
        records: list[dict[str, Any]] = self._send("GET", f"records/{entity}")
        return records

    def control(self, name: str, body: Any) -> Any:
        """Any other control request.

        Example:
            sandbox.control("clock", {"advance": 3600})  # tokens age by an hour
        """
        return self._send("POST", name, json.dumps(body, default=_as_sent))

    def close(self) -> None:
        """End it."""
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
    """A value that JSON has no type for, as a client sends it."""
    return json.loads(_egito.to_json("record", value))


def _not_started(command: list[str]) -> ConfigError:
    message = f"the sandbox did not start: {' '.join(command)}"
    return ConfigError(message, setting="program", outcome="not_sent")


def sandbox_program() -> str:
    """Where the program of the sandbox is.

    Raises:
        ConfigError: it is not installed.

    Example:
        subprocess.run([egito.testing.sandbox_program(), "--help"])
    """
    beside = shutil.which(PROGRAM, path=sysconfig.get_path("scripts"))
    if found := beside or shutil.which(PROGRAM):
        return found
    message = "the sandbox is not installed; install it with: pip install 'egito[sandbox]'"
    raise ConfigError(message, setting="program", outcome="not_sent")

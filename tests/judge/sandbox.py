"""Runs the server of a case, the sandbox, and sends its control requests under `/_sandbox/`."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from judge.child import Child, ChildGone, ChildSilent
from judge.failure import SandboxBroken
from judge.jsontext import Json, read, write

CONTROL_SECONDS = 10.0


class Sandbox:
    """One running sandbox, reset before each case. `config` is how it differs from the default in every case."""

    name = "sandbox"
    control_path = "/_sandbox/"
    start_seconds = 10.0

    def __init__(self, program: Path, config: dict[str, Json] | None = None) -> None:
        self._config = config or {}
        if not program.exists():
            raise SandboxBroken(f"{program} is missing: cargo build -p egito-sandbox")
        self._start([str(program), "--port", "0", "--exit-with-parent"], program.parent)

    def _start(self, command: list[str], folder: Path) -> None:
        self._child = Child(command, cwd=folder)
        try:
            started = read(self._child.read_line(self.start_seconds))
        except (ChildGone, ChildSilent, ValueError) as error:
            self._child.kill()
            raise SandboxBroken(f"the {self.name} did not start: {error}") from None
        self.address: str = started["address"]
        self.settings: dict[str, Json] = started["settings"]
        host = urlsplit(self.address)
        assert host.hostname is not None
        self._connection = http.client.HTTPConnection(host.hostname, host.port, timeout=CONTROL_SECONDS)

    def prepare(self, wanted: dict[str, Json]) -> None:
        """Resets the sandbox, then applies the `sandbox` of a case."""
        fresh = {"seed": "empty"} | {key: wanted[key] for key in ("seed", "records") if key in wanted}
        if config := self._config | wanted.get("config", {}):
            fresh["config"] = config
        self._send("POST", "reset", fresh)
        for name in ("entities", "faults"):
            if name in wanted:
                self.control(name, wanted[name])

    def control(self, name: str, value: Json) -> None:
        """Runs one control step of a case, between or during its calls."""
        match name:
            case "entities":
                self._send("POST", "seed", {"entities": value})
            case "release":
                self._send("POST", "release", {"name": value})
            case "clear_journal":
                self._send("DELETE", "journal", None)
            case "await_requests":
                self._await(value)
            case "config" | "faults" | "clock":
                self._send("POST", name, value)
            case _:
                raise SandboxBroken(f"the judge knows no control {name!r}")

    def journal(self, *, wait: int = 0) -> list[Json]:
        """Returns the received requests, oldest first. With `wait`, once there are that many, or after a second."""
        if wait:
            try:
                return self._requests({"wait": wait, "timeout_ms": 1000})
            except SandboxBroken:
                if not self.alive():
                    raise
        return self._requests({})

    def records(self, entity: str) -> Json:
        """Returns all stored records of one entity."""
        return self._send("GET", f"records/{quote(entity, safe='')}", None)

    def change(self, entity: str, record_id: int, fields: Json) -> None:
        """Changes fields of a record, as a user of the CRM does."""
        self._send("POST", f"records/{quote(entity, safe='')}/{record_id}", fields)

    def delete(self, entity: str, record_id: int) -> None:
        """Deletes a record, as a user of the CRM does."""
        self._send("DELETE", f"records/{quote(entity, safe='')}/{record_id}", None)

    def secrets(self) -> list[str]:
        """Returns every secret that the sandbox knows or has issued."""
        return [str(secret) for secret in self._send("GET", "secrets", None)]

    def alive(self) -> bool:
        """Returns whether the program is still running."""
        return self._child.alive()

    def stop(self) -> None:
        """Ends the sandbox."""
        self._connection.close()
        self._child.kill()

    def _await(self, wanted: dict[str, Json]) -> None:
        """Waits for a number of requests, or of clients that closed the connection before the response."""
        only = {key: wanted[key] for key in ("action", "entity") if key in wanted}
        gone = {"client_gone": "true"} if wanted.get("client_gone") else {}
        self._requests(only | gone | {"wait": wanted["count"], "timeout_ms": 5000})

    def _requests(self, query: dict[str, Json]) -> list[Json]:
        reply = self._send("GET", f"journal?{urlencode(query)}", None)
        requests = reply if isinstance(reply, list) else reply["requests"]
        return list(requests)

    def _send(self, method: str, path: str, body: Json) -> Json:
        text = None if body is None else write(body).encode()
        headers = {"Content-Type": "application/json"} if text else {}
        try:
            self._connection.request(method, self.control_path + path, text, headers)
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise SandboxBroken(f"no response of the {self.name} to {method} {path}: {error!r}") from None
        if response.status >= 300:
            raise SandboxBroken(f"the {self.name} refused {method} {path} with {response.status}: {content[:300]!r}")
        return read(content) if content else None

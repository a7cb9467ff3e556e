"""Runs the Grails application of `tests/grails`."""

from __future__ import annotations

import os
from pathlib import Path

from judge.jsontext import Json
from judge.sandbox import Sandbox

SETTINGS = {
    "list_form",
    "locale",
    "page_cap",
    "page_default",
    "revoke_after",
    "rotate_refresh",
    "time_zone",
    "token_seconds",
    "total_key",
    "unsorted",
    "validation_status",
}
"""The settings that the application shares with the sandbox."""

BUILT_IN = {"decimal_fields"}
"""Settings that teach the sandbox what this server does anyway. They are not sent."""


class Grails(Sandbox):
    """One running application. It takes the control requests that it shares with the sandbox."""

    control_path = "/_control/"
    start_seconds = 60.0

    def __init__(self, program: Path, *options: str) -> None:
        # The script looks for its parent only when bash has started, so it receives the id.
        self._start([str(program), f"-Degito.parent={os.getpid()}", *options], program.parent)

    def prepare(self, wanted: dict[str, Json]) -> None:
        """Resets the server, then applies the `sandbox` of a case."""
        super().prepare(wanted | {"config": _without_built_in(wanted.get("config", {}))})

    def control(self, name: str, value: Json) -> None:
        """Runs one control step of a case."""
        super().control(name, _without_built_in(value) if name == "config" else value)

    def _send(self, method: str, path: str, body: Json) -> Json:
        self._connection.close()  # Tomcat ends a connection when it is idle, or after 100 requests
        return super()._send(method, path, body)


def _without_built_in(config: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in config.items() if name not in BUILT_IN}

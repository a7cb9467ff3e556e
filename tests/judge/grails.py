"""Runs the Grails application of `tests/grails`."""

from __future__ import annotations

import os
from pathlib import Path

from judge.jsontext import Json
from judge.sandbox import Sandbox

SETTINGS = {
    "commit_delay_ms",
    "ignore_filters",
    "list_form",
    "page_cap",
    "revoke_after",
    "rotate_refresh",
    "time_zone",
    "token_seconds",
    "total_key",
    "validation_status",
}
"""The settings that the application shares with the sandbox."""

BUILT_IN: dict[str, list[str] | None] = {"decimal_fields": None, "errors_form": ["objects"]}
"""Settings that give the sandbox a habit of this server, with the values for which that holds. They are not sent."""


class Grails(Sandbox):
    """One running application. It takes the control requests that it shares with the sandbox."""

    name = "Grails server"
    control_path = "/_control/"
    start_seconds = 180.0

    def __init__(self, program: Path, *options: str) -> None:
        self._config = {}
        self._start([str(program), f"--exit-with-parent={os.getpid()}", *options], program.parent)

    def prepare(self, wanted: dict[str, Json]) -> None:
        """Resets the server, then applies the `sandbox` of a case."""
        super().prepare(wanted | {"config": _to_send(wanted.get("config", {}))})

    def control(self, name: str, value: Json) -> None:
        """Runs one control step of a case."""
        super().control(name, _to_send(value) if name == "config" else value)

    def _send(self, method: str, path: str, body: Json) -> Json:
        self._connection.close()  # Tomcat ends a connection when it is idle, or after 100 requests
        return super()._send(method, path, body)


def knows(setting: str, value: Json) -> bool:
    """Returns whether the server has the setting, or behaves as the value says anyway."""
    values = BUILT_IN.get(setting, [])
    return setting in SETTINGS or values is None or value in values


def _to_send(config: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in config.items() if name not in BUILT_IN}

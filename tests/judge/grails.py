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


class Grails(Sandbox):
    """One running application. It takes the control requests that it shares with the sandbox."""

    control_path = "/_control/"
    start_seconds = 60.0

    def __init__(self, program: Path, *options: str) -> None:
        # The script sees its parent only when bash has started, so it is told.
        self._start([str(program), f"-Degito.parent={os.getpid()}", *options], program.parent)

    def _send(self, method: str, path: str, body: Json) -> Json:
        self._connection.close()  # Tomcat ends a connection when it is idle, or after 100 requests
        return super()._send(method, path, body)

"""Clients on the driver and on the executors, which share one login."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egito._errors import ConfigError
from egito._sync.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Connection:
    """Settings of a client, and the login of the driver. Spark sends them to the executors.

    All processes of a user on one machine use the same token file. If an executor's machine has none, it starts with
    that of the driver, so the executors need no login of their own. Its `repr` has no secrets.
    """

    def __init__(self, settings: Mapping[str, Any], login: bytes = b"") -> None:
        self._settings = dict(settings)
        self._login = login

    def __repr__(self) -> str:
        return "<egito connection>"

    def open(self) -> Client:
        """Returns a client of this process."""
        if "token_store" in self._settings:
            return Client(**self._settings)
        return Client(**self._settings, token_store=str(self._token_file()))

    def with_login(self, request: Callable[[Client], object]) -> Connection:
        """Returns a connection with the login of a request, on the driver."""
        with self.open() as client:
            request(client)
        given = self._settings.get("token_store")
        file = None if given == "memory" else Path(given or self._token_file())
        return Connection(self._settings, file.read_bytes() if file and file.exists() else b"")

    def _token_file(self) -> Path:
        """Returns the token file of this machine, which is written first if it is missing."""
        parts = [self._settings.get(name) for name in ("base_url", "name", "client_id", "username", "scope")]
        name = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
        file = _private_folder() / name
        if self._login and not file.exists():
            _write_new(file, self._login)
        return file


def _private_folder() -> Path:
    """Returns a folder that only this user can read."""
    folder = Path(tempfile.gettempdir()) / f"egito-spark-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        message = f"others can write into the folder of tokens, {folder}; remove it, or set `token_store`"
        raise ConfigError(message, setting="token_store", outcome="not_sent")
    return folder


def _write_new(file: Path, content: bytes) -> None:
    """Writes a file as a whole, unless another process was faster."""
    descriptor, temporary = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
        Path(file).hardlink_to(temporary)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()

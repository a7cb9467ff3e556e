"""The file of settings that EGITO_CONFIG names. The driver reads it, and the executors get its settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from egito._errors import ConfigError
from egito._sync.client import Client
from egito.spark._spelling import squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_file(settings: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Returns the settings, and those of the file that they do not replace.

    `names` has the name of each setting by its spelling without case and underscores.
    """
    path = os.environ.get("EGITO_CONFIG")
    if not path:
        return dict(settings)
    Client.from_file(path, **settings).close()  # the core checks the file: its errors have the path and the line
    in_file = dict(_plain(name, value, names) for name, value in _read(path).items())
    if settings.keys() & {"name", "base_url"}:  # alternatives
        in_file = {name: value for name, value in in_file.items() if name not in ("name", "base_url")}
    return in_file | dict(settings)


def _read(path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    message = "with Spark, EGITO_CONFIG needs Python 3.11 or newer; use the variables or options of its settings"
    raise ConfigError(message, setting="file", outcome="not_sent")


def _plain(name: str, value: Any, names: Mapping[str, str]) -> tuple[str, Any]:
    """Returns a setting under its plain name: `page_size` for `pageSize`, `timeout`, in seconds, for `timeout_ms`."""
    plain = squeezed(name)
    return (names[plain], value) if plain in names else (names[plain.removesuffix("ms")], value / 1000)

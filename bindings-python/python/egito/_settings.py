"""Settings as the core reads them."""

from __future__ import annotations

import os

from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def settings_dict(name: str | None, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Returns all settings, with paths as strings."""
    return {"name": name, **plain_paths(keywords)}


def plain_paths(options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options, with paths as strings."""
    return {key: os.fspath(value) if isinstance(value, os.PathLike) else value for key, value in options.items()}

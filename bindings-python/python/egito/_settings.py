"""Keywords of a client, as the core reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


def settings_of(name: str | None, keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with paths as text."""
    given = {key: os.fspath(value) if isinstance(value, os.PathLike) else value for key, value in keywords.items()}
    return {"name": name, **given}

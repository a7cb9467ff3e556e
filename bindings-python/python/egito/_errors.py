"""Creates exceptions from the errors of the core."""

from __future__ import annotations

from typing import Any

from egito._generated.error_classes import CLASSES, CancelledError, ConfigError, EgitoError

__all__ = ["CLASSES", "CancelledError", "ConfigError", "EgitoError", "from_details"]


def from_details(details: dict[str, Any]) -> EgitoError:
    """Returns the exception for an error of the core, given its details."""
    return CLASSES[details.pop("code")](**details)

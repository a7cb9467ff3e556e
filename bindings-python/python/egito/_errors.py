"""Creates exceptions from the errors of the core."""

from __future__ import annotations

from egito._generated.error_classes import CLASSES, CancelledError, ConfigError, EgitoError
from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

__all__ = ["CLASSES", "CancelledError", "ConfigError", "EgitoError", "from_details"]


def from_details(details: dict[str, Any]) -> EgitoError:
    """Returns the exception for an error of the core, given its details."""
    return CLASSES[details.pop("code")](**details)

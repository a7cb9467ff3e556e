"""Reads a call and never replies."""

import threading
from typing import Any

from reference_adapter import Adapter


class Hanger(Adapter):
    """Hangs at every call."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Never returns."""
        threading.Event().wait()
        return {}


Hanger().run()

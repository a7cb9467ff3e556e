"""Takes a call and never answers."""

import threading
from typing import Any

from reference_adapter import Adapter


class Hanger(Adapter):
    """Waits for ever at every call."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Never returns."""
        threading.Event().wait()
        return {}


Hanger().run()

"""Sends error details that the protocol does not know."""

from typing import Any

from reference_adapter import Adapter


class Inventor(Adapter):
    """Every error has a detail `mood`."""

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, and more."""
        reply = super().answer(command)
        if "error" in reply:
            reply["error"]["mood"] = "bad"
        return reply


Inventor().run()

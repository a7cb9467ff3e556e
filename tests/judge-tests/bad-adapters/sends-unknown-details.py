"""Sends error details that the protocol does not know."""

from typing import Any

from reference_adapter import Adapter


class Inventor(Adapter):
    """Every error has a detail `mood`."""

    def respond(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, with one more detail."""
        reply = super().respond(command)
        if "error" in reply:
            reply["error"]["mood"] = "bad"
        return reply


Inventor().run()

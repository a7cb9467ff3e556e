"""Sends the errors in the rows of a bulk with the class of another code."""

from typing import Any

from reference_adapter import Adapter


class Swapper(Adapter):
    """Reports every error of a row as `TlsError`."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, except for the class."""
        reply = super().call(command)
        for row in reply["result"]["rows"]:
            if "error" in row:
                row["error"]["class"] = "TlsError"
        return reply


Swapper().run()

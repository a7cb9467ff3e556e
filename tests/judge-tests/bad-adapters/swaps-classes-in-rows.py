"""Gives the errors in rows of a bulk the class of another code."""

from typing import Any

from reference_adapter import Adapter


class Swapper(Adapter):
    """Every row's error is a `TlsError` by class."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, but for the class."""
        reply = super().call(command)
        for row in reply["result"]["rows"]:
            if "error" in row:
                row["error"]["class"] = "TlsError"
        return reply


Swapper().run()

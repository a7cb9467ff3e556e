"""Leaves the rows of failed inputs out."""

from typing import Any

from reference_adapter import Adapter


class Loser(Adapter):
    """Only good news."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, but for the failures."""
        reply = super().call(command)
        reply["result"]["rows"] = [row for row in reply["result"]["rows"] if "error" not in row]
        return reply


Loser().run()

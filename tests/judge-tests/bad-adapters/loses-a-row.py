"""Omits the rows of failed inputs."""

from typing import Any

from reference_adapter import Adapter


class Loser(Adapter):
    """Returns only rows that succeeded."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, without the failed rows."""
        reply = super().call(command)
        reply["result"]["rows"] = [row for row in reply["result"]["rows"] if "error" not in row]
        return reply


Loser().run()

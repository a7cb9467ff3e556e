"""Tells of a bulk that it came further than it did."""

from typing import Any

from reference_adapter import Adapter


class Boaster(Adapter):
    """Says at once that everything is done."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, but for the progress."""
        reply = super().call(command)
        if "progress" in reply["result"]:
            reply["result"]["progress"] = [[len(reply["result"]["rows"]), 0]]
        return reply


Boaster().run()

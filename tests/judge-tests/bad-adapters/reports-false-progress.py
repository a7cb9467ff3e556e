"""Reports too much progress of a bulk."""

from typing import Any

from reference_adapter import Adapter


class Boaster(Adapter):
    """Reports at once that everything is done."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, except for the progress."""
        reply = super().call(command)
        if "progress" in reply["result"]:
            reply["result"]["progress"] = [[len(reply["result"]["rows"]), 0]]
        return reply


Boaster().run()

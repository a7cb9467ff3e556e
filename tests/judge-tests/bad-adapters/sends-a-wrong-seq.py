"""Replies with a wrong `seq`."""

from typing import Any

from reference_adapter import Adapter


class WrongSeq(Adapter):
    """Every `seq` is one too high."""

    def respond(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, except for `seq`."""
        return {**super().respond(command), "seq": command["seq"] + 1}


WrongSeq().run()

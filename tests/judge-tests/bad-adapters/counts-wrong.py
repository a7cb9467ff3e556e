"""Answers with another command's number."""

from typing import Any

from reference_adapter import Adapter


class Miscounter(Adapter):
    """Every `seq` is one too high."""

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, but for the number."""
        return {**super().answer(command), "seq": command["seq"] + 1}


Miscounter().run()

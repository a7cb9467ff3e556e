"""Skips every call."""

from typing import Any

from reference_adapter import Adapter


class Skipper(Adapter):
    """Makes no call."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Skips with a reason that no case lists."""
        return {"skipped": "this is too hard"}


Skipper().run()

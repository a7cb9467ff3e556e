"""Says of every call that its language cannot do it."""

from typing import Any

from reference_adapter import Adapter


class Skipper(Adapter):
    """Plays nothing."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Skipped, with a reason that no case lists."""
        return {"skipped": "this is too hard"}


Skipper().run()

"""Claims that everything worked and does nothing at all."""

from typing import Any

from reference_adapter import Adapter


class Liar(Adapter):
    """Answers every call with the id 1."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """No request is sent."""
        return {"result": 1}


Liar().run()

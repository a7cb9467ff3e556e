"""Reports success without doing anything."""

from typing import Any

from reference_adapter import Adapter


class Liar(Adapter):
    """Replies to every call with the id 1."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Returns a result without a request."""
        return {"result": 1}


Liar().run()

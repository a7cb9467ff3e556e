"""Prints text of its own on standard output."""

from typing import Any

from reference_adapter import Adapter


class Chatterer(Adapter):
    """Tells the world what it does."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """A greeting, then the honest answer."""
        print("calling the server now", flush=True)
        return super().call(command)


Chatterer().run()

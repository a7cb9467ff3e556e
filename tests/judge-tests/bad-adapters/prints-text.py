"""Prints text of its own on standard output."""

from typing import Any

from reference_adapter import Adapter


class Printer(Adapter):
    """Prints a line before each reply."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Prints a line, then replies as the reference adapter."""
        print("calling the server now", flush=True)
        return super().call(command)


Printer().run()

"""Puts the password into its error messages."""

from typing import Any

from reference_adapter import Adapter


class Teller(Adapter):
    """Every error's message ends with the password."""

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, but talkative."""
        reply = super().answer(command)
        if "error" in reply:
            reply["error"]["message"] += f" (password {self.clients[command['client']].settings['password']})"
        return reply


Teller().run()

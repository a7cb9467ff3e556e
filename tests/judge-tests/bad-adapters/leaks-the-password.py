"""Puts the password into its error messages."""

from typing import Any

from reference_adapter import Adapter


class Leaker(Adapter):
    """Ends the message of every error with the password."""

    def respond(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, with the password."""
        reply = super().respond(command)
        if "error" in reply:
            reply["error"]["message"] += f" (password {self.clients[command['client']].settings['password']})"
        return reply


Leaker().run()

"""Writes its token to standard error."""

import sys
from typing import Any

from reference_adapter import Adapter


class Logger(Adapter):
    """Plays well and logs too much."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """As the honest adapter, with a line on standard error."""
        reply = super().call(command)
        print("using token", self.clients[command["client"]].token, file=sys.stderr)
        return reply


Logger().run()

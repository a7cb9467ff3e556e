"""Writes its token to standard error."""

import sys
from typing import Any

from reference_adapter import Adapter


class Logger(Adapter):
    """Replies correctly and logs the token."""

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Replies as the reference adapter, with a line on standard error."""
        reply = super().call(command)
        print("using token", self.clients[command["client"]].token, file=sys.stderr)
        return reply


Logger().run()

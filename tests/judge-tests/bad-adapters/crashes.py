"""Crashes in the middle of a call."""

import os
import sys
from typing import Any

from reference_adapter import Adapter


class Crasher(Adapter):
    """Ends with status 3 at the first call."""

    def call(self, _command: dict[str, Any]) -> dict[str, Any]:
        """Ends before the reply."""
        sys.stderr.write("something terrible happened\n")
        sys.stderr.flush()
        os._exit(3)


Crasher().run()

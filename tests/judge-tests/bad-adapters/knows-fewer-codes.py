"""Its language lacks the class of one error code."""

from typing import Any

from reference_adapter import CLASSES, Adapter


class Forgetful(Adapter):
    """Has never heard of `tls`."""

    def hello(self) -> dict[str, Any]:
        """A table with a hole."""
        return {**super().hello(), "codes": {code: name for code, name in CLASSES.items() if code != "tls"}}


Forgetful().run()

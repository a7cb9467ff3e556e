"""Its language lacks the class of one error code."""

from typing import Any

from reference_adapter import CLASSES, Adapter


class WithoutTls(Adapter):
    """Has no class for `tls`."""

    def hello(self) -> dict[str, Any]:
        """Returns the table of codes without `tls`."""
        return {**super().hello(), "codes": {code: name for code, name in CLASSES.items() if code != "tls"}}


WithoutTls().run()

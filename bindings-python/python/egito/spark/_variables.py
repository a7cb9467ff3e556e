"""Variables of this process that Spark does not see, since its JVM was started with others."""

from __future__ import annotations

import os
import warnings
from typing import Any

from py4j.protocol import Py4JError

from egito._generated.settings import ENVIRONMENT


def warn_of_late_variables(spark: Any) -> None:
    """Warns of variables of settings that were changed after the JVM was started. The warning has no values."""
    try:
        seen = {**spark._jvm.java.lang.System.getenv(), **spark.sparkContext.environment}
    except (AttributeError, Py4JError):  # Spark Connect, or a cluster that does not show its environment
        return
    late = [name for name in (*ENVIRONMENT, "EGITO_CONFIG") if os.environ.get(name, "") != seen.get(name, "")]
    if late:
        message = (
            f"Spark does not see {', '.join(late)} of this program, since its JVM was started before: "
            "set variables before the first session, or use options"
        )
        warnings.warn(message, stacklevel=3)

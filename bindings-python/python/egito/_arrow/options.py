"""Options that all methods for Arrow, pandas and polars share."""

from __future__ import annotations

from typing import Literal

from egito._check import check_flag, invalid_value


def frame_options(flatten: bool, dates: Literal["text", "parse"]) -> tuple[bool, bool]:
    """Returns the options as the native module reads them: whether to flatten, and whether to parse dates."""
    if dates not in ("text", "parse"):
        raise invalid_value("dates", '"text" or "parse"', dates)
    return check_flag("flatten", flatten), dates == "parse"

"""How records become frames: the options that all methods for Arrow, pandas and polars share."""

from __future__ import annotations

from typing import Literal, TypeAlias

from egito._check import check_flag, invalid

Dates: TypeAlias = Literal["text", "parse"]
"""What becomes of dates: they stay the server's texts, or columns of ISO 8601 texts in UTC become timestamps."""


def frame_options(flatten: bool, dates: Dates) -> tuple[bool, bool]:
    """The options as the native module reads them: whether to flatten, and whether to parse dates."""
    if dates not in ("text", "parse"):
        raise invalid("dates", '"text" or "parse"', dates)
    return check_flag("flatten", flatten), dates == "parse"

"""Checks of options that have no other place, and the words for a value that is none."""

from __future__ import annotations

from egito._errors import ConfigError


def check_flag(option: str, value: object) -> bool:
    """An option that is True or False."""
    if not isinstance(value, bool):
        raise invalid(option, "a bool", value)
    return value


def invalid(option: str, expected: str, value: object) -> ConfigError:
    """The error for an option with a value that it cannot have."""
    got = f'the string "{value}"' if isinstance(value, str) else f"{value!r}"
    return ConfigError(f"invalid `{option}`: expected {expected}, got {got}", setting=option, outcome="not_sent")

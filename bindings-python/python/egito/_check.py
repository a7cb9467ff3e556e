"""Checks of options that the core does not see, and their error messages."""

from __future__ import annotations

import os

from egito._errors import ConfigError

READ_LIST_AGAIN = "iterate over the list itself, which reads it again"
START_NEW_BULK = "keep its rows in a list, or start a new bulk"


def check_flag(option: str, value: object) -> bool:
    """Returns the value of an option that is True or False."""
    if not isinstance(value, bool):
        raise invalid_value(option, "a bool", value)
    return value


def check_string(option: str, value: object) -> str:
    """Returns the value of an option that is a string."""
    if not isinstance(value, str):
        raise invalid_type(option, "a str", value)
    return value


def check_path(option: str, value: object) -> str:
    """Returns a path as a string."""
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str):
        raise invalid_type(option, "the path of a file", value)
    return path


def check_number(option: str, value: object) -> int:
    """Returns the value of an option that is a number of things, or the number of one."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise invalid_type(option, "an int, 0 or more", value)
    return value


def check_seconds(option: str, value: object) -> float:
    """Returns the value of an option that is a number of seconds. The core checks its range."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise invalid_value(option, "a number of seconds", value)
    try:
        return float(value)
    except OverflowError:
        raise invalid_type(option, "a number of seconds", value) from None


def invalid_value(option: str, expected: str, value: object) -> ConfigError:
    """Returns the error for an option with an invalid value."""
    got = f'the string "{value}"' if isinstance(value, str) else f"{value!r}"
    return ConfigError(f"invalid `{option}`: expected {expected}, got {got}", setting=option, outcome="not_sent")


def invalid_type(option: str, expected: str, value: object) -> ConfigError:
    """Returns the error for an option of the wrong type. It does not show the value, which may be data."""
    is_plain = value is None or isinstance(value, bool | int | float)
    got = _shown(value) if is_plain else f"a value of type {type(value).__name__}"
    return ConfigError(f"invalid `{option}`: expected {expected}, got {got}", setting=option, outcome="not_sent")


def _shown(value: object) -> str:
    """Returns a plain value as text. Python refuses to write an int with thousands of digits."""
    is_long = isinstance(value, int) and abs(value) >= 10**40
    return "an int with more than 40 digits" if is_long else repr(value)


def refuse_second_reading(has_ended: bool, instead: str) -> None:
    """Raises ConfigError for an iterator that was read to its end. Otherwise it would look empty.

    `instead` says what to do.
    """
    if has_ended:
        message = f"this iterator was read to its end; {instead}"
        raise ConfigError(message, setting="iterator", outcome="not_sent")

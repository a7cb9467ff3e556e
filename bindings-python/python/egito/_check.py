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


def wrong_type(option: str, expected: str, value: object) -> ConfigError:
    """The error for an option of the wrong type. It does not show the value, which may be data."""
    got = repr(value) if value is None or isinstance(value, bool | int | float) else f"a value of type {_name(value)}"
    return ConfigError(f"invalid `{option}`: expected {expected}, got {got}", setting=option, outcome="not_sent")


def check_text(option: str, value: object) -> str:
    """An option that is text."""
    if not isinstance(value, str):
        raise wrong_type(option, "a str", value)
    return value


def refuse_second_reading(has_ended: bool, instead: str) -> None:
    """Raise ConfigError for an iterator that was read to its end: it would look empty. `instead` says what to do."""
    if has_ended:
        message = f"this iterator was read to its end; {instead}"
        raise ConfigError(message, setting="iterator", outcome="not_sent")


LIST_INSTEAD = "iterate over the list itself, which reads it again"
BULK_INSTEAD = "keep its rows in a list, or begin a new bulk"


def _name(value: object) -> str:
    return type(value).__name__

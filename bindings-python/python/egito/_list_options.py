"""The options of lists, checked before a list is made."""

from __future__ import annotations

from egito._check import invalid_type
from egito._egito import check_filter_keywords
from egito._errors import ConfigError
from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


def list_options(filters: Mapping[str, Any] | None, more: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Returns the options of a list in the form that the core reads."""
    from collections.abc import Mapping  # slow to import

    if not isinstance(filters, Mapping | None):
        raise invalid_type("filters", 'a mapping such as {"address.city": "Kraków"}', filters)
    if filters and (twice := filters.keys() & more.keys()):
        message = f"invalid filter `{min(twice)}`: given both as a keyword and in `filters`"
        raise ConfigError(message, setting=min(twice), outcome="not_sent")
    check_filter_keywords(list(more))
    if "changes" in options and "start" in more:
        message = "unknown option `start`: a list of changes begins with the newest one; for a part of them use `limit`"
        raise ConfigError(message, setting="start", outcome="not_sent")
    return {"filters": {**(filters or {}), **more}, **options}


def list_fields(fields: Iterable[str] | None) -> list[str] | None:
    """Returns the names of the fields to keep, each once."""
    if fields is None:
        return None
    from collections.abc import Iterable

    names = list(fields) if isinstance(fields, Iterable) else [fields]
    if isinstance(fields, str) or not all(isinstance(name, str) for name in names):
        raise invalid_type("fields", 'a list of strings such as ["id", "name"]', fields)
    return list(dict.fromkeys(names))

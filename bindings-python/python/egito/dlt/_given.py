"""Types of columns that the caller gives: whether the records have such fields, and whether it is too late for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dlt
from dlt.common import logger

from egito._errors import ConfigError
from egito.dlt._types import name_of_type

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pyarrow


def check_fields(entity: str, given: Collection[str], fields: Collection[str], is_first_load: bool) -> None:
    """Warns of columns that no record of the first load has.

    Raises:
        ConfigError: A name is that of a column in the destination, and its field has another one.
    """
    if not fields:
        return
    normalize = dlt.current.source_schema().naming.normalize_path
    by_column = {normalize(field.replace(".", "__")): field for field in fields}
    for name in given:
        if name in fields:
            continue
        if field := by_column.get(name) or by_column.get(normalize(name)):
            message = f"invalid `columns`: `{name}` of `{entity}` is the field `{field}`; use the name of the field"
            raise ConfigError(message, setting="columns", outcome="not_sent")
        if is_first_load:
            logger.warning(f"`columns` has no effect: no record of `{entity}` has the field `{name}`")


def warn_of_loaded(entity: str, given: Mapping[str, pyarrow.DataType], loaded: Mapping[str, pyarrow.DataType]) -> None:
    """Warns of columns that were loaded with another type, which they keep."""
    for name, kind in given.items():
        if loaded.get(name, kind) != kind:
            logger.warning(
                f"`columns` has no effect: the column `{entity}.{name}` was loaded as {name_of_type(loaded[name])}, "
                'and keeps its type; load the table again with `refresh="drop_resources"`'
            )

"""The table that a resource loads into, which must not be that of another entity."""

from __future__ import annotations

from typing import Any

import dlt

from egito._errors import ConfigError


def current_table() -> str:
    """Returns the table of the current resource, by the rules of the destination.

    Raises:
        ConfigError: Another resource loads into this table, or did so in an earlier run.
    """
    current, schema = dlt.current.resource(), dlt.current.source_schema()
    table = _table(current, schema)
    others = [each.name for each in dlt.current.source().selected_resources.values() if _table(each, schema) == table]
    loaded = schema.tables.get(table, {}).get("resource", current.name)
    other = next((name for name in [*others, loaded] if name != current.name), None)
    if other is None:
        return table
    message = (
        f"the entities `{other}` and `{current.name}` have the same table, `{table}`, where records with the same id "
        "replace each other; set another table for one of them: "
        f'`source.resources["{current.name}"].apply_hints(table_name="…")`'
    )
    raise ConfigError(message, setting="entities", outcome="not_sent")


def _table(resource: Any, schema: Any) -> str:
    name = resource.table_name
    return str(schema.naming.normalize_table_identifier(resource.name if callable(name) else name))

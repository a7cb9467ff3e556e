"""The source: one resource for each entity, all with one client."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import dlt

from egito._check import check_flag, invalid_type, invalid_value
from egito._sync.client import Client
from egito.dlt._changes import DELETED, ChangedRecords
from egito.dlt._types import column_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def source(
    entities: str | Iterable[str],
    *,
    since: str = "lastUpdated",
    lag: float = 300.0,
    find_deleted: bool = False,
    columns: Mapping[str, Mapping[str, str]] | None = None,
    **settings: Any,
) -> Any:
    """Returns a dlt source with a resource for each entity, which is merged by `id` into a table of its name.

    The first run loads all records, and each later run those that were created or changed since. `since` is the field
    that the server sets at each change, and `lag` the number of seconds by which a change may become visible late: see
    `Entity.changes`. With `find_deleted=True` a run also removes the rows whose records do not exist any more; it reads
    the ids of the table and of the whole list.

    Points in time become timestamps, and decimals keep their digits as `decimal128(38, 9)`. `columns` sets other types,
    by entity and field: `{"Account": {"revenue": "decimal128(18, 2)", "nip": "string"}}`.

    `settings` are those of `egito.Client`, such as `**dlt.secrets["egito"]`. Settings that are not given are read from
    the environment, as by `Client.from_env`.

    Raises:
        ConfigError: An option or a setting is missing or invalid; `setting` names it.

    Example:
        pipeline = dlt.pipeline("crm", destination="duckdb", dataset_name="crm")
        pipeline.run(egito.dlt.source(["Account", "Contact"], find_deleted=True))
    """
    names = _names(entities)
    types = column_types(columns)
    if unknown := set(types) - set(names):
        raise invalid_value("columns", f"types for the entities {', '.join(names)}", min(map(str, unknown)))
    if "decimals" in settings:
        raise invalid_value("decimals", "no value: decimals keep their digits, see `columns`", settings["decimals"])
    client = Client.from_env(**settings, decimals="decimal")
    deletes = check_flag("find_deleted", find_deleted)

    changed = [ChangedRecords(client.entity(name), since, lag, deletes, types.get(name, {})) for name in names]

    def resources() -> Iterable[Any]:
        return [_resource(records) for records in changed]

    return dlt.source(resources, name="egito")()


def _resource(records: ChangedRecords) -> Any:
    def tables() -> Iterator[Any]:  # dlt accepts functions, but no methods
        yield from records.tables()

    deleted = {DELETED: {"data_type": "bool", "hard_delete": True}} if records.find_deleted else None
    return dlt.resource(tables, name=records.name, primary_key="id", write_disposition="merge", columns=deleted)


def _names(entities: str | Iterable[str]) -> list[str]:
    """Returns the names of the entities, each once."""
    if not isinstance(entities, Iterable):
        raise invalid_type("entities", "names of entities", entities)
    names = [entities] if isinstance(entities, str) else list(entities)
    for name in names:
        if not isinstance(name, str):
            raise invalid_type("entities", "names of entities", name)
    if not names or len(set(names)) < len(names):
        raise invalid_value("entities", "names of entities, each once", names)
    return names

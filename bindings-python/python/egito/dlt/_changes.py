"""What one run loads of one entity: changed records, and the ids of deleted ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dlt
import pyarrow
import pyarrow.compute

from egito._errors import ConfigError
from egito.dlt._columns import typed_table
from egito.dlt._given import check_fields, warn_of_loaded
from egito.dlt._tables import current_table
from egito.dlt._types import name_of_type, type_of_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from egito._sync.entity import Entity
    from egito._sync.record_changes import RecordChanges

DELETED = "_egito_deleted"
"""Column by which dlt removes a row. It is null in all rows of the table."""


class ChangedRecords:
    """The records of an entity that were changed since the last run. Where the next run continues is in dlt's state.

    dlt stores the state together with the tables, so a run that fails changes neither of them.
    """

    def __init__(
        self,
        entity: Entity[dict[str, Any]],
        since: str,
        lag: float,
        find_deleted: bool,
        types: Mapping[str, pyarrow.DataType],
    ) -> None:
        self.name = entity.name
        self.find_deleted = find_deleted
        self._entity = entity
        self._options: dict[str, Any] = {"by": since, "lag": lag}
        entity.changes(**self._options)  # checks the options, and sends nothing
        self._types = types

    def tables(self) -> Iterator[pyarrow.Table]:
        """Returns the tables to load, and stores the mark of the changes and the types of the columns."""
        table_name = current_table()
        state = dlt.current.resource_state()
        loaded = {name: type_of_name(kind) for name, kind in state.get("types", {}).items()}
        warn_of_loaded(self.name, self._types, loaded)
        changes, read = self._read(state.get("mark"))
        check_fields(self.name, self._types, read.column_names, is_first_load="mark" not in state)
        table = typed_table(read, self._types, loaded, self._entity)
        if self.find_deleted and (deleted := self._deleted(table_name, loaded)) is not None:
            yield deleted
            if len(table):  # a record that was read and then deleted must not come back
                table = table.filter(pyarrow.compute.invert(pyarrow.compute.is_in(table["id"], deleted["id"])))
        if len(table):
            yield table
        state["mark"] = changes.mark
        state["types"] = {name: name_of_type(kind) for name, kind in loaded.items()}

    def _read(self, mark: str | None) -> tuple[RecordChanges[dict[str, Any]], pyarrow.Table]:
        """Returns the list of changes since the mark, and its records."""
        try:
            changes = self._entity.changes(since=mark, **self._options)
            return changes, changes.to_arrow(flatten=True, dates="parse").to_pyarrow()
        except ConfigError as error:
            if error.setting != "since" or mark is None:
                raise
            message = (
                f"this pipeline has loaded `{self.name}` from another server, or with another `since`, and cannot "
                'continue from there; load it again with `refresh="drop_resources"`, or use another `pipeline_name`'
            )
            raise ConfigError(message, setting="since", outcome="not_sent") from error

    def _deleted(self, name: str, types: Mapping[str, pyarrow.DataType]) -> pyarrow.Table | None:
        """Returns the ids in the table whose records do not exist any more, as rows that dlt removes."""
        if name not in dlt.current.source_schema().data_table_names(seen_data_only=True):  # nothing was loaded so far
            return None
        with dlt.current.pipeline().sql_client() as client:
            query = f"SELECT {client.escape_column_name('id')} FROM {client.make_qualified_table_name(name)}"
            known = [id for (id,) in client.execute_sql(query)]
        deleted = self._entity.deleted(known)
        fields = [pyarrow.field("id", types["id"], nullable=False), pyarrow.field(DELETED, pyarrow.bool_())]
        return pyarrow.table([deleted, [True] * len(deleted)], schema=pyarrow.schema(fields)) if deleted else None

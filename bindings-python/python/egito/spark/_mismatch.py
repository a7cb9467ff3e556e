"""Errors of values that do not fit the schema, in the words of Spark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyarrow

from egito._egito_error import EgitoError
from egito._generated.error_classes import UnexpectedResponseError

if TYPE_CHECKING:
    from collections.abc import Callable

    from egito._sync.record_list import RecordList

_MISMATCH = re.compile(r"(.*?)\brecord (\d+) (.*): (choose|make it|add it) .*`schema_overrides`.*", re.DOTALL)
"""The message for a value that does not fit: what is before the number of the record, the number, and the problem."""


def of_schema(error: UnexpectedResponseError, id_at: Callable[[int], Any] = lambda _: None) -> UnexpectedResponseError:
    """Returns the error with the id of the record, and with what to do in Spark. `id_at` takes a position, from 0."""
    found = _MISMATCH.fullmatch(str(error))
    if found is None:
        return error
    before, number, problem, advice = found.groups()
    id = id_at(int(number) - 1)
    record = "a record" if id is None else f"the record with the id {id}"
    to_do = "add it to the struct" if advice == "add it" else "give the column another type, such as string,"
    return UnexpectedResponseError(f"{before}{record} {problem}; {to_do} in `.schema(…)`")


def id_of_mismatch(rows: Callable[[list[str]], RecordList[Any]], types: dict[str, str]) -> Any:
    """Returns the id of a record, read again, or None if it fits now: others may have changed the list."""
    try:
        for _ in rows(list(types)).to_arrow_batches(schema=types, dates="parse"):
            return None
    except UnexpectedResponseError:
        record = rows(["id"]).first()
        return record and record.get("id")
    except EgitoError:  # such as a server that ignores offsets
        return None


def as_spark_batch(batch: pyarrow.RecordBatch, target: pyarrow.Schema) -> pyarrow.RecordBatch:
    """Returns the columns of the schema, in its order and types."""
    columns = [_cast(batch[field.name], field) for field in target]
    return pyarrow.record_batch(columns, schema=target)


def _cast(column: pyarrow.Array, field: pyarrow.Field) -> pyarrow.Array:
    try:
        return column.cast(field.type)
    except pyarrow.ArrowInvalid as error:
        message = f"`{field.name}` does not fit the type {field.type}: {error}; give it another type in `.schema(…)`"
        raise UnexpectedResponseError(message) from error

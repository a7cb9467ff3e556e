"""Errors of values that do not fit the schema, in the words of Spark."""

from __future__ import annotations

import pyarrow

from egito._generated.error_classes import UnexpectedResponseError


def of_schema(error: UnexpectedResponseError) -> UnexpectedResponseError:
    """Returns the error with what to do in Spark."""
    problem: str | None = getattr(error, "_problem", None)
    if problem is None:
        return error
    return UnexpectedResponseError(f"{problem}; correct this column in `.schema(…)`", id=error.id)


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

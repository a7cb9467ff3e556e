"""Reads results whose parts may be null: the rows of a bulk, and events."""

from __future__ import annotations

from judge.jsontext import Json

BULKS = ("create_many", "get_many", "update_many", "delete_many")


def rows_of(result: Json) -> list[dict[str, Json]]:
    """Returns the rows of a bulk, or an empty list for any other result."""
    rows = result.get("rows") if isinstance(result, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def without_nulls(result: Json, call: dict[str, Json]) -> Json:
    """Returns the result without the parts of rows and events that are null."""
    if call.get("call") == "events" and isinstance(result, list):
        return [_present(event) for event in result]
    if call.get("call") in BULKS and isinstance(result, dict):
        return {**result, "rows": [_present_row(row) for row in rows_of(result)]}
    return result


def _present_row(row: dict[str, Json]) -> dict[str, Json]:
    present = {key: value for key, value in row.items() if value is not None or key == "input"}
    return {**present, "error": _present(present["error"])} if "error" in present else present


def _present(value: Json) -> Json:
    return {key: each for key, each in value.items() if each is not None} if isinstance(value, dict) else value

"""Checks values against the three JSON Schemas, and explains a violation in one sentence."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry, Resource

from judge.jsontext import Json

FOLDER = Path(__file__).parent.parent / "schema"


def violation(schema: str, value: Json) -> str | None:
    """Returns why `value` violates the schema `case`, `command` or `reply`, or None if it does not."""
    error = best_match(_validator(schema).iter_errors(value), key=_relevance)
    if error is None:
        return None
    rule = error.schema.get("$comment") if isinstance(error.schema, dict) else None
    return f"{_path(error)}: {rule or error.message[:400]}"


def _relevance(error: ValidationError) -> tuple[int, bool]:
    """Sorts the deepest error first, and an unknown key before a choice without a match."""
    return -len(error.path), error.validator not in {"oneOf", "anyOf"}


def _path(error: ValidationError) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return path.lstrip(".") or "the whole value"


@cache
def _validator(schema: str) -> Draft202012Validator:
    documents = {path.name: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
    registry: Registry[Json] = Registry().with_resources(
        (name, Resource.from_contents(document)) for name, document in documents.items()
    )
    return Draft202012Validator(documents[f"{schema}.json"], registry=registry)

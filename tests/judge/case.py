"""Reads case files strictly: plain YAML, the schema, and the rules that a schema cannot express."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from judge.codes import CODES
from judge.failure import CaseRefused
from judge.jsontext import Json
from judge.schemas import violation

MAIN = "main"
"""The client of a step that names none."""


@dataclass(frozen=True)
class Case:
    """One case. `name` is its path below the folder of cases, without the extension."""

    name: str
    sandbox: dict[str, Json]
    events: bool
    clients: dict[str, dict[str, Json]]
    steps: list[dict[str, Json]]
    journal: dict[str, Json] | None
    records: dict[str, Json]
    files: dict[str, Json]
    skips: dict[str, str]
    servers: list[str]
    differs: dict[str, str]


@dataclass(frozen=True)
class CaseFile:
    """A file below a folder of cases, before it is read."""

    folder: Path
    path: Path

    @property
    def name(self) -> str:
        """Returns the name of the case."""
        return self.path.relative_to(self.folder).with_suffix("").as_posix()

    def read(self) -> Case:
        """Returns the case, or raises `CaseRefused`."""
        return _read(self)


def find_cases(folder: Path) -> list[CaseFile]:
    """Returns every case below `folder`, sorted by name."""
    return [CaseFile(folder, path) for path in sorted(folder.rglob("*.yaml"))]


@cache
def _read(file: CaseFile) -> Case:
    try:
        document = yaml.load(file.path.read_text("utf-8"), Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise CaseRefused(str(error)) from None
    if why := violation("case", document):
        raise CaseRefused(why)
    case = Case(
        name=file.name,
        sandbox=document.get("sandbox", {}),
        events="events" in document,
        clients=_clients(document),
        steps=document["steps"],
        journal=document.get("journal"),
        records=document.get("records", {}),
        files=document.get("files", {}),
        skips=document.get("skips", {}),
        servers=document.get("servers", []),
        differs=document.get("differs", {}),
    )
    _check(case)
    return case


def calls_of(step: dict[str, Json]) -> list[dict[str, Json]]:
    """Returns the calls of a step, with `count` expanded. Other steps have none."""
    if "call" in step:
        return [step]
    return [call for call in step.get("parallel", []) for _ in range(call.get("count", 1))]


def _clients(document: dict[str, Json]) -> dict[str, dict[str, Json]]:
    if "settings" in document and MAIN in document.get("clients", {}):
        raise CaseRefused(f"`settings` and `clients.{MAIN}` both describe the client {MAIN}")
    return {MAIN: document.get("settings", {}), **document.get("clients", {})}


def _check(case: Case) -> None:
    """Checks what the schema cannot: names, error codes, clients and saved results."""
    if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", case.name):
        raise CaseRefused("a case's name is a sentence of lower-case letters, digits and hyphens")
    saved: set[str] = set()
    for number, step in enumerate(case.steps, 1):
        where = f"step {number}"
        for call in [step, *calls_of(step)]:
            if call.get("call") == "events" and not case.events:
                raise CaseRefused(f"{where}: a case that reads `events` needs `events: true`")
            code = call.get("error", {}).get("code")
            if code is not None and code not in CODES:
                raise CaseRefused(f"{where}: no error has the code {code!r}")
            client = call.get("client") or call.get("open") or call.get("close") or MAIN
            if client not in case.clients:
                raise CaseRefused(f"{where}: no client {client!r} is described")
        _check_saved(step, saved, where)
        if "save" in step:
            if "result" not in step:
                raise CaseRefused(f"{where}: only a result can be saved")
            saved.add(step["save"])
    _check_saved([case.journal, case.records, case.files], saved, "the end")


def _check_saved(value: Json, saved: set[str], where: str) -> None:
    if isinstance(value, dict):
        name = value.get("$saved")
        if isinstance(name, str) and name.split(".")[0] not in saved:
            raise CaseRefused(f"{where}: nothing was saved as {name!r} before")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _check_saved(item, saved, where)


class _StrictLoader(yaml.SafeLoader):
    """Loads scalars as JSON does: `on`, `no`, dates and `0x1F` are strings. Keys are strings without duplicates."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (shape of the parent class)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if not isinstance(key, str):
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} is not a string", node.start_mark)
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"duplicate key {key!r}", node.start_mark)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _starts in (
    ("bool", r"true|false", "tf"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
    ("null", r"null|~|", "n~\0"),
):
    _StrictLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_starts))

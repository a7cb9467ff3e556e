"""Public names, and their agreement with the core and the documentation."""

import inspect
import re
from pathlib import Path

import pytest

import egito
from egito import _egito
from egito._errors import CLASSES

SETTINGS = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")


def test_public_names_match_all() -> None:
    public = {name for name in dir(egito) if not name.startswith("_") and not inspect.ismodule(getattr(egito, name))}
    assert public - {"annotations", "TYPE_CHECKING", "Any"} | {"__version__"} == set(egito.__all__)
    for name in set(egito.__all__) - {"Record", "RecordId", "RecordInput", "__version__"}:
        assert getattr(egito, name).__module__ == "egito"


@pytest.mark.parametrize("kind", ["", "Async"])
def test_repr_names_the_class(kind: str) -> None:
    keys = {"client_id": "a", "client_secret": "hidden", "username": "jan@firma", "password": "hidden"}
    client = getattr(egito, f"{kind}Client")("firma", **keys)
    assert repr(client) == f"<egito.{kind}Client https://firma.egito.pl>"
    assert repr(client.accounts) == f"<egito.{kind}Entity Account>"
    assert repr(client.accounts.list(name="Jan")) == f"<egito.{kind}RecordList Account>"
    assert repr(client.outbox("outbox.db")) == f"<egito.{kind}Outbox outbox.db>"
    assert repr(client.accounts.changes()) == f"<egito.{kind}RecordChanges Account>"
    assert repr(client.accounts.with_response()) == f"<egito.{kind}EntityWithResponse Account>"
    assert repr(client.accounts.list().with_response()) == f"<egito.{kind}RecordListWithResponse Account>"
    assert repr(client.dictionary("industry")) == f"<egito.{kind}RecordList industry>"


def test_every_error_code_has_its_class() -> None:
    assert {code: each.__name__ for code, each in CLASSES.items()} == dict(_egito.CODES)
    assert {each.__name__ for each in CLASSES.values()} <= set(egito.__all__)


def test_documented_settings_match_the_type_settings() -> None:
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", SETTINGS, re.MULTILINE))
    assert set(egito.Settings.__annotations__) | {"name"} == documented


def test_help_of_client_lists_every_setting_and_default() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| ([^|]+) \|", SETTINGS, re.MULTILINE)
    for name, default in rows:
        if not re.match(r'["`\d]', default):
            assert re.search(rf"\b{name}(=False)?[,:]", egito.Client.__doc__ or ""), name
        else:
            value = default.strip("`").removesuffix(" s")
            value = value if value.startswith('"') or value[0].isdigit() else f'"{value}"'
            assert re.search(rf"\b{name}={re.escape(value)}[,:]", egito.Client.__doc__ or ""), (name, value)


def test_everything_public_is_documented_with_an_example() -> None:
    classes = (
        egito.Client,
        egito.AsyncClient,
        egito.Entity,
        egito.AsyncEntity,
        egito.RecordList,
        egito.AsyncRecordList,
        egito.Outbox,
        egito.AsyncOutbox,
        egito.RecordChanges,
        egito.AsyncRecordChanges,
        egito.EntityWithResponse,
        egito.AsyncEntityWithResponse,
        egito.RecordListWithResponse,
        egito.AsyncRecordListWithResponse,
    )
    plain = {"accounts", "contacts", "opportunities", "leads", "close", "name"}
    for each in classes:
        assert each.__doc__
        for name, member in inspect.getmembers(each):
            if name.startswith("_") or name in plain:
                continue
            assert "Example:" in (member.__doc__ or ""), f"{each.__name__}.{name}"

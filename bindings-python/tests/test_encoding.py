"""Objects that can be sent as records: models, dataclasses, attrs, and values of other libraries."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypedDict

import attrs
import pydantic
import pytest

import egito
from support import Sandbox


@dataclass
class Person:
    firstName: str  # noqa: N815
    born: dt.date | None = None


@dataclass(slots=True)
class Company:
    name: str
    people: list[Person] = field(default_factory=list)
    _note: str = "goes as well: a dataclass says what its fields are"


class Lead(pydantic.BaseModel):
    last_name: str = pydantic.Field(alias="lastName")
    phone: str | None = None
    since: dt.date = dt.date(2026, 7, 1)


class Visit(pydantic.BaseModel):
    site: pydantic.HttpUrl = pydantic.HttpUrl("https://egito.pl/")
    tags: frozenset[str] = frozenset({"vip"})
    file: Path = Path("a/b")
    when: dt.datetime = dt.datetime(2026, 7, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    price: Decimal = Decimal("0.10")
    nested: Lead = Lead(lastName="Ryś")
    length: dt.timedelta = dt.timedelta(minutes=90)

    @pydantic.field_serializer("length", when_used="json")
    def minutes(self, length: dt.timedelta) -> int:
        """Serializes whole minutes."""
        return length // dt.timedelta(minutes=1)


class Secret(pydantic.BaseModel):
    pin: pydantic.SecretStr


class Opened(Secret):
    @pydantic.field_serializer("pin", when_used="json")
    def open(self, pin: pydantic.SecretStr) -> str:
        """Serializes the value unchanged."""
        return pin.get_secret_value()


@attrs.define
class Order:
    number: int
    lines: list[Person]


class Typed(TypedDict):
    name: str


def sent(sandbox: Sandbox, action: str) -> Any:
    return sandbox.journal(action=action)[-1]["json"]


def test_dataclasses_are_sent_with_all_fields(sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.create(Company("Żubr", [Person("Jan", dt.date(1990, 1, 2))]))
    note = "goes as well: a dataclass says what its fields are"
    assert sent(sandbox, "create") == {
        "name": "Żubr",
        "people": [{"firstName": "Jan", "born": "1990-01-02"}],
        "_note": note,
    }


def test_models_are_sent_by_alias_and_updates_with_set_fields_only(sandbox: Sandbox, client: egito.Client) -> None:
    id = client.leads.create(Lead(lastName="Ryś"))
    assert sent(sandbox, "create") == {"lastName": "Ryś", "phone": None, "since": "2026-07-01"}
    client.leads.update(id, Lead(lastName="Żbik"))
    assert sent(sandbox, "update") == {"id": id, "lastName": "Żbik"}
    assert client.leads.update_many({id: Lead(lastName="Puma")})[0].ok
    assert sent(sandbox, "update") == {"id": id, "lastName": "Puma"}


def test_models_are_sent_in_json_mode_except_times_and_decimals(sandbox: Sandbox, client: egito.Client) -> None:
    client.entity("Offer").create(Visit())
    assert sent(sandbox, "create") == {
        "site": "https://egito.pl/",
        "tags": ["vip"],
        "file": "a/b",
        "when": "2026-07-01T10:00:00.000Z",
        "price": 0.1,
        "nested": {"lastName": "Ryś", "phone": None, "since": "2026-07-01"},
        "length": 90,
    }
    client.entity("Offer").create(Opened(pin=pydantic.SecretStr("1234")))
    assert sent(sandbox, "create") == {"pin": "1234"}


def test_attrs_classes_are_sent_with_all_fields(sandbox: Sandbox, client: egito.Client) -> None:
    client.entity("Offer").create(Order(7, [Person("Jan")]))  # type: ignore[arg-type]
    assert sent(sandbox, "create") == {"number": 7, "lines": [{"firstName": "Jan", "born": None}]}


def test_typed_dicts_and_nested_records_are_sent(sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.create(Typed(name="Żubr"))
    client.entity("Offer").call("print", {"lead": Lead(lastName="Ryś"), "company": Company("x")})
    assert sent(sandbox, "print" if sandbox.journal(action="print") else "call")["lead"]["lastName"] == "Ryś"


class Price(Decimal):
    def __str__(self) -> str:
        return "1,50"


class Broken(Lead):
    def model_dump(self, **_: Any) -> dict[str, Any]:
        """Raises."""
        raise LookupError("broken")


@pytest.mark.parametrize(
    ("record", "setting", "why"),
    [
        (SimpleNamespace(name="x"), "record", "SimpleNamespace"),
        (Company, "record", "type"),
        (Lead, "record", "Meta"),
        (Company("x", [Person({1})]), "record.people[0].firstName", "type set"),  # type: ignore[arg-type]
        (Broken(lastName="x"), "record", "one of its methods failed"),
        (Secret(pin=pydantic.SecretStr("1234")), "record.pin", "type SecretStr"),
        (Visit(when=dt.datetime(2026, 7, 1)), "record.when", "time zone"),
        (Order, "record", "type"),
        ({"price": Price("1.5")}, "record.price", "not a number"),
    ],
)
def test_error_has_the_path_of_an_invalid_record(client: egito.Client, record: Any, setting: str, why: str) -> None:
    with pytest.raises(egito.ConfigError, match=why) as caught:
        client.accounts.create(record)
    assert caught.value.setting == setting

"""`upsert`: its arguments, its result and its errors."""

import copy
import dataclasses
import pickle
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pydantic
import pytest

import egito
from support import Sandbox, run_async

ACCOUNT = {"nip": "5250001009", "name": "Żubr", "city": "Kraków"}


@dataclasses.dataclass
class Account:
    """A record as a class."""

    nip: str
    name: str


class Model(pydantic.BaseModel):
    """A record as a model, with a field that has a default."""

    nip: str
    name: str = "Ryś"
    city: str | None = None


def test_a_record_is_created_then_unchanged_then_updated(client: egito.Client) -> None:
    first = client.accounts.upsert(ACCOUNT, "nip")
    assert first == egito.Upserted(first.id, "created", (), ())
    assert client.accounts.upsert(Account("5250001009", "Żubr"), key=["nip"]).change == "unchanged"
    again = client.accounts.upsert(ACCOUNT | {"city": "Łódź", "employees": 7}, "nip", settle=1, lookup="scan")
    assert again == egito.Upserted(first.id, "updated", ("city", "employees"), ())
    assert client.accounts.get(first.id)["city"] == "Łódź"


def test_the_result_is_an_immutable_value(client: egito.Client) -> None:
    upserted = client.accounts.upsert(ACCOUNT, "nip")
    for other in (copy.deepcopy(upserted), pickle.loads(pickle.dumps(upserted))):
        assert other == upserted and hash(other) == hash(upserted)
    with pytest.raises(dataclasses.FrozenInstanceError):
        upserted.change = "updated"  # type: ignore[misc]


def test_fields_that_were_not_set_in_a_model_are_not_written(client: egito.Client) -> None:
    client.accounts.upsert(ACCOUNT, "nip")
    assert client.accounts.upsert(Model(nip="5250001009"), "nip").change == "unchanged"
    assert client.accounts.upsert(Model(nip="5250001009", city=None), "nip").fields == ("city",)
    stored = client.accounts.list(nip="5250001009").first()
    assert stored and (stored["name"], stored["city"]) == ("Żubr", None)


def test_values_are_compared_as_they_are_sent(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Offer=[{"id": 900, "number": 7, "price": 12.5, "validTo": "2026-11-27T12:00:00Z"}])
    offer = {"number": "7", "price": Decimal("12.50"), "validTo": datetime(2026, 11, 27, 12, tzinfo=timezone.utc)}
    assert client.entity("Offer").upsert(offer, "number") == egito.Upserted(900, "unchanged", (), ())


def test_nothing_is_written_if_several_records_have_the_key(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=[{"id": id, "nip": "5250001009", "name": "Żubr"} for id in (900, 100)])
    assert client.accounts.upsert(ACCOUNT, "nip") == egito.Upserted(100, "ambiguous", (), (100, 900))
    assert sandbox.journal(action="update") == []


@pytest.mark.parametrize(
    ("setting", "arguments"),
    [
        ("key", {"key": "formKey"}),
        ("key", {"key": []}),
        ("lookup", {"key": "nip", "lookup": "guess"}),
        ("settle", {"key": "nip", "settle": -1}),
    ],
)
def test_invalid_arguments_are_config_errors(client: egito.Client, setting: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.upsert(ACCOUNT, **arguments)
    assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")
    assert client.stats().attempts == 0


def test_asyncio_has_the_same_call(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        assert (await client.accounts.upsert(ACCOUNT, "nip")).change == "created"
        changed = await client.accounts.upsert(ACCOUNT | {"city": "Łódź"}, "nip")
        assert (changed.change, changed.fields) == ("updated", ("city",))
        with pytest.raises(egito.ConfigError, match="formKey"):
            await client.accounts.upsert(ACCOUNT, "formKey")

    run_async(sandbox, scenario)

"""Upserts of many records: rows, plans, and what can be passed."""

import copy
import dataclasses
import json
import pickle
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pandas
import pytest

import egito
from support import Sandbox, run_async

STORED = [
    {"id": 10, "nip": "5250001009", "name": "Żubr", "city": "Kraków"},
    {"id": 20, "nip": "6762484560", "name": "Ryś", "city": "Łódź"},
    {"id": 31, "nip": "7010001453", "name": "Bóbr"},
    {"id": 30, "nip": "7010001453", "name": "Bóbr Bis"},
]
GIVEN: list[Any] = [
    {"nip": "5250001009", "name": "Żubr"},
    {"nip": "6762484560", "name": "Ryś", "city": "Gdynia"},
    {"nip": "7010001453", "name": "Bóbr"},
    {"nip": "5252344078", "name": "Żak"},
]


def change(row: egito.BulkRow[Any]) -> tuple[Any, ...]:
    """Returns what an upsert reports."""
    return row.change, row.fields, row.duplicates


CHANGES = [("unchanged", (), ()), ("updated", ("city",), ()), ("ambiguous", (), (30, 31)), ("created", (), ())]


def test_rows_say_what_was_done(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=STORED)
    rows = client.accounts.upsert_many(GIVEN, "nip", concurrency=1)
    assert [change(row) for row in rows] == CHANGES
    assert [row.id for row in rows[:3]] == [10, 20, 30] and isinstance(rows[3].id, int)
    assert all(row.ok and row.record is None and not row.resumed for row in rows)
    assert all(row.input is given for row, given in zip(rows, GIVEN, strict=True))
    again = list(client.accounts.stream_upsert_many(iter(GIVEN), key=["nip"], lookup="scan", settle=1))
    assert [row.change for row in again] == ["unchanged", "unchanged", "ambiguous", "unchanged"]


def test_rows_of_other_bulks_have_no_change(client: egito.Client) -> None:
    (row,) = client.leads.create_many([{"lastName": "Ryś"}])
    assert change(row) == (None, (), ()) and not row.resumed


def test_inputs_without_a_key_or_with_the_same_key_are_errors_of_their_rows(client: egito.Client) -> None:
    given: list[Any] = [GIVEN[0], GIVEN[0], {"name": "Wilk"}, {"nip": object()}, 7]
    rows = client.accounts.upsert_many(given, "nip")
    assert [row.change for row in rows] == ["created", None, None, None, None]
    errors = [row.error for row in rows[1:]]
    assert all(isinstance(error, egito.ConfigError) and error.outcome == "not_sent" for error in errors)
    assert [error.setting for error in errors if error] == ["key", "key", "record.nip", "record"]


def test_a_plan_writes_nothing_and_can_be_applied(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=STORED)
    plan = client.accounts.plan_upsert(GIVEN, "nip")
    assert [change(row) for row in plan] == CHANGES
    assert [row.record for row in plan] == [None, {"city": "Gdynia"}, None, GIVEN[3]]
    assert [row.id for row in plan] == [10, 20, 30, None]
    assert {request["action"] for request in sandbox.journal()} <= {"login", "list"}
    rows = client.accounts.apply_upsert(pickle.loads(pickle.dumps(plan)), "nip")
    assert [row.change for row in rows] == ["unchanged", "updated", "ambiguous", "created"]
    assert [row.input for row in rows] == plan
    assert [request["json"] for request in sandbox.journal(action="update")] == [{"id": 20, "city": "Gdynia"}]
    assert [request["json"] for request in sandbox.journal(action="create")] == [GIVEN[3]]


def test_a_part_of_a_plan_can_be_applied(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=STORED)
    plan = client.accounts.plan_upsert(GIVEN, "nip")
    changed = dataclasses.replace(plan[1], record={"city": "Sopot"})
    (row,) = client.accounts.apply_upsert((row for row in [changed]), "nip")
    assert (row.index, row.id, row.change, row.fields) == (0, 20, "updated", ("city",))
    assert client.accounts.get(20)["city"] == "Sopot" and len(sandbox.records("Account")) == len(STORED)


@pytest.mark.parametrize("decimals", ["float", "string", "decimal"])
def test_a_plan_loses_no_digit(sandbox: Sandbox, decimals: Any) -> None:
    price = Decimal("0.1234567890123456789")
    offer = {"number": "O-7", "price": price, "rate": 12.5, "count": 2**70}
    with sandbox.client(decimals=decimals) as client:
        (planned,) = client.entity("Offer").plan_upsert([offer], "number")
        assert planned.record == {**offer, "rate": Decimal("12.5")} and isinstance(planned.record["price"], Decimal)
        assert client.entity("Offer").apply_upsert([planned], "number")[0].change == "created"
        (created,) = sandbox.journal(action="create")
        assert '"price":0.1234567890123456789,"rate":12.5,"count":1180591620717411303424}' in created["body"]


def test_a_plan_can_be_stored_as_json(sandbox: Sandbox, client: egito.Client) -> None:
    plan = client.accounts.plan_upsert([{"nip": "A-9", "name": "Ryś", "employees": 7}], "nip")
    assert plan[0].planned_for == "Account(nip)"
    stored = json.loads(json.dumps([dataclasses.asdict(row) for row in plan]))
    for foreign in (client.contacts.apply_upsert(stored, "nip"), client.accounts.apply_upsert(stored, "name")):
        assert isinstance(foreign[0].error, egito.ConfigError)
        assert foreign[0].error.setting == "change" and "got one for Account(nip)" in str(foreign[0].error)
    (unbound,) = client.accounts.apply_upsert([stored[0] | {"planned_for": None}], "nip")
    assert isinstance(unbound.error, egito.ConfigError)
    assert sandbox.journal(action="create") == []
    assert client.accounts.apply_upsert(stored, "nip")[0].change == "created"
    (created,) = sandbox.journal(action="create")
    assert created["json"] == {"nip": "A-9", "name": "Ryś", "employees": 7}


def test_floats_of_a_plan_stay_floats(client: egito.Client) -> None:
    given = {"number": "O-7", "price": 0.1, "rate": 1e-7, "big": 1e300, "n": 7}
    (planned,) = client.entity("Offer").plan_upsert([given], "number")
    assert planned.record is not None
    assert [type(value) for value in planned.record.values()] == [str, float, float, float, int]
    assert planned.record == given


def test_rows_that_failed_and_other_values_are_not_applied(sandbox: Sandbox, client: egito.Client) -> None:
    plan = client.accounts.plan_upsert([{"name": "Wilk"}, {"nip": object()}], "nip")
    assert [row.ok for row in plan] == [False, False]
    rows = client.accounts.apply_upsert([*plan, GIVEN[0], dataclasses.replace(plan[0], change="guess")], "nip")  # type: ignore[arg-type]
    assert [row.change for row in rows] == [None] * 4
    assert all(isinstance(row.error, egito.ConfigError) for row in rows)
    assert {request["action"] for request in sandbox.journal()} <= {"login", "list"}


@pytest.mark.parametrize(
    ("setting", "options"),
    [("key", {"key": 7}), ("lookup", {"key": "nip", "lookup": "guess"}), ("settle", {"key": "nip", "settle": -1})],
)
def test_invalid_options_are_refused_before_anything_is_sent(
    client: egito.Client, setting: str, options: dict[str, Any]
) -> None:
    for method in (client.accounts.upsert_many, client.accounts.stream_upsert_many, client.accounts.apply_upsert):
        with pytest.raises(egito.ConfigError) as caught:
            list(method([], **options))
        assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")
    assert client.stats().attempts == 0


def test_a_frame_can_be_upserted(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(Account=STORED[:2])
    frame = pandas.DataFrame({"nip": ["5250001009", "6762484560"], "city": ["Kraków", None]})
    rows = client.accounts.upsert_many(frame, "nip", nan="omit")
    assert [row.change for row in rows] == ["unchanged", "unchanged"]
    with pytest.raises(egito.ConfigError, match="invalid `plan`"):
        client.accounts.apply_upsert(frame, "nip")


def test_rows_are_values(client: egito.Client) -> None:
    (row,) = client.accounts.upsert_many([GIVEN[0]], "nip")
    assert copy.deepcopy(row) == row and pickle.loads(pickle.dumps(row)) == row


def test_asyncio_has_the_same_calls(sandbox: Sandbox) -> None:
    async def given() -> AsyncIterator[dict[str, Any]]:
        for record in GIVEN:
            yield record

    async def scenario(client: egito.AsyncClient) -> None:
        plan = await client.accounts.plan_upsert(given(), "nip")
        assert [change(row) for row in plan] == CHANGES
        rows = await client.accounts.apply_upsert(plan, "nip")
        assert [row.change for row in rows] == ["unchanged", "updated", "ambiguous", "created"]
        assert [row.change async for row in client.accounts.stream_upsert_many(given(), "nip")] == [
            *("unchanged", "unchanged", "ambiguous", "unchanged")
        ]
        assert len(await client.accounts.upsert_many(GIVEN, "nip")) == len(GIVEN)

    sandbox.add(Account=STORED)
    run_async(sandbox, scenario)


def test_a_created_record_whose_response_is_lost_is_found_by_its_key(sandbox: Sandbox, client: egito.Client) -> None:
    leads = [{"formKey": f"f-{number}", "lastName": "Ryś"} for number in range(3)]
    sandbox.fault(on={"action": "create"}, cut="after")
    rows = client.leads.create_many(leads, key="formKey", settle=5)
    assert all(row.ok for row in rows) and {row.id for row in rows} == {lead["id"] for lead in sandbox.records("Lead")}
    assert client.leads.create_many([leads[0], leads[0]], key=["formKey"])[1].error.setting == "key"  # type: ignore[union-attr]
    with pytest.raises(egito.ConfigError, match="key"):
        client.leads.create_many(leads, settle=5)

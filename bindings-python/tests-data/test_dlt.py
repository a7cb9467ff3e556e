"""dlt: what reaches a DuckDB file, in the first run and in later ones."""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal
from typing import Any

import pytest
from dlt.pipeline.exceptions import PipelineStepFailed
from sandbox_fixtures import PROGRAM
from warehouse import Warehouse

import egito
import egito.dlt
from egito.testing import Sandbox

TIME = "2026-01-01T10:00:00Z"


def accounts(sandbox: Sandbox, **options: Any) -> Any:
    return egito.dlt.source("Account", **options, **sandbox.settings)


def ids(warehouse: Warehouse) -> list[Any]:
    return [id for (id,) in warehouse.query("SELECT id FROM account ORDER BY id")]


def test_the_second_run_moves_only_what_changed(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    sandbox.reset("empty", records={"Account": 1200, "Contact": 30})

    def run() -> dict[str, int]:
        return warehouse.run(egito.dlt.source(["Account", "Contact"], **sandbox.settings))

    assert run() == {"account": 1200, "contact": 30}
    assert len(sandbox.journal(action="login")) == 1  # one client for all entities
    client.accounts.update(7, {"name": "Zmieniona"})
    new = client.accounts.create({"name": "Nowa"})
    before = len(sandbox.journal(action="list"))
    assert run() == {"account": 2}
    assert len(sandbox.journal(action="list")) - before == 2  # one request for each entity
    names = warehouse.query(f"SELECT id, name FROM account WHERE id IN (7, {new}) ORDER BY id")
    assert names == [(7, "Zmieniona"), (new, "Nowa")]
    assert ids(warehouse) == list(range(1, 1202))
    assert run() == {}


def test_dates_decimals_and_ids_keep_their_values(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    digits, time = Decimal("0.123456789012345678"), dt.datetime(2026, 1, 1, 10, tzinfo=dt.timezone.utc)
    sandbox.add(Account=[{"id": 2**53 + 1, "name": "A", "nip": "0012", "lastUpdated": TIME}])
    client.accounts.update(2**53 + 1, {"revenue": Decimal("1234567890123456.789"), "until": time})
    second = client.accounts.create(
        {"name": "B", "revenue": 3, "industry": {"id": 7, "name": "Łoś"}, "tags": ["ż", "a"]}
    )
    third = client.accounts.create({"name": "C", "nip": "0013", "rate": digits})
    warehouse.run(accounts(sandbox))
    assert {row[0]: row[1:] for row in warehouse.query("SELECT id, nip, revenue, rate, until FROM account")} == {
        2**53 + 1: ("0012", Decimal("1234567890123456.789"), None, time),
        second: (None, Decimal(3), None, None),
        third: ("0013", None, digits, None),
    }
    nested = warehouse.query("SELECT industry__id, industry__name, tags FROM account WHERE revenue = 3")
    assert nested == [(7, "Łoś", '["ż", "a"]')]
    [(kind,)] = warehouse.query("SELECT column_type FROM (DESCRIBE account) WHERE column_name = 'id'")
    assert kind == "BIGINT"


def test_a_column_keeps_its_type_in_later_runs(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    client.accounts.create({"name": "A", "revenue": Decimal("2.50"), "note": "text", "until": TIME})
    warehouse.run(accounts(sandbox))
    client.accounts.create(
        {"name": "B", "revenue": 3, "note": dt.datetime(2026, 1, 1, 10, tzinfo=dt.timezone.utc), "employees": 5}
    )
    client.accounts.create({"name": "12", "revenue": None})
    warehouse.run(accounts(sandbox))
    assert warehouse.query("SELECT name, revenue, note, employees FROM account ORDER BY id") == [
        ("A", Decimal("2.5"), "text", None),
        ("B", Decimal(3), "2026-01-01T10:00:00.000Z", 5),
        ("12", None, None, None),
    ]


def test_a_value_that_does_not_fit_is_an_error_and_changes_nothing(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse
) -> None:
    client.accounts.create({"name": "A", "employees": 5})
    warehouse.run(accounts(sandbox))
    client.accounts.create({"name": "B", "employees": Decimal("2.5")})
    with pytest.raises(PipelineStepFailed, match=r"`Account\.employees` was loaded as int64.*drop_resources"):
        warehouse.run(accounts(sandbox))
    assert warehouse.query("SELECT name, employees FROM account") == [("A", 5)]
    decimals = {"Account": {"employees": "decimal128(18, 2)"}}
    warehouse.run(accounts(sandbox, columns=decimals), refresh="drop_resources")
    assert warehouse.query("SELECT name, employees FROM account ORDER BY id") == [
        ("A", Decimal(5)),
        ("B", Decimal("2.5")),
    ]
    assert warehouse.run(accounts(sandbox)) == {}


@pytest.mark.parametrize(
    ("name", "field"), [("is_active", "isActive"), ("address__city", "address.city"), ("LastUpdated", "lastUpdated")]
)
def test_types_are_given_by_field_and_not_by_column(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse, name: str, field: str
) -> None:
    client.accounts.create({"name": "A", "isActive": True, "address": {"city": "Łódź"}})
    with pytest.raises(PipelineStepFailed, match=f"`{name}` of `Account` is the field `{field}`; use the name"):
        warehouse.run(accounts(sandbox, columns={"Account": {name: "string"}}))


def test_types_without_effect_are_warned_of(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    client.accounts.create({"name": "A", "revenue": Decimal("1.5"), "note": None})
    logging.getLogger("dlt").addHandler(caplog.handler)
    try:
        given = {"Account": {"revenues": "string", "note": "string", "revenue": "decimal128(18, 2)"}}
        warehouse.run(accounts(sandbox, columns=given))
        [message] = [each for each in caplog.messages if "`columns`" in each]
        assert message == "`columns` has no effect: no record of `Account` has the field `revenues`"
        caplog.clear()
        client.accounts.create({"name": "B", "revenue": Decimal("2.5"), "note": 7})
        warehouse.run(accounts(sandbox, columns={"Account": {"revenue": "string", "note": "int64"}}))
        [message] = [each for each in caplog.messages if "`columns`" in each]
        assert "the column `Account.revenue` was loaded as decimal128(18, 2), and keeps its type" in message
    finally:
        logging.getLogger("dlt").removeHandler(caplog.handler)
    rows = warehouse.query("SELECT name, revenue, note FROM account ORDER BY id")
    assert rows == [("A", Decimal("1.50"), None), ("B", Decimal("2.50"), 7)]


def test_deleted_records_are_removed_on_request(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    sandbox.reset("empty", records={"Account": 200})
    warehouse.run(accounts(sandbox, find_deleted=True))
    client.accounts.delete(5)
    client.accounts.update(6, {"name": "Zmieniona"})
    assert warehouse.run(accounts(sandbox)) == {"account": 1}  # without the option
    assert len(ids(warehouse)) == 200
    assert warehouse.run(accounts(sandbox, find_deleted=True)) == {"account": 1}
    assert ids(warehouse) == [id for id in range(1, 201) if id != 5]
    assert warehouse.run(accounts(sandbox, find_deleted=True)) == {}


def test_a_record_that_is_deleted_after_it_was_read_does_not_come_back(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse
) -> None:
    sandbox.reset("empty", records={"Account": 60})
    warehouse.run(accounts(sandbox, find_deleted=True))
    client.accounts.update(7, {"name": "Zmieniona"})
    page = [client.accounts.get(7)]
    client.accounts.delete(7)
    # The response to the first list is one from before the delete.
    rest = client.accounts.list(sort="lastUpdated", order="desc", limit=49).to_list()
    sandbox.fault(on={"action": "list"}, response={"json": page + rest})
    warehouse.run(accounts(sandbox, find_deleted=True))
    assert ids(warehouse) == [id for id in range(1, 61) if id != 7]


@pytest.mark.parametrize("refused", range(5))
def test_a_run_that_fails_in_the_middle_loses_nothing(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse, refused: int
) -> None:
    sandbox.reset("empty", records={"Account": 900})

    def run() -> dict[str, int]:
        return warehouse.run(accounts(sandbox, find_deleted=True, page_size=200, max_retries=0, prefetch=0))

    sandbox.fault(on={"action": "list"}, skip=refused, response={"status": 503})
    with pytest.raises(PipelineStepFailed, match="503"):
        run()
    run()
    assert ids(warehouse) == list(range(1, 901))
    client.accounts.update(3, {"name": "Zmieniona"})
    client.accounts.delete(4)
    sandbox.fault(on={"action": "list"}, response={"status": 503})
    with pytest.raises(PipelineStepFailed, match="503"):
        run()
    run()
    assert warehouse.query("SELECT count(*) FROM account WHERE id = 4 OR id = 3 AND name <> 'Zmieniona'") == [(0,)]
    assert len(ids(warehouse)) == 899


def test_retries_hide_a_server_that_is_down_for_a_moment(sandbox: Sandbox, warehouse: Warehouse) -> None:
    sandbox.reset("empty", records={"Account": 300})
    sandbox.fault(on={"action": "list"}, skip=1, times=2, response={"status": 503})
    assert warehouse.run(accounts(sandbox, page_size=100, backoff_base=0.01)) == {"account": 300}


def test_what_was_not_loaded_is_loaded_by_the_next_run(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse
) -> None:
    sandbox.reset("empty", records={"Account": 10})
    warehouse.run(accounts(sandbox))
    client.accounts.update(3, {"name": "Zmieniona"})
    warehouse.stop_before_load(accounts(sandbox))
    client.accounts.update(4, {"name": "Druga"})
    warehouse.run(accounts(sandbox))  # dlt loads only what is pending
    assert warehouse.query("SELECT name FROM account WHERE id = 3") == [("Zmieniona",)]
    warehouse.run(accounts(sandbox))
    assert warehouse.query("SELECT id, name FROM account WHERE id IN (3, 4) ORDER BY id") == [
        (3, "Zmieniona"),
        (4, "Druga"),
    ]


def test_the_destination_keeps_the_state(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    sandbox.reset("empty", records={"Account": 50})
    warehouse.run(accounts(sandbox))
    client.accounts.update(3, {"name": "Zmieniona"})
    warehouse.forget()
    assert warehouse.run(accounts(sandbox)) == {"account": 1}


def test_a_mark_of_another_list_is_an_error_that_says_what_to_do(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse
) -> None:
    client.accounts.create({"name": "A"})
    warehouse.run(accounts(sandbox))
    advice = "loaded `Account` from another server, or with another `since`.*drop_resources.*another `pipeline_name`"
    with pytest.raises(PipelineStepFailed, match=advice):
        warehouse.run(accounts(sandbox, since="dateCreated"))
    with Sandbox(program=PROGRAM) as other:
        other.reset("empty", records={"Account": 3})
        with pytest.raises(PipelineStepFailed, match=advice):
            warehouse.run(accounts(other))
        warehouse.run(accounts(other), refresh="drop_resources")
    assert ids(warehouse) == [1, 2, 3]


def test_fields_with_one_column_can_be_renamed(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    client.accounts.create({"name": "A", "taxId": "1", "tax_id": "2"})
    with pytest.raises(PipelineStepFailed, match="NameNormalizationCollision"):
        warehouse.run(accounts(sandbox))

    def rename(table: Any) -> Any:
        return table.rename_columns(["old_tax_id" if name == "tax_id" else name for name in table.column_names])

    for find_deleted in (False, True):
        source = accounts(sandbox, find_deleted=find_deleted)
        source.resources["Account"].add_map(rename)
        warehouse.run(source)
        assert warehouse.query("SELECT name, tax_id, old_tax_id FROM account") == [("A", "1", "2")]
        client.accounts.update(1, {"name": "A"})


def test_two_entities_never_share_a_table(sandbox: Sandbox, client: egito.Client, warehouse: Warehouse) -> None:
    for name in ("SaleOrder", "Sale_Order"):
        client.entity(name).create({"name": name})

    def both() -> Any:
        return egito.dlt.source(["SaleOrder", "Sale_Order"], **sandbox.settings)

    same = "the entities `Sale_?Order` and `Sale_?Order` have the same table, `sale_order`"
    with pytest.raises(PipelineStepFailed, match=same):
        warehouse.run(both())
    warehouse.run(egito.dlt.source("SaleOrder", **sandbox.settings))
    with pytest.raises(PipelineStepFailed, match=same):  # also if the other one is loaded by another source
        warehouse.run(egito.dlt.source("Sale_Order", **sandbox.settings))
    with pytest.raises(PipelineStepFailed, match="have the same table, `orders`"):
        warehouse.run(both(), table_name="orders")
    source = both()
    source.resources["Sale_Order"].apply_hints(table_name="other_order")
    warehouse.run(source)
    assert warehouse.query("SELECT name FROM sale_order") == [("SaleOrder",)]
    assert warehouse.query("SELECT name FROM other_order") == [("Sale_Order",)]


def test_deleted_records_are_removed_from_a_table_with_another_name(
    sandbox: Sandbox, client: egito.Client, warehouse: Warehouse
) -> None:
    sandbox.reset("empty", records={"Account": 20})
    warehouse.run(accounts(sandbox, find_deleted=True), table_name="konta")
    client.accounts.delete(5)
    warehouse.run(accounts(sandbox, find_deleted=True), table_name="konta")
    assert warehouse.query("SELECT count(*), count(*) FILTER (id = 5) FROM konta") == [(19, 0)]


@pytest.mark.parametrize(
    ("setting", "options"),
    [
        ("entities", {"entities": []}),
        ("entities", {"entities": ["Account", "Account"]}),
        ("entities", {"entities": [7]}),
        ("entities", {"entities": None}),
        ("entity", {"entities": "no entity"}),
        ("columns", {"columns": {"Account": {"revenue": "money"}}}),
        ("columns", {"columns": {"Contact": {}}}),
        ("columns", {"columns": {"revenue": "string"}}),
        ("columns", {"columns": {"Account": {"revenue": None}}}),
        ("columns", {"columns": ["revenue"]}),
        ("find_deleted", {"find_deleted": "yes"}),
        ("decimals", {"decimals": "float"}),
        ("pasword", {"pasword": "x"}),
        ("lag", {"lag": -1}),
    ],
)
def test_invalid_options_are_config_errors(sandbox: Sandbox, setting: str, options: dict[str, Any]) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        egito.dlt.source(**{"entities": "Account", **sandbox.settings, **options})
    assert caught.value.setting == setting
    assert sandbox.journal() == []

"""Arrow tables, and libraries that read them: types fit every page, and no value is lost."""

import json
import math
import threading
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest

import egito
from support import Sandbox, run_async


def table(sandbox: Sandbox, client: egito.Client, records: list[dict[str, Any]], **options: Any) -> pyarrow.Table:
    """Returns the table of these records, two per page."""
    sandbox.add(Offer=[{"id": number, **record} for number, record in enumerate(records)])
    return client.entity("Offer").list(page_size=2, **options).to_arrow().to_pyarrow()


def column(table: pyarrow.Table, name: str = "x") -> tuple[str, list[Any]]:
    """Returns the type and the values of one column."""
    table.validate(full=True)
    return str(table.schema.field(name).type), table.column(name).to_pylist()


# fmt: off
KINDS: list[tuple[list[Any], str, list[Any]]] = [
    ([1, 2, None], "int64", [1, 2, None]),
    ([1, 2, 0.5], "double", [1.0, 2.0, 0.5]),
    ([0.5, 1, 2], "double", [0.5, 1.0, 2.0]),
    ([True, None, False], "bool", [True, None, False]),
    (["Żubr", "", '\n"\\'], "string", ["Żubr", "", '\n"\\']),
    ([None, None, "x"], "string", [None, None, "x"]),
    ([None, None, None], "null", [None, None, None]),
    ([1, 2, "x"], "string", ["1", "2", "x"]),
    (["x", '"é', 1.5, {"a": ["b"]}, None, "x"], "string", ["x", '"é', "1.5", '{"a": ["b"]}', None, "x"]),
    ([1, 2.5, "brak", 1], "string", ["1", "2.5", "brak", "1"]),
    ([2.5, 1, None, [], 3], "string", ["2.5", "1", None, "[]", "3"]),
    ([True, 0.5, {"a": [1, None]}], "string", ["true", "0.5", '{"a": [1, null]}']),
    ([2**53 + 1, 0.5, 1], "string", [str(2**53 + 1), "0.5", "1"]),
    ([0.5, 2**53 + 1, 1], "string", ["0.5", str(2**53 + 1), "1"]),
    ([1, 2**70, -(2**63)], "string", ["1", str(2**70), str(-(2**63))]),
    ([[1, 2], [], [0.5]], "list<item: double>", [[1.0, 2.0], [], [0.5]]),
    ([[1], None, ["x"]], "list<item: string>", [["1"], None, ["x"]]),
    ([{}, None, {}], "string", ["{}", None, "{}"]),
    (
        [{"a": 1}, {"b": "y"}, None],
        "struct<a: int64, b: string>",
        [{"a": 1, "b": None}, {"a": None, "b": "y"}, None],
    ),
    (
        [None, {"a": {"b": 1}}, {"a": {"b": 0.5}}],
        "struct<a: struct<b: double>>",
        [None, {"a": {"b": 1.0}}, {"a": {"b": 0.5}}],
    ),
    ([{"a": 1}, {"a": None}, [1]], "string", ['{"a":1}', "{}", "[1]"]),
    ([{"a": "x"}, {"a": 1}, {"a": "y"}, 2], "string", ['{"a":"x"}', '{"a":1}', '{"a":"y"}', "2"]),
]
# fmt: on


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize(("values", "kind", "expected"), KINDS, ids=[str(case[0]) for case in KINDS])
def test_column_type_fits_all_pages(
    sandbox: Sandbox, client: egito.Client, values: list[Any], kind: str, expected: list[Any]
) -> None:
    got = column(table(sandbox, client, [{"x": value} for value in values]))
    assert got == (kind, expected)


def test_missing_fields_are_null(sandbox: Sandbox, client: egito.Client) -> None:
    got = table(sandbox, client, [{"a": 1}, {}, {"b": "x"}, {"a": 2, "b": "y"}, {"c": [1]}])
    assert got.to_pydict() == {
        "id": [0, 1, 2, 3, 4],
        "a": [1, None, None, 2, None],
        "b": [None, None, "x", "y", None],
        "c": [None, None, None, None, [1]],
    }


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
def test_last_of_duplicate_keys_counts(sandbox: Sandbox, client: egito.Client) -> None:
    body = '[{"id": 1, "x": 1, "y": {"z": 1, "z": [2]}, "x": "a"}, {"id": 2, "x": null, "x": true, "y": {"z": [3]}}]'
    sandbox.fault(on={"action": "list"}, response={"status": 200, "body": body})
    got = client.entity("Offer").list().to_arrow().to_pyarrow()
    got.validate(full=True)
    assert got.to_pydict() == {"id": [1, 2], "x": ["a", "true"], "y": [{"z": "[2]"}, {"z": "[3]"}]}


def test_selected_fields_are_columns_in_the_given_order(sandbox: Sandbox, client: egito.Client) -> None:
    got = table(sandbox, client, [{"a": 1, "b": 2}, {"c": 3}, {"b": 4}], fields=["b", "id", "unknown"])
    assert got.to_pydict() == {"b": [2, None, 4], "id": [0, 1, 2], "unknown": [None] * 3}
    assert table(sandbox, client, [], fields=[]).num_rows == 3


EXACT = [
    ("0.1, 2.50", ["0.1", "2.50"]),
    ("1.5, 2, 3.25, null", ["1.5", "2", "3.25", None]),
    ("null, 2, 1e2, 100000000000000000000", [None, "2", "1e2", "100000000000000000000"]),
    ('"a", "1.5"', ["a", "1.5"]),
    ('2, 1.5, "x"', ["2", "1.5", "x"]),
    ('"x", 1.50', ["x", "1.50"]),
]


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize("decimals", ["string", "decimal"])
@pytest.mark.parametrize(("values", "expected"), EXACT, ids=[case[0] for case in EXACT])
def test_decimals_keep_their_digits_by_the_setting(
    sandbox: Sandbox, client: egito.Client, decimals: Any, values: str, expected: list[Any]
) -> None:
    body = ", ".join(f'{{"x": {value}, "l": [{value}]}}' for value in values.split(", "))
    page = {"status": 200, "body": f"[{body}]"}
    sandbox.fault(on={"action": "list"}, response=page)
    offers = client.with_options(decimals=decimals, page_size=100).entity("Offer")
    got = offers.list().to_arrow().to_pyarrow()
    assert column(got) == ("string", expected)
    assert column(got, "l") == ("list<item: string>", [[each] for each in expected])

    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.fault(on={"action": "list"}, response=page)
        assert (await client.entity("Offer").list().to_arrow()).to_pyarrow().equals(got)

    run_async(sandbox, scenario, decimals=decimals)


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
def test_deep_and_wide_objects_become_json(sandbox: Sandbox, client: egito.Client) -> None:
    deep: Any = 7
    for _ in range(20):
        deep = [deep]
    wide = {f"k{number}": number for number in range(400)}
    got = table(sandbox, client, [{"x": deep, "y": wide}, {"x": None, "y": {"k": 1}}])
    inner = got.column("x").to_pylist()[0]
    while isinstance(inner, list):
        inner = inner[0]
    assert math.isclose(float(inner.strip("[]")), 7)
    assert json.loads(got.column("y").to_pylist()[0]) == wide
    assert json.loads(got.column("y").to_pylist()[1]) == {"k": 1}


def test_libraries_accept_lists_and_tables(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.add(
        Offer=[{"id": n, "city": "Łódź" if n % 2 else None, "price": n / 2, "place": {"a": n}} for n in range(5)]
    )
    offers = client.entity("Offer").list(page_size=2)
    expected = offers.to_list()
    for frame in (polars.DataFrame(offers), offers.to_polars(), offers.to_arrow().to_polars()):
        assert frame.to_dicts() == [{"city": None, **record} for record in expected]
    assert pyarrow.table(offers).to_pylist() == expected
    for pandas_frame in (offers.to_pandas(), offers.to_arrow().to_pandas()):
        assert pandas_frame["price"].tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]
        assert pandas_frame["place"].tolist() == [{"a": n} for n in range(5)]
    if hasattr(pandas.DataFrame, "from_arrow"):
        assert len(pandas.DataFrame.from_arrow(offers.to_arrow())) == 5
    rows = offers.to_arrow()
    with duckdb.connect() as database:
        database.register("rows", rows)
        assert database.sql("select city, sum(price) from rows group by 1 order by 1").fetchall() == [
            ("Łódź", 2.0),
            (None, 3.0),
        ]
        assert database.sql("select sum(place.a) from rows").fetchall() == [(10,)]
    assert (len(rows), rows.num_columns, rows.column_names) == (5, 4, ["id", "city", "price", "place"])
    assert rows.nbytes > 0
    assert "price: Float64" in repr(rows)


def test_empty_table(client: egito.Client) -> None:
    empty = client.entity("Offer").list()
    assert (len(empty.to_arrow()), empty.to_polars().shape, len(empty.to_pandas())) == (0, (0, 0), 0)


def test_error_on_later_page_is_raised(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Offer": 6})
    sandbox.fault(on={"action": "list"}, skip=1, times=0, response={"status": 403, "json": {"error": "access_denied"}})
    with pytest.raises(egito.PermissionError):
        client.entity("Offer").list(page_size=2).to_arrow()


def test_async_client_makes_the_same_tables(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 25})

    async def scenario(client: egito.AsyncClient) -> None:
        accounts = client.accounts.list(page_size=10, fields=["id", "city"])
        assert len(await accounts.to_arrow()) == 25
        assert (await accounts.to_polars())["id"].to_list() == list(range(1, 26))
        assert (await accounts.to_pandas())["id"].tolist() == list(range(1, 26))

    run_async(sandbox, scenario)


@pytest.mark.parametrize("method", ["to_pandas", "to_polars"])
def test_frames_of_async_lists_are_made_in_a_thread(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    threads: list[threading.Thread] = []
    monkeypatch.setattr(egito.ArrowTable, method, lambda _: threads.append(threading.current_thread()))

    async def scenario(client: egito.AsyncClient) -> None:
        await getattr(client.accounts.list(), method)()
        assert threads != [threading.current_thread()]

    run_async(sandbox, scenario)
    assert len(threads) == 1

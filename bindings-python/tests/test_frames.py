"""DataFrames of pandas and polars: no value is changed, and columns of mixed types cause a warning."""

import json
import re
import warnings
from datetime import datetime, timezone
from typing import Any, Literal

import numpy
import pandas
import polars
import pyarrow
import pytest

import egito
from support import Sandbox, run_async, start_program

UTC = timezone.utc

WITHOUT_PANDAS = """
import json, sys, egito
accounts = egito.Client(**json.loads(sys.argv[1])).accounts.list()
table = accounts.to_arrow().to_pyarrow()
print(table.num_rows, "pandas" in sys.modules)
"""


def offers(sandbox: Sandbox, client: egito.Client, records: list[dict[str, Any]], **options: Any) -> Any:
    """Returns a list of these records, two per page."""
    sandbox.add(Offer=[{"id": number, **record} for number, record in enumerate(records)])
    return client.entity("Offer").list(page_size=2, **options)


def json_list(sandbox: Sandbox, client: egito.Client, body: str) -> Any:
    """Returns a list whose only page is this JSON."""
    sandbox.fault(on={"action": "list"}, response={"status": 200, "body": body})
    return client.entity("Offer").list()


def plain(value: Any) -> Any:
    """Converts a value of pandas to that of the record. Missing values become None."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if value is None or pandas.isna(value):
        return None
    return value.item() if isinstance(value, numpy.generic) else value


def complete(value: Any, like: Any) -> Any:
    """Adds the keys of the frame to a record, as null."""
    if isinstance(value, dict) and isinstance(like, dict):
        return {name: complete(value.get(name), inner) for name, inner in like.items()}
    if isinstance(value, list) and isinstance(like, list):
        return [complete(*pair) for pair in zip(value, like, strict=True)]
    return value


def kinds(value: Any) -> Any:
    """Adds the type to each value, so that 1 and 1.0 differ."""
    if isinstance(value, dict):
        return {name: kinds(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [kinds(inner) for inner in value]
    return type(value), value


BIG = 9007199254740993
HUGE = 2**70 + 1
# The values of a field, one for each record. `...` means that the record does not have it.
VALUES: dict[str, list[Any]] = {
    "id in an object": [{"id": BIG}, None],
    "lacking": [{"id": BIG, "name": "x"}, {"name": "y"}, {}],
    "top level": [BIG, None, 1],
    "lacking at top level": [BIG, ..., 1],
    "all there": [1, 2, 3],
    "deeper": [{"a": {"b": {"id": BIG}}}, {"a": None}, {"a": {"b": None}}],
    "in a list": [[BIG, None], [], None],
    "in objects of a list": [[{"id": BIG}, {"x": 1}], None],
    "lists in objects": [{"ids": [BIG, None]}, {"ids": None}, None],
    "huge": [HUGE, None, 1],
    "huge in an object": [{"id": HUGE}, None, {"id": 1}],
    "huge in a list": [[1, HUGE, None], None],
    "huge in objects of a list": [[{"id": HUGE}, {"id": None}], [None], None],
    "huge and BIG": [{"id": HUGE, "other": BIG}, None, {"other": 1}],
    "with decimals": [{"id": BIG}, {"id": 0.5}, None],
    "booleans": [True, None, False],
    "booleans in an object": [{"a": True}, {"a": None}, None],
    "decimals": [0.5, None, 1.25],
    "texts": ["x", None, "9007199254740993"],
}


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize("name", VALUES)
def test_pandas_values_equal_the_records(sandbox: Sandbox, client: egito.Client, name: str) -> None:
    records = offers(sandbox, client, [{} if value is ... else {"x": value} for value in VALUES[name]])
    frame = [plain(value) for value in records.to_pandas()["x"]]
    expected = [complete(record.get("x"), value) for record, value in zip(records.to_list(), frame, strict=True)]
    assert kinds(frame) == kinds(expected)


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
def test_pyarrow_options_take_precedence(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"x": 1, "h": HUGE}, {"x": None}])
    frame = records.to_pandas(types_mapper=lambda _: None, strings_to_categorical=False)
    assert str(frame["x"].dtype) == "float64"
    assert str(records.to_pandas()["id"].dtype) == "Int64"
    assert records.to_pandas()["h"].tolist() == [HUGE, None]


def noted(table: pyarrow.Table) -> list[dict[str, Any]]:
    """Returns the notes in the metadata of a schema."""
    notes: list[dict[str, Any]] = json.loads((table.schema.metadata or {}).get(b"egito.text_columns", b"[]"))
    return notes


def test_warning_and_metadata_name_columns_of_mixed_types(sandbox: Sandbox, client: egito.Client) -> None:
    lists: list[dict[str, Any]] = [
        {"x": "a", "o": {"y": 1}, "l": [1], "n": 1},
        {"x": 5, "o": {"y": "z"}, "l": [True], "n": HUGE},
        {"x": "b"},
    ]
    records = offers(sandbox, client, lists)
    with pytest.warns(egito.ColumnTypeWarning) as caught:
        table = records.to_arrow().to_pyarrow()
    assert [(str(each.message).split("`")[1], each.filename) for each in caught] == [
        (name, __file__) for name in ("x", "o.y", "l[]", "n")
    ]
    assert "2 strings are unchanged, 1 other values became JSON" in str(caught[0].message)
    assert table.column("x").to_pylist() == ["a", "5", "b"]
    assert noted(table)[0] == {"column": "x", "path": ["x"], "reason": "mixed", "texts": 2, "others": 1}
    assert [note["path"] for note in noted(table)] == [["x"], ["o", "y"], ["l", None], ["n"]]
    assert noted(table)[3]["reason"] == "digits"
    for read in (records.to_pandas, records.to_polars, lambda: polars.DataFrame(records)):
        with pytest.warns(egito.ColumnTypeWarning) as again:
            read()
        assert len(again) == 4
        assert read is not records.to_pandas or again[0].filename == __file__


def test_batches_warn_once_about_the_first_page(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"x": "a"}, {"x": 5}, {"x": "b"}, {"x": [1e3, {"z": 1.50}]}])

    def names(read: Any) -> list[Any]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            read()
        return [(str(each.message).split("`")[1], each.filename) for each in caught]

    assert names(lambda: list(records.to_arrow_batches())) == [("x", __file__)]
    assert names(lambda: pyarrow.schema(records.to_arrow_batches())) == [("x", __file__)]
    assert names(lambda: list(records.to_arrow_batches(schema_overrides={"x": "string"}))) == []
    with pytest.warns(egito.ColumnTypeWarning):
        table = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches()).read_all()
    assert table.column("x").to_pylist()[:3] == ["a", "5", "b"]
    assert noted(table)[0]["column"] == "x"
    batches = records.to_arrow_batches()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(egito.ColumnTypeWarning):
            next(batches)
    assert len(next(batches)) == 2, "a warning that is an error loses no batch"

    async def scenario(client: egito.AsyncClient) -> None:
        records = client.entity("Offer").list(page_size=2)
        for read in (records.to_arrow, records.to_pandas, records.to_polars):
            with pytest.warns(egito.ColumnTypeWarning, match="`x`") as caught:
                await read()
            assert [each.filename for each in caught] == [__file__]
        with pytest.warns(egito.ColumnTypeWarning, match="`x`") as caught:
            assert len([batch async for batch in records.to_arrow_batches()]) == 2
        assert [each.filename for each in caught] == [__file__]

    run_async(sandbox, scenario, page_overlap=0)


def test_decimal_settings_cause_no_warning(sandbox: Sandbox, client: egito.Client) -> None:
    exact = client.with_options(decimals="decimal")
    assert json_list(sandbox, exact, '[{"id": 1, "x": 0.10}]').to_arrow().to_pyarrow()["x"].to_pylist() == ["0.10"]


def test_number_beyond_every_type_keeps_its_digits(sandbox: Sandbox, client: egito.Client) -> None:
    body = '[{"id": 1, "x": 0.5, "y": 1e400}, {"id": 2, "x": -1e400, "y": null}]'
    with pytest.warns(egito.ColumnTypeWarning, match="`x`|`y`"):
        table = json_list(sandbox, client, body).to_arrow().to_pyarrow()
    assert (table["x"].to_pylist(), table["y"].to_pylist()) == (["0.5", "-1e400"], ["1e400", None])
    with pytest.warns(egito.ColumnTypeWarning):
        frame = json_list(sandbox, client, body).to_pandas()
    assert (frame["x"].tolist(), frame["y"].tolist()) == ([0.5, "-1e400"], ["1e400", None])
    with pytest.raises(egito.UnexpectedResponseError, match=r"is -1e400, but .* holds numbers up to 1\.8e308"):
        list(json_list(sandbox, client, body).to_arrow_batches(schema_overrides={"x": "float64", "y": "string"}))


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
def test_numbers_beyond_a_double_never_become_infinite(sandbox: Sandbox, client: egito.Client) -> None:
    body = '[{"id": 1, "x": 1e400, "o": {"x": -1e400}, "l": [1e400, 1.5]}]'
    for flatten, inside in ((False, {"x": "-1e400"}), (True, "-1e400")):
        row = json_list(sandbox, client, body).to_pandas(flatten=flatten).iloc[0].to_dict()
        assert (row["x"], row["o.x" if flatten else "o"], list(row["l"])) == ("1e400", inside, ["1e400", 1.5])
    assert json_list(sandbox, client, body).to_polars()["x"].to_list() == ["1e400"]
    for data_type, largest in (("float32", r"3\.4e38"), ("float64", r"1\.8e308")):
        batches = json_list(sandbox, client, '[{"x": 1e400}]').to_arrow_batches(schema_overrides={"x": data_type})
        with pytest.raises(egito.UnexpectedResponseError, match=f"holds numbers up to {largest}"):
            list(batches)


@pytest.mark.parametrize(
    "column",
    [
        numpy.array([numpy.inf]),
        numpy.array([numpy.longdouble("1e400")]),
        pandas.array([numpy.inf], dtype="Float64"),
        pandas.array([numpy.inf], dtype=pandas.ArrowDtype(pyarrow.float64())),
        [[numpy.inf]],
    ],
    ids=["numpy", "longdouble", "Float64", "arrow", "list"],
)
@pytest.mark.parametrize("nan", ["error", "null", "omit"])
def test_infinite_numbers_of_a_frame_are_refused(
    sandbox: Sandbox, client: egito.Client, column: Any, nan: Literal["error", "null", "omit"]
) -> None:
    frame = pandas.DataFrame({"x": column})
    (row,) = client.leads.create_many(frame, nan=nan)
    assert isinstance(row.error, egito.ConfigError)
    assert "JSON has no Infinity" in str(row.error)
    assert sandbox.journal(action="create") == []


def test_to_pyarrow_does_not_import_pandas(sandbox: Sandbox) -> None:
    """The import takes a second and 50 MB, and `pyarrow.table()` would do it."""
    sandbox.add(Account=[{"id": 1}])
    out, err = start_program(WITHOUT_PANDAS, json.dumps(sandbox.settings)).communicate(timeout=60)
    assert out.split() == ["1", "False"], err


FLAT: list[list[dict[str, Any]]] = [
    [{"address": {"city": "Łódź", "geo": {"lat": 1.5}}}, {"address": {"zip": "x"}}, {"tags": [{"a": 1}]}],
    [{"a": {"b": None}}, {"a": {"b": {"c": 1}}}, {"z": "x"}],
    [{"a": {"b": 1}, "x": None}, {"a": {"b": 2.5}}],
    [{"a.b": 1}, {"a.b": None}],
    [{"": {"": 1}}],
]


@pytest.mark.parametrize("number", range(len(FLAT)))
def test_flatten_matches_json_normalize(sandbox: Sandbox, client: egito.Client, number: int) -> None:
    records = offers(sandbox, client, FLAT[number])
    expected = pandas.json_normalize(records.to_list())
    empty_parents = [name for name in expected if any(f"{name}." == other[: len(name) + 1] for other in expected)]
    expected = expected.drop(columns=empty_parents)
    frame = records.to_pandas(flatten=True)
    assert sorted(frame) == sorted(expected)
    for name in expected:
        assert [plain(value) for value in frame[name]] == [plain(value) for value in expected[name]]
    assert sorted(records.to_polars(flatten=True).columns) == sorted(expected)


def test_flatten_keeps_other_values_and_selected_fields(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"a": {"b": 1}, "c": 1}, {"a": "text"}, {"a": None}, {"a": {"b": 2}}])
    flat = records.to_arrow(flatten=True).to_pyarrow().to_pydict()
    assert flat == {
        "id": [0, 1, 2, 3],
        "a": [None, "text", None, None],
        "a.b": [1, None, None, 2],
        "c": [1] + [None] * 3,
    }
    chosen = client.entity("Offer").list(fields=["a", "id"])
    assert chosen.to_arrow(flatten=True).column_names == ["a", "id", "a.b"]
    batches = (
        client.entity("Offer")
        .list(page_size=2)
        .to_arrow_batches(flatten=True, schema_overrides={"a.b": "string", "c": "decimal128(5, 2)"})
    )
    table = pyarrow.RecordBatchReader.from_stream(batches).read_all()
    assert table.column("a.b").to_pylist() == ["1", None, None, "2"]
    of_fields = chosen.to_arrow_batches(flatten=True, schema={"a.b": "int8"}, strict=False)
    assert pyarrow.RecordBatchReader.from_stream(of_fields).read_all().to_pydict() == {"a.b": [1, None, None, 2]}
    whole = chosen.to_arrow_batches(flatten=True, schema={"id": "int64", "a": "string"})
    assert pyarrow.RecordBatchReader.from_stream(whole).read_all()["a"].to_pylist() == [
        '{"b": 1}',
        "text",
        None,
        '{"b": 2}',
    ]


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize(
    ("column", "record"),
    [
        ("a.b", '{"a.b": 1, "a": {"b": 2}}'),
        ("a.b", '{"a": {"b": 1}, "a.b": null}'),
        ("a.b.c", '{"a.b": {"c": 1}, "a": {"b": {"c": 2}}}'),
        ("a.b.c.d", '{"a": {"b.c": {"d": 1}}, "a.b": {"c": {"d": 2}}}'),
    ],
)
def test_flatten_drops_none_of_two_values_for_a_column(
    sandbox: Sandbox, client: egito.Client, column: str, record: str
) -> None:
    body = f'[{{"a.b": 1}}, {{"a": {{"b": 2}}}}, {record}]'
    reason = rf"two values for the column `{re.escape(column)}`.*; read the list without `flatten`"
    with pytest.raises(egito.UnexpectedResponseError, match=reason):
        json_list(sandbox, client, body).to_pandas(flatten=True)
    with pytest.raises(egito.UnexpectedResponseError, match=reason):
        list(json_list(sandbox, client, body).to_arrow_batches(flatten=True))
    assert len(json_list(sandbox, client, body).to_pandas()) == 3


def test_flatten_keeps_a_value_next_to_the_fields_of_an_object(sandbox: Sandbox, client: egito.Client) -> None:
    for record in ('{"a.b": 1, "a": {"b": {"c": 2}}}', '{"a": {"b": {"c": 2}}, "a.b": 1}'):
        frame = json_list(sandbox, client, f"[{record}]").to_pandas(flatten=True)
        assert frame.iloc[0].to_dict() == {"a.b": 1, "a.b.c": 2}
    duplicate_keys = '[{"a": {"b": 1}, "a": {"b": 2}}, {"a.b": 3, "a.b": 4}]'
    assert json_list(sandbox, client, duplicate_keys).to_pandas(flatten=True)["a.b"].tolist() == [2, 4]


def test_flatten_in_batches_reports_new_fields(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"a": {"b": 1}}, {"a": None}, {"a": {"b": 2}}, {"a": {"c": 3}}])
    with pytest.raises(egito.UnexpectedResponseError, match=r"the record with the id 3 has a field `a\.c`"):
        list(records.to_arrow_batches(flatten=True))
    table = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches(flatten=True, strict=False)).read_all()
    assert table.to_pydict() == {"id": [0, 1, 2, 3], "a.b": [1, None, 2, None]}


DATES = [
    ("2024-02-29T10:11:12Z", datetime(2024, 2, 29, 10, 11, 12, tzinfo=UTC)),
    ("2024-02-29T10:11:12.5Z", datetime(2024, 2, 29, 10, 11, 12, 500_000, tzinfo=UTC)),
    ("2024-02-29T10:11:12.345000Z", datetime(2024, 2, 29, 10, 11, 12, 345_000, tzinfo=UTC)),
    ("1969-12-31T23:59:59.999+00:00", datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ("0001-01-01T00:00:00.000Z", datetime(1, 1, 1, tzinfo=UTC)),
    ("9999-12-31T23:59:59.999Z", datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
    ("2000-02-29T00:00:00Z", datetime(2000, 2, 29, tzinfo=UTC)),
]
NO_DATES = [
    *("2024-02-29", "2024-02-29T10:11:12", "2024-02-29 10:11:12Z", "2024-02-29T10:11:12+01:00", "2024-02-29T10:11:12z"),
    *("2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-04-31T00:00:00Z"),
    *("2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.Z"),
    *("2024-01-01T00:00:00.1234Z", "0000-01-01T00:00:00Z", "2024-1-01T00:00:000Z", "", "Łódź", "2024-01-0żT00:00:00Z"),
    *("+024-01-01T00:00:00Z", "2024-01-01T00:00:00.-1Z", "20240-01-1T00:00:00Z"),
]


def test_dates_become_timestamps_if_all_values_are_dates(sandbox: Sandbox, client: egito.Client) -> None:
    written = [{"d": text, "o": {"d": text}, "l": [text, None], "t": "x"} for text, _ in DATES]
    records = offers(sandbox, client, [*written, {"d": None}])
    table = records.to_arrow(dates="parse").to_pyarrow()
    times = [time for _, time in DATES]
    assert str(table.schema.field("d").type) == "timestamp[ms, tz=UTC]"
    assert table.column("d").to_pylist() == [*times, None]
    assert table.column("o").to_pylist() == [*({"d": time} for time in times), None]
    assert table.column("l").to_pylist() == [*([time, None] for time in times), None]
    assert str(table.schema.field("t").type) == "string"
    assert str(records.to_pandas(dates="parse")["d"].dtype) == "datetime64[ms, UTC]"
    assert records.to_polars(dates="parse")["d"].to_list() == [*times, None]
    assert str(records.to_arrow().to_pyarrow().schema.field("d").type) == "string"

    async def scenario(client: egito.AsyncClient) -> None:
        records = client.entity("Offer").list()
        assert (await records.to_polars(dates="parse"))["d"].to_list() == [*times, None]
        assert "o.d" in await records.to_pandas(flatten=True)

    run_async(sandbox, scenario)


@pytest.mark.parametrize("text", NO_DATES)
def test_column_with_one_invalid_date_stays_a_string_column(sandbox: Sandbox, client: egito.Client, text: str) -> None:
    date = DATES[0][0]
    body = json.dumps([{"id": 1, "d": date, "t": text}, {"id": 2, "d": text, "t": text}, {"id": 3, "d": None}])
    with pytest.warns(egito.ColumnTypeWarning, match="`d` .*: 1 of its values are points in time") as caught:
        table = json_list(sandbox, client, body).to_arrow(dates="parse").to_pyarrow()
    assert len(caught) == 1, "a column without any date is only text"
    assert table.column("d").to_pylist() == [date, text, None]
    assert noted(table) == [{"column": "d", "path": ["d"], "reason": "dates", "dates": 1, "others": 1}]


def test_batches_with_dates(sandbox: Sandbox, client: egito.Client) -> None:
    date, time = DATES[0]
    records = offers(sandbox, client, [{"d": date}, {}, {"d": date}, {"d": "soon"}])
    with pytest.raises(
        egito.UnexpectedResponseError, match=r"`d` of the record with the id 3 is .* timestamp\[ms, tz=UTC\]"
    ):
        list(records.to_arrow_batches(dates="parse"))
    table = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches(dates="parse", strict=False)).read_all()
    assert table.column("d").to_pylist() == [time, None, time, None]
    chosen = records.to_arrow_batches(schema={"d": pyarrow.timestamp("ms", "UTC")}, strict=False)
    assert pyarrow.RecordBatchReader.from_stream(chosen).read_all().column("d").to_pylist() == [time, None, time, None]


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
def test_chunks_of_a_large_list_have_one_type(sandbox: Sandbox, client: egito.Client) -> None:
    """Only the last of many thousand records needs other types."""
    usual = {"i": 1, "f": 1, "h": 1, "b": True, "t": "x", "o": {"a": 1}, "l": [1], "d": DATES[0][0], "e": DATES[0][0]}
    odd = {"i": 2, "f": 0.5, "h": HUGE, "b": "x", "t": 5, "o": {"a": 0.5, "c": [1]}, "l": ["x"], "d": "x", "n": 1}
    records = [{"id": number, **usual} for number in range(35_000)]
    records[3]["f"] = None
    records[9]["big"] = BIG
    records[-1].update(odd, big=0.5)
    for start in range(0, len(records), 5000):
        sandbox.add(Offer=records[start : start + 5000])
    table = client.entity("Offer").list(page_size=1000).to_arrow(dates="parse").to_pyarrow()
    table.validate(full=True)
    assert table.column("id").num_chunks > 1
    assert [(str(field.type)) for field in table.schema] == [
        *("int64", "int64", "double", "string", "string", "string", "struct<a: double, c: list<item: int64>>"),
        *("list<item: string>", "string", "timestamp[ms, tz=UTC]", "string", "int64"),
    ]
    first = table.slice(0, 1).to_pylist()[0]
    assert first == {
        "id": 0,
        "i": 1,
        "f": 1.0,
        "h": "1",
        "b": "true",
        "t": "x",
        "o": {"a": 1.0, "c": None},
        "l": ["1"],
        "d": DATES[0][0],
        "e": DATES[0][1],
        "big": None,
        "n": None,
    }
    assert table.column("f").to_pylist()[3] is None
    assert table.column("big").to_pylist()[9] == str(BIG)
    last = table.slice(34_999).to_pylist()[0]
    assert last == {
        "id": 34_999,
        "i": 2,
        "f": 0.5,
        "h": str(HUGE),
        "b": "x",
        "t": "5",
        "o": {"a": 0.5, "c": [1]},
        "l": ["x"],
        "d": "x",
        "e": DATES[0][1],
        "big": "0.5",
        "n": 1,
    }
    assert table.column("id").to_pylist() == list(range(35_000))


def test_string_column_of_schema_keeps_the_json_of_each_value(sandbox: Sandbox, client: egito.Client) -> None:
    values = [
        "0.10000000000000000001",
        "1e3",
        "1.50",
        '{"b": 1.0,  "a": null}',
        "[1.0,2e1]",
        "true",
        '"x"',
        "null",
        "-0",
    ]
    body = ", ".join(
        f'{{"id": {id}, "x": {value}, "o": {{"y": {value}}}, "l": [{value}]}}' for id, value in enumerate(values)
    )
    kinds = {"id": "int64", "x": "string", "o": "struct<y: large_string>", "l": "list<string>"}
    kept = ["x" if value == '"x"' else None if value == "null" else value for value in values]
    for options in ({"schema": kinds}, {"schema_overrides": kinds}):
        batches = json_list(sandbox, client, f"[{body}]").to_arrow_batches(**options)
        table = pyarrow.RecordBatchReader.from_stream(batches).read_all()
        assert table.column("x").to_pylist() == kept
        assert table.column("o").to_pylist() == [{"y": value} for value in kept]
        assert table.column("l").to_pylist() == [[value] for value in kept]


FITTING_DECIMALS = {"1": "1.00", "-12.5": "-12.50", "0.10": "0.10", "1e1": "10.00", "999.99": "999.99", "1.250": "1.25"}
NO_DECIMALS = ["1000", "0.001", "999.995", "1e3", "1e-3", "1e999999999999", '"1.5"', "true", "1e-99999999999999999999"]


def test_decimals_in_a_schema_take_numbers_exactly(sandbox: Sandbox, client: egito.Client) -> None:
    texts = [*FITTING_DECIMALS, "0e99", "-0.0"]
    body = ", ".join(f'{{"id": {id}, "x": {text}, "o": {{"y": [{text}]}}}}' for id, text in enumerate(texts))
    kinds = {"id": "int64", "x": "decimal128(5, 2)", "o": "struct<y: list<decimal(5,2)>>"}
    batches = json_list(sandbox, client, f"[{body}]").to_arrow_batches(schema=kinds, strict=False)
    table = pyarrow.RecordBatchReader.from_stream(batches).read_all()
    assert [str(value) for value in table.column("x").to_pylist()] == [*FITTING_DECIMALS.values(), "0.00", "0.00"]
    assert table.column("o").to_pylist() == [{"y": [value]} for value in table.column("x").to_pylist()]
    most = "9" * 38
    batches = json_list(sandbox, client, f'[{{"id": {most}}}]').to_arrow_batches(
        schema={"id": pyarrow.decimal128(38, 0)}
    )
    assert str(next(batches).to_pyarrow().column("id")[0]) == most


@pytest.mark.parametrize("text", NO_DECIMALS)
def test_number_that_does_not_fit_a_decimal_column_is_an_error(
    sandbox: Sandbox, client: egito.Client, text: str
) -> None:
    body = f'[{{"id": 1, "x": {text}}}]'
    why = "5 digits, 2 of them after the point" if text[0].isdigit() else "is a"
    with pytest.raises(egito.UnexpectedResponseError, match=why):
        list(json_list(sandbox, client, body).to_arrow_batches(schema_overrides={"x": pyarrow.decimal128(5, 2)}))
    lenient = json_list(sandbox, client, body).to_arrow_batches(
        schema_overrides={"x": polars.Decimal(5, 2)}, strict=False
    )
    assert next(lenient).to_pyarrow().column("x").to_pylist() == [None]


MEANT = pyarrow.schema(
    [
        pyarrow.field("id", pyarrow.int64()),
        pyarrow.field("l", pyarrow.large_list(pyarrow.float64())),
        pyarrow.field("s", pyarrow.struct([("a", pyarrow.int8()), ("t", pyarrow.timestamp("ms", "UTC"))])),
        pyarrow.field("n", pyarrow.large_string()),
        pyarrow.field("d", pyarrow.decimal128(10, 2)),
    ]
)
NAMES = {
    "id": " int64 ",
    "l": "large_list < double >",
    "s": "struct<a:int8,t : timestamp[ms, UTC]>",
    "n": "large_string",
    "d": "decimal(10,2)",
}
POLARS = {
    "id": polars.Int64,
    "l": polars.List(polars.Float64),
    "s": polars.Struct({"a": polars.Int8, "t": polars.Datetime("ms", "UTC")}),
    "n": polars.String(),
    "d": polars.Decimal(10, 2),
}
FORMS = [MEANT, list(MEANT), dict(zip(MEANT.names, MEANT.types, strict=True)), NAMES, POLARS, polars.Schema(POLARS)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: type(form).__name__)
def test_schema_accepts_every_documented_form(client: egito.Client, form: Any) -> None:
    for option in ("schema", "schema_overrides"):
        batches = client.entity("Offer").list().to_arrow_batches(**{option: form})
        assert pyarrow.schema(batches) == MEANT


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strict": "no"}, 'invalid `strict`: expected a bool, got the string "no"'),
        ({"strict": None}, "invalid `strict`: expected a bool, got None"),
        ({"flatten": 1}, "invalid `flatten`: expected a bool, got 1"),
        ({"dates": True}, 'invalid `dates`: expected "text" or "parse", got True'),
        ({"dates": "utc"}, 'invalid `dates`: expected "text" or "parse", got the string "utc"'),
        ({"schema": "int64"}, 'got the string "int64"'),
        (
            {"schema": {"x": int}},
            'expected the type of `x` as a name such as "int64", a type of pyarrow or one of polars',
        ),
        (
            {"schema": {"x": "decimal128(39, 2)"}},
            "invalid `schema`: expected the types bool, int8",
        ),
        ({"schema": {"x": "decimal128(2, 3)"}}, "got `decimal128(2, 3)`"),
        ({"schema": {"x": "timestamp[us, UTC]"}}, "timestamp[ms, UTC]"),
        ({"schema": {"x": polars.Date}}, "got `Date`"),
        ({"schema": {"x": pyarrow.date32()}}, "got `date32[day]`"),
        ({"schema_overrides": 0}, "expected a mapping such as"),
    ],
)
def test_invalid_option_error_says_what_is_accepted(
    client: egito.Client, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.list().to_arrow_batches(**options)
    assert message in str(caught.value)
    if not {"strict", "schema", "schema_overrides"} & set(options):
        with pytest.raises(egito.ConfigError):
            client.accounts.list().to_pandas(**options)


def test_forbidden_null_is_named_by_its_path(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"o": {"a": 1}, "l": [1]}, {"o": None, "l": None}, {"o": {}}, {"l": [None]}])
    for kind, why in (
        ("struct<a: int64 not null>", "`o.a` of the record with the id 2 is null"),
        ("int64 not null", "`o` of the record with the id 0 is an"),
    ):
        with pytest.raises(egito.UnexpectedResponseError, match=why):
            list(records.to_arrow_batches(schema_overrides={"o": kind}))
    with pytest.raises(egito.UnexpectedResponseError, match=r"`l\[\]` of the record with the id 3 is null"):
        list(records.to_arrow_batches(schema_overrides={"l": "list<int64 not null>"}))

"""Streams of Arrow batches: one schema for all pages, constant memory, and no value changed silently."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow
import pytest
from pyarrow import dataset, parquet

import egito
from support import Sandbox, run_async, start_program

MIB = 1 << 20


def offers(sandbox: Sandbox, client: egito.Client, records: list[dict[str, Any]], **options: Any) -> Any:
    """Returns a list of these records, two per page."""
    sandbox.add(Offer=[{"id": number, **record} for number, record in enumerate(records)])
    return client.with_options(page_overlap=0).entity("Offer").list(page_size=2, **options)


def whole(batches: egito.ArrowBatches) -> pyarrow.Table:
    """Reads all batches with pyarrow."""
    table = pyarrow.RecordBatchReader.from_stream(batches).read_all()
    table.validate(full=True)
    return table


def column(table: pyarrow.Table, name: str = "x") -> tuple[str, list[Any]]:
    """Returns the type and the values of one column."""
    return str(table.schema.field(name).type), table.column(name).to_pylist()


# Values of records, two per page, and the column that follows from the first page.
# fmt: off
FITTING: list[tuple[list[Any], str, list[Any]]] = [
    ([1, 2, 3, None], "int64", [1, 2, 3, None]),
    ([1, 0.5, 2, 3.25], "double", [1.0, 0.5, 2.0, 3.25]),
    ([True, None, False], "bool", [True, None, False]),
    (["Żubr", "", None, '\n"\\'], "string", ["Żubr", "", None, '\n"\\']),
    ([None, None, "x", None], "string", [None, None, "x", None]),
    ([1, "x", "y", {"a": [1]}, 1e3], "string", ["1", "x", "y", '{"a": [1]}', "1000.0"]),
    ([2**70, 1, 2, 0.5], "string", [str(2**70), "1", "2", "0.5"]),
    ([{}, {}, {"a": 1}], "string", ["{}", "{}", '{"a": 1}']),
    ([[1], [], [2, 3], None], "list<item: int64>", [[1], [], [2, 3], None]),
    ([{"a": 1, "b": "x"}, None, {"b": "y"}], "struct<a: int64, b: string>",
     [{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
    ([[{"a": 0.5}], None, [{"a": 1}, {}]], "list<item: struct<a: double>>",
     [[{"a": 0.5}], None, [{"a": 1.0}, {"a": None}]]),
]
# fmt: on


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize(("values", "kind", "expected"), FITTING, ids=[str(case[0]) for case in FITTING])
def test_first_page_sets_the_types_of_later_pages(
    sandbox: Sandbox, client: egito.Client, values: list[Any], kind: str, expected: list[Any]
) -> None:
    records = offers(sandbox, client, [{"x": value} for value in values])
    assert column(whole(records.to_arrow_batches())) == (kind, expected)


# A value on the second page that does not fit the type of the first page, and the error for it.
MISFITS: list[tuple[Any, Any, str]] = [
    (1, 2.5, "`x` of the record with the id 3 is a decimal, but the column's type is int64"),
    (1, "x", "`x` of the record with the id 3 is a string, but the column's type is int64"),
    (1, True, "`x` of the record with the id 3 is a boolean, but the column's type is int64"),
    (0.5, 2**53 + 1, "id 3 is 9007199254740993, but the column's type is double, which holds integers exactly"),
    (0.5, 2**200, f"id 3 is {2**200}, but the column's type is double, which holds integers exactly"),
    (1, 2**63, "but the column's type is int64, which holds -9223372036854775808 to 9223372036854775807"),
    ("x", 5, "`x` of the record with the id 3 is an integer, but the column's type is string"),
    (None, 5, "`x` of the record with the id 3 is an integer, but the column's type is string"),
    (2**70, "x", "`x` of the record with the id 3 is a string, but the column's type is string"),
    (True, [True], "`x` of the record with the id 3 is a list, but the column's type is bool"),
    ({"a": 1}, {"a": "x"}, "`x.a` of the record with the id 3 is a string, but the column's type is int64"),
    ({"a": 1}, {"b": 1}, "the record with the id 3 has a field `x.b`"),
    ({"a": 1}, "x", "`x` of the record with the id 3 is a string, but the column's type is struct<a: int64>"),
    ([1], [1, 2, "x"], "`x[]` of the record with the id 3 is a string, but the column's type is int64"),
    ([{"a": 1}], [{"a": 1}, {"a": 0.5}], "`x[].a` of the record with the id 3 is a decimal, but"),
]


@pytest.mark.filterwarnings("ignore::egito.ColumnTypeWarning")
@pytest.mark.parametrize("first_of_page", [None, "same"])
@pytest.mark.parametrize(("first", "odd", "why"), MISFITS, ids=[str(case[:2]) for case in MISFITS])
def test_value_that_does_not_fit_is_an_error_or_null(
    sandbox: Sandbox, client: egito.Client, first: Any, odd: Any, why: str, first_of_page: str | None
) -> None:
    third = first if first_of_page else None
    records = offers(sandbox, client, [{"x": first}, {"x": None}, {"x": third}, {"x": odd}])
    batches = records.to_arrow_batches()
    read = [next(batches)]
    for _ in range(2):
        with pytest.raises(egito.UnexpectedResponseError) as caught:
            next(batches)
        assert why in str(caught.value), "the same error again, and no end"
        assert caught.value.id == 3
    with pytest.raises(pyarrow.ArrowInvalid) as of_stream:
        whole(records.to_arrow_batches())
    assert why in str(of_stream.value)

    kind, values = column(whole(records.to_arrow_batches(strict=False)))
    assert kind == str(pyarrow.schema(read[0]).field("x").type)
    expected = column(whole(records.to_arrow_batches(schema=read[0], strict=False)))[1][:3]
    assert values[:3] == expected
    assert json.dumps(values[3]) in ("null", '{"a": null}', "[1, 2, null]", '[{"a": 1}, {"a": null}]')


def test_new_field_on_later_page_is_an_error_unless_in_schema(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"a": 1}, {}, {"b": None}, {"b": "x"}])
    with pytest.raises(egito.UnexpectedResponseError, match="the record with the id 3 has a field `b`, but the schema"):
        list(records.to_arrow_batches())
    assert whole(records.to_arrow_batches(strict=False)).column_names == ["id", "a"]
    announced = whole(records.to_arrow_batches(schema_overrides={"b": "string"}))
    assert column(announced, "b") == ("string", [None, None, None, "x"])


def test_selected_fields_are_the_columns(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"a": 1}, {"a": 2}, {"b": "x"}], fields=["b", "id"])
    assert whole(records.to_arrow_batches()).to_pydict() == {"b": [None, None, "x"], "id": [0, 1, 2]}


TYPES: list[tuple[Any, Any, Any]] = [
    (pyarrow.int8(), -128, 128),
    (pyarrow.int16(), -(2**15), 2**15),
    (pyarrow.int32(), 2**31 - 1, -(2**31) - 1),
    (pyarrow.int64(), -(2**63), 2**63),
    (pyarrow.uint8(), 255, -1),
    (pyarrow.uint16(), 2**16 - 1, 2**16),
    (pyarrow.uint32(), 2**32 - 1, 2**32),
    (pyarrow.uint64(), 2**64 - 1, 2**64),
    (pyarrow.float32(), 0.5, "0.5"),
    (pyarrow.float32(), -(2**24), 2**24 + 1),
    (pyarrow.float32(), 0.25, 1e300),
    (pyarrow.float64(), 1, "1"),
    (pyarrow.bool_(), True, 1),
    (pyarrow.list_(pyarrow.string()), ["a", None], "a"),
    (pyarrow.large_list(pyarrow.field("element", pyarrow.int8())), [1], [1000]),
    (pyarrow.struct([("a", pyarrow.struct([("b", pyarrow.int64())]))]), {"a": {"b": 1}}, {"a": [1]}),
]


@pytest.mark.parametrize(("kind", "fitting", "odd"), TYPES, ids=[str(case[0]) for case in TYPES])
def test_given_schema_is_kept_exactly(
    sandbox: Sandbox, client: egito.Client, kind: Any, fitting: Any, odd: Any
) -> None:
    schema = pyarrow.schema([("id", pyarrow.int64()), ("x", kind), ("missing", pyarrow.string())])
    records = offers(sandbox, client, [{"x": None}, {"x": fitting}, {"x": fitting}, {"x": odd}])
    reader = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches(schema=schema, strict=False))
    assert reader.schema == schema
    table = reader.read_all()
    table.validate(full=True)
    assert column(table)[1][:3] == [None, fitting, fitting]
    with pytest.raises(egito.UnexpectedResponseError, match="of the record with the id 3"):
        list(records.to_arrow_batches(schema=schema))


def test_string_column_of_schema_accepts_every_value(sandbox: Sandbox, client: egito.Client) -> None:
    for kind in ("string", "large_string"):
        sandbox.reset("empty")
        records = offers(sandbox, client, [{"x": "a"}, {"x": 'é"'}, {"x": 2**70}, {"x": [1, "b"]}, {"x": True}])
        chosen = whole(records.to_arrow_batches(schema_overrides={"x": kind}))
        assert column(chosen) == (kind, ["a", 'é"', str(2**70), '[1, "b"]', "true"])


def test_schema_may_be_a_table_of_a_larger_sample(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"x": None}, {}, {"x": 1}, {"x": 2.5, "y": [1]}, {"x": 3}])
    sample = client.entity("Offer").list(limit=4).to_arrow()
    table = whole(records.to_arrow_batches(schema=sample))
    assert column(table) == ("double", [None, None, 1.0, 2.5, 3.0])
    assert column(table, "y")[0] == "list<item: int64>"


@pytest.mark.parametrize(
    "schema", [5, "int64", [1], {5: "int64"}, {"x": "date32[day]"}, {"x": "list<int64"}, {"x": "struct<a>"}, {"x": ""}]
)
def test_invalid_schema_is_refused(sandbox: Sandbox, client: egito.Client, schema: Any) -> None:
    for option in ("schema", "schema_overrides"):
        with pytest.raises(egito.ConfigError) as caught:
            client.accounts.list().to_arrow_batches(**{option: schema})
        assert caught.value.setting == option
    assert sandbox.journal(action="list") == []


def test_schema_with_duplicate_column_is_invalid(client: egito.Client) -> None:
    twice = [("x", pyarrow.int64()), ("x", pyarrow.string())]
    for schema in (pyarrow.schema(twice), pyarrow.schema([("s", pyarrow.struct(twice))])):
        with pytest.raises(egito.ConfigError) as caught:
            client.accounts.list().to_arrow_batches(schema=schema)
        assert caught.value.setting == "schema"


def test_null_in_a_non_nullable_column_is_an_error(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"x": 1}, {}])
    schema = pyarrow.schema([("id", pyarrow.int64()), pyarrow.field("x", pyarrow.int64(), nullable=False)])
    with pytest.raises(egito.UnexpectedResponseError, match="id 1 is null, but this column is not nullable"):
        list(records.to_arrow_batches(schema=schema, strict=False))


def test_decimals_keep_their_digits_by_the_setting(sandbox: Sandbox, client: egito.Client) -> None:
    body = [f'[{{"id": {id}, "x": {value}}}]' for id, value in enumerate(["1.50", "2", "1e2"])]
    for page in body:
        sandbox.fault(on={"action": "list"}, times=1, response={"status": 200, "body": page})
    exact = client.with_options(decimals="decimal", page_size=1).entity("Offer")
    batches = exact.list(limit=3).to_arrow_batches()
    assert column(whole(batches)) == ("string", ["1.50", "2", "1e2"])


def test_empty_list_has_known_columns(client: egito.Client) -> None:
    empty = client.entity("Offer").list()
    assert list(empty.to_arrow_batches()) == []
    assert whole(empty.to_arrow_batches()).schema.names == []
    assert whole(client.entity("Offer").list(fields=["a"]).to_arrow_batches()).schema.names == ["a"]
    assert whole(empty.to_arrow_batches(schema={"a": "int64"})).schema == pyarrow.schema([("a", pyarrow.int64())])


def test_stream_has_unread_batches_once(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{} for _ in range(6)])
    batches = records.to_arrow_batches()
    assert next(batches).to_pyarrow().to_pydict() == {"id": [0, 1]}
    assert whole(batches).to_pydict() == {"id": [2, 3, 4, 5]}
    for again in (next, whole):
        with pytest.raises(egito.ConfigError, match=r"to_arrow_batches\(\)"):
            again(batches)
    assert [len(batch) for batch in records.to_arrow_batches()] == [2, 2, 2], "the list itself can be read again"


def test_error_of_a_list_is_raised_by_its_batches(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client.with_options(prefetch=0), [{} for _ in range(6)])
    denied = {"status": 403, "json": {"error": "access_denied"}}
    sandbox.fault(on={"action": "list"}, skip=1, response=denied)
    batches = records.to_arrow_batches()
    assert len(next(batches)) == 2
    for _ in range(2):
        with pytest.raises(egito.PermissionError):
            next(batches)
    sandbox.fault(on={"action": "list"}, skip=1, response=denied)
    with pytest.raises(pyarrow.ArrowInvalid, match="PermissionError"):
        whole(records.to_arrow_batches())


def test_libraries_read_the_arrow_stream(sandbox: Sandbox, client: egito.Client, tmp_path: Path) -> None:
    records = offers(sandbox, client, [{"name": f"Żubr {number}", "value": number / 2} for number in range(9)])
    expected = records.to_arrow().to_pyarrow()
    with parquet.ParquetWriter(tmp_path / "offers.parquet", pyarrow.schema(records.to_arrow_batches())) as writer:
        for batch in records.to_arrow_batches():
            writer.write_batch(pyarrow.record_batch(batch))
    assert parquet.read_table(tmp_path / "offers.parquet").equals(expected)
    reader = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches())
    dataset.write_dataset(reader, tmp_path / "offers", format="parquet")
    assert dataset.dataset(tmp_path / "offers").to_table().sort_by("id").equals(expected)
    assert polars.DataFrame(records.to_arrow_batches()).equals(records.to_polars())
    assert polars.DataFrame(next(records.to_arrow_batches())).equals(records.to_polars()[:2])
    assert duckdb.from_arrow(records.to_arrow_batches()).aggregate("sum(value)").fetchall() == [(18.0,)]


POLARS = """
import json, sys, egito, polars

seen = []
client = egito.Client(**json.loads(sys.argv[1]), on_event=seen.append)
frame = polars.DataFrame(client.entity("Offer").list(page_size=2).to_arrow_batches())
print(frame.height, len(seen))
"""


def test_stream_releases_the_interpreter(sandbox: Sandbox) -> None:
    """Polars holds the interpreter while it reads, and the prefetch thread needs it for `on_event`."""
    sandbox.add(Offer=[{"id": number} for number in range(20)])
    program = start_program(POLARS, json.dumps(sandbox.settings))
    try:
        out, err = program.communicate(timeout=30)
    finally:
        program.kill()
    rows, events = out.split() or [err, "0"]
    assert (rows, int(events) > 10) == ("20", True)


def test_async_batches_are_the_same(sandbox: Sandbox, client: egito.Client) -> None:
    records = offers(sandbox, client, [{"x": 1}, {}, {"x": 2}, {"x": "odd"}])
    expected = [batch.to_pyarrow() for batch in records.to_arrow_batches(strict=False)]

    async def scenario(client: egito.AsyncClient) -> None:
        records = client.with_options(page_overlap=0).entity("Offer").list(page_size=2)
        batches = [batch.to_pyarrow() async for batch in records.to_arrow_batches(strict=False)]
        assert batches == expected
        reading = records.to_arrow_batches()
        assert len(await anext(reading)) == 2
        for _ in range(2):
            with pytest.raises(egito.UnexpectedResponseError, match="the record with the id 3"):
                await anext(reading)
        await reading.aclose()
        assert [batch async for batch in reading] == []

    run_async(sandbox, scenario)


class Generator(BaseHTTPRequestHandler):
    """A server with records of one KiB, which are made on request."""

    protocol_version = "HTTP/1.1"
    records = 0

    def do_POST(self) -> None:
        """Responds with a token."""
        self.rfile.read(int(self.headers["content-length"]))
        self._respond({"access_token": "t", "token_type": "bearer", "expires_in": 3600})

    def do_GET(self) -> None:
        """Responds with a page."""
        query = dict(pair.split("=") for pair in self.path.partition("?")[2].split("&"))
        first = int(query["offset"])
        page = range(first, min(first + int(query["max"]), self.records))
        self._respond([{"id": id, "name": f"Żubr {id}", "value": id / 4, "notes": "x" * 960} for id in page])

    def log_message(self, *_: object) -> None:
        """Logs nothing."""

    def _respond(self, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def generator() -> Iterator[ThreadingHTTPServer]:
    """Runs a server of records."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Generator)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


READ_ALL = """
import asyncio, sys, egito, pyarrow
from pyarrow import parquet

address, form, path = sys.argv[1:]
client = {"async": egito.AsyncClient}.get(form, egito.Client)
client = client(base_url=address, client_id="a", client_secret="b", username="c", password="d")
records = client.accounts.list(page_size=1000)
rows = 0

async def read():
    global rows
    async for batch in records.to_arrow_batches():
        rows += len(batch)

if form == "async":
    asyncio.run(read())
elif form == "parquet":
    reader = pyarrow.RecordBatchReader.from_stream(records.to_arrow_batches())
    with parquet.ParquetWriter(path, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += len(batch)
else:
    for batch in records.to_arrow_batches():
        rows += len(batch)
with open("/proc/self/status") as status:
    peak = status.read().split("VmHWM:")[1].split()[0]
print(rows, peak)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(("form", "more"), [("loop", 8 * MIB), ("async", 8 * MIB), ("parquet", 24 * MIB)])
def test_memory_does_not_grow_with_the_list(
    generator: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, more: int
) -> None:
    """200,000 records of one KiB are 200 MiB. A Parquet writer keeps a few hundred bytes for each page."""

    def peak(records: int) -> int:
        monkeypatch.setattr(Generator, "records", records)
        address = f"http://127.0.0.1:{generator.server_address[1]}"
        out, err = start_program(READ_ALL, address, form, str(tmp_path / f"{records}.parquet")).communicate()
        assert out.split()[:1] == [str(records)], err
        return int(out.split()[1]) * 1024

    few, many = peak(20_000), peak(200_000)
    assert many < few + more, f"{few // MIB} MiB, then {many // MIB} MiB"

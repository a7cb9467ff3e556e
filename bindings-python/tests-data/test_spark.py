"""Spark on a real JVM: what a read returns, what a write leaves, and what happens if a task is killed."""

from __future__ import annotations

import datetime as dt
import json
import pickle
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")

from pyspark.sql.types import ByteType, DataType, LongType, StringType, StructField, StructType
from spark_session import kill_workers, spark_session

import egito
import egito.spark
from egito.spark import EgitoDataSource
from egito.spark._options import Options
from egito.spark._reader import EgitoReader
from egito.testing import Sandbox


@pytest.fixture(scope="module")
def log_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the event log."""
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="module")
def spark(log_folder: Path) -> Iterator[Any]:
    """A Spark session."""
    with spark_session(log_folder) as session:
        yield session


def read(spark: Any, sandbox: Sandbox, **options: Any) -> Any:
    """Returns the accounts, in three ranges."""
    given = {"numPartitions": "3", **sandbox.settings, **options}
    return spark.read.format("egito").options(**given).load("Account")


def reader_of(sandbox: Sandbox, **columns: DataType) -> EgitoReader:
    """Returns the reader of accounts that Spark sends to its executors."""
    options = {"path": "Account", "numPartitions": "3", **sandbox.settings}
    return EgitoDataSource(options).reader(StructType([StructField(*column) for column in columns.items()]))


def read_without_spark(reader: EgitoReader) -> list[dict[str, Any]]:
    """Returns the rows of all tasks."""
    return [row for part in reader.partitions() for batch in reader.read(part) for row in batch.to_pylist()]


def write(frame: Any, sandbox: Sandbox, mode: str = "append", **options: Any) -> None:
    given = {"entity": "Account", "operation": "upsert", "key": "nip", **sandbox.settings, **options}
    frame.write.format("egito").options(**given).mode(mode).save()


def wait_for(sandbox: Sandbox, wanted: Callable[[dict[str, Any]], bool]) -> None:
    """Waits until the sandbox has received a request, for at most a minute."""
    for _ in range(12):
        journal = sandbox.journal()
        while not any(map(wanted, journal)):
            try:
                journal = sandbox.journal(wait=len(journal) + 1)
            except egito.ConfigError:  # no request for five seconds
                break
        else:
            return
    raise AssertionError(journal[-5:])


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"page_cap": 37},
        {"list_form": "items", "total_key": "total"},
        {"list_form": "items", "total_key": "total", "page_cap": 100},
        {"list_form": "items", "total_key": "total", "total_delta": -700},
        {"list_form": "items", "total_key": "total", "total_delta": 5000},
        {"ignore_max": True},
        {"ignore_max": True, "ignore_offset": True},
        {"id_form": "string"},
        {"unsorted": "random", "list_form": "items", "total_key": "total"},
    ],
    ids=str,
)
def test_rows_equal_those_of_the_server(spark: Any, sandbox: Sandbox, config: dict[str, Any]) -> None:
    sandbox.reset("empty", records={"Account": 1100}, config=config)
    with sandbox.client() as client:
        expected = sorted((str(each["id"]), each["name"], each["city"]) for each in client.accounts.list())
    rows = read(spark, sandbox).select("id", "name", "city").collect()
    assert sorted((str(id), name, city) for id, name, city in rows) == expected


def test_a_read_is_split_into_tasks_with_one_login(spark: Any, sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 900})
    frame = read(spark, sandbox)
    assert frame.rdd.getNumPartitions() == 3
    assert frame.count() == 900
    write(spark.createDataFrame([("A", "1")], "name string, nip string"), sandbox)
    assert len(sandbox.journal(action="login")) == 1


def test_settings_come_from_the_environment_of_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {"API_ID": "sklep", "NAME": "firma", "PAGE_SIZE": "7", "MAX_RETRIES": "3", "USERNAME": ""}
    for name, value in variables.items():
        monkeypatch.setenv(f"EGITO_{name}", value)
    given = {"entity": "Account", "maxretries": "2"}
    expected = {"client_id": "sklep", "name": "firma", "page_size": 7, "max_retries": 2}
    assert Options.parse(given).settings == expected
    del expected["name"]
    address = "http://127.0.0.1:1"
    assert Options.parse({**given, "baseurl": address}).settings == {**expected, "base_url": address}
    monkeypatch.setenv("EGITO_MAX_RETRIES", "x")
    with pytest.raises(egito.ConfigError, match=r'environment variable EGITO_MAX_RETRIES: .* got the string "x"'):
        Options.parse({"entity": "Account"})


def test_variables_that_spark_does_not_see_are_warned_of(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        egito.spark.register(spark)
    monkeypatch.setenv("EGITO_PASSWORD", "hunter2")
    monkeypatch.setenv("EGITO_CONFIG", "egito.toml")
    with pytest.warns(UserWarning, match="does not see EGITO_PASSWORD, EGITO_CONFIG of this program") as caught:
        egito.spark.register(spark)
    assert [each.filename for each in caught] == [__file__]
    assert "hunter2" not in str(caught[0].message)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"numpartitions": "x"}, 'invalid `numPartitions`: expected a whole number, got the string "x"'),
        ({"numpartitions": "0"}, 'invalid `numPartitions`: expected a number from 1 to 1000, got the string "0"'),
        ({"samplesize": "1"}, 'invalid `sampleSize`: expected a number of records, at least 2, got the string "1"'),
        ({"pushfilters": "yes"}, 'invalid `pushFilters`: expected "true" or "false", got the string "yes"'),
        ({"numpartition": "2"}, "unknown option `numpartition`: did you mean `numPartitions`?"),
        ({"pagesize": "x"}, 'invalid `page_size`: expected a whole number, got the string "x"'),
    ],
)
def test_errors_have_the_names_of_the_guide(given: dict[str, str], message: str) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        Options.parse({"entity": "Account", **given})
    assert str(caught.value) == message


def test_executors_use_the_settings_of_the_file_that_the_driver_has(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = {"limit_param": "pageSize", "offset_param": "from", "sort_param": "sortBy", "order_param": "direction"}
    sandbox.reset("empty", records={"Account": 250}, config={**names, "page_cap": 100})
    file = tmp_path / "egito.toml"
    lines = [f'{name} = "{value}"' for name, value in names.items()]
    lines += ['name = "replaced"', "pageSize = 9", "timeout_ms = 40_000", "[headers]", 'X-Team = "crm"']
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("EGITO_CONFIG", str(file))
    monkeypatch.setenv("EGITO_PAGE_SIZE", "50")
    reader = pickle.dumps(reader_of(sandbox, id=LongType()))
    file.unlink()
    monkeypatch.delenv("EGITO_CONFIG")
    ids = [row["id"] for row in read_without_spark(pickle.loads(reader))]
    assert sorted(ids) == list(range(1, 251))
    requests = sandbox.journal(action="list")
    assert {each["headers"].get("x-team") for each in requests} == {"crm"}
    assert max(int(each["query"].get("pageSize", 0)) for each in requests) == 50


def test_the_file_of_settings_is_read_as_by_a_client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "egito.toml"
    monkeypatch.setenv("EGITO_CONFIG", str(file))
    required = dict.fromkeys(("name", "client_id", "client_secret", "username", "password"), "x")
    with pytest.raises(egito.ConfigError, match=r"cannot read the settings file .*egito\.toml"):
        Options.parse({"entity": "Account", **required})
    file.write_text('timeoutMs = 1500\npage_size = 7\ntoken_store = "memory"\nbase_url = "https://replaced"\n')
    expected = {**required, "timeout": 1.5, "page_size": 8, "token_store": "memory"}
    assert Options.parse({"entity": "Account", "pagesize": "8", **required}).settings == expected
    file.write_text("\npage_sizes = 7\n")
    with pytest.raises(egito.ConfigError, match=r"egito\.toml, line 2: unknown setting `page_sizes`"):
        Options.parse({"entity": "Account", **required})


def test_records_that_are_deleted_meanwhile_hide_no_others(spark: Any, sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 1500})
    frame = read(spark, sandbox).select("id")
    frame.rdd.getNumPartitions()  # plans the ranges
    for offset in ("499", "999"):
        sandbox.hold(offset, action="list", query={"offset": offset})
    with ThreadPoolExecutor() as pool:
        rows = pool.submit(frame.collect)
        wait_for(sandbox, lambda request: request["action"] == "list" and request["status"] is None)
        with sandbox.client() as client:
            assert all(row.ok for row in client.accounts.delete_many(range(1, 401)))
        for offset in ("499", "999"):
            sandbox.release(offset)
        ids = [id for (id,) in rows.result(timeout=60)]
    assert len(set(ids)) == len(ids)
    assert set(range(401, 1501)) <= set(ids)


def test_a_given_schema_reads_some_columns_exactly(spark: Any, sandbox: Sandbox, client: egito.Client) -> None:
    for number in range(250):
        client.accounts.create({"name": f"F{number}", "revenue": Decimal("12345678901234567.89"), "tags": ["a", "ż"]})
    schema = "name string, revenue decimal(20, 2), tags array<string>, lastUpdated timestamp"
    given = {"numPartitions": "2", "entity": "Account", **sandbox.settings}
    rows = spark.read.format("egito").schema(schema).options(**given).load().collect()
    assert sorted(row.name for row in rows) == sorted(f"F{number}" for number in range(250))
    assert {(row.revenue, tuple(row.tags)) for row in rows} == {(Decimal("12345678901234567.89"), ("a", "ż"))}
    assert all(isinstance(row.lastUpdated, dt.datetime) for row in rows)


def test_a_filter_is_sent_to_the_server_and_applied_again(spark: Any, sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 600})
    where = "city = 'Kraków' AND industry.id IN (1, 2, 7) AND employees > 10"
    expected = read(spark, sandbox).filter(where).select("id").collect()
    assert expected
    before = len(sandbox.journal())
    assert read(spark, sandbox, pushFilters="true").filter(where).select("id").collect() == expected
    queries = [each["query"] for each in sandbox.journal(action="list")[-3:]]
    assert all(query["city"] == "Kraków" and query["industry.id"] == ["1", "2", "7"] for query in queries), queries
    assert len(sandbox.journal()) > before
    sandbox.control("config", {"ignore_filters": ["city", "industry.id"]})
    assert read(spark, sandbox, pushFilters="true").filter(where).select("id").collect() == expected
    filtered = read(spark, sandbox, filters='{"city": "Kraków"}')
    assert filtered.count() == 600  # of a server that ignores it


def test_a_value_that_does_not_fit_fails_the_read(spark: Any, sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.create({"name": "A", "employees": 5})
    client.accounts.create({"name": "B", "employees": "many"})
    frame = spark.read.format("egito").schema("id long, employees int").options(**sandbox.settings).load("Account")
    with pytest.raises(Exception, match="`employees` of the record with the id 2 is a string"):
        frame.collect()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"employees": LongType()},
            "`employees` of the record with the id 871 is a string, but the column's type is int64; "
            "correct this column in `.schema(…)`",
        ),
        (
            {"industry": StructType([StructField("id", LongType())])},
            "the record with the id 871 has a field `industry.name`, but the schema has no such column; "
            "correct this column in `.schema(…)`",
        ),
        (
            {"id": ByteType()},
            "`id` does not fit the type int8: Integer value 128 not in range: -128 to 127; "
            "give it another type in `.schema(…)`",
        ),
    ],
    ids=["value", "member", "id"],
)
def test_the_error_of_a_value_names_its_record(
    sandbox: Sandbox, client: egito.Client, columns: dict[str, DataType], message: str
) -> None:
    records = [{"id": id, "name": "A", "employees": 5, "industry": {"id": 1}} for id in range(1, 901)]
    records[870] |= {"employees": "many", "industry": {"id": 1, "name": "B"}}
    sandbox.add(Account=records)
    assert all(row.ok for row in client.accounts.delete_many(range(1, 50, 7)))
    with pytest.raises(egito.UnexpectedResponseError) as caught:
        read_without_spark(reader_of(sandbox, **columns))
    assert str(caught.value) == message


@pytest.mark.parametrize("operation", ["upsert", "create_once"])
def test_a_killed_task_duplicates_nothing(spark: Any, sandbox: Sandbox, operation: str) -> None:
    frame = spark.createDataFrame([(f"F{number}", f"n{number}") for number in range(40)], "name string, nip string")
    sandbox.fault(on={"action": "create"}, skip=12, hold="create")

    def kill_during_create() -> int:
        wait_for(sandbox, lambda request: request["action"] == "create" and request["status"] is None)
        killed, seen = kill_workers(), len(sandbox.journal())
        wait_for(sandbox, lambda request: request["n"] > seen and request["action"] == "list")
        sandbox.release("create")  # the server creates the record of the killed task while the next task looks for it
        return killed

    with ThreadPoolExecutor() as pool:
        killed = pool.submit(kill_during_create)
        write(frame.coalesce(1), sandbox, operation=operation, settle="5")
        assert killed.result()
    assert sorted(each["nip"] for each in sandbox.records("Account")) == sorted(f"n{number}" for number in range(40))


def test_writes_are_done_once(spark: Any, sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.create({"nip": "n0", "name": "Żubr", "city": "Łódź"})
    rows = [(f"F{number}", f"n{number}", Decimal("0.1"), None) for number in range(30)]
    frame = spark.createDataFrame(rows, "name string, nip string, revenue decimal(10, 2), city string")
    for _ in range(2):
        write(frame, sandbox, operation="create_once")
    assert client.accounts.list(nip="n0").to_list()[0]["name"] == "Żubr"
    assert client.accounts.list().count() == 30
    write(frame, sandbox, nulls="omit")
    stored = client.accounts.list(nip="n0").to_list()[0]
    assert (stored["name"], stored["city"], stored["revenue"]) == ("F0", "Łódź", 0.1)
    write(frame, sandbox)
    assert client.accounts.list(nip="n0").to_list()[0].get("city") is None
    assert client.accounts.list().count() == 30


def test_maps_are_sent_as_objects(spark: Any, sandbox: Sandbox) -> None:
    columns = "'1' nip, 'A' name, map('a', 1, 'ż', null) m, named_struct('of', map('x', array(map('y', 'z')))) inner"
    write(spark.sql(f"SELECT {columns}"), sandbox)
    [stored] = sandbox.records("Account")
    assert (stored["m"], stored["inner"]) == ({"a": 1, "ż": None}, {"of": {"x": [{"y": "z"}]}})
    before = len(sandbox.journal(action="create")) + len(sandbox.journal(action="update"))
    for columns in ("'2' nip, map(7, 'x') m", "'2' nip, array(named_struct('of', map(7, 'x'))) m"):
        with pytest.raises(
            Exception, match=r"expected a map with strings as keys for `m(\.of)?`, got .*map<int,string>"
        ):
            write(spark.sql(f"SELECT {columns}"), sandbox)
    assert len(sandbox.journal(action="create")) + len(sandbox.journal(action="update")) == before


def test_a_refused_record_fails_the_write_after_the_others(spark: Any, sandbox: Sandbox) -> None:
    frame = spark.createDataFrame([("A", "1"), (None, "2"), ("C", "3")], "name string, nip string").coalesce(1)
    with pytest.raises(
        Exception, match=r'1 of 3 records of this task were not written; the first, with nip "2": .*name'
    ):
        write(frame, sandbox)
    assert sorted(each["nip"] for each in sandbox.records("Account")) == ["1", "3"]


@pytest.mark.parametrize(
    ("message", "options"),
    [
        ("Spark may run a task twice, and a plain create would", {"operation": "create"}),
        ("invalid `key`", {"key": ""}),
        ("invalid `key`: the DataFrame has no column `NIP`, only name, nip; did you mean `nip`", {"key": "NIP"}),
        ('invalid `nan`: expected "error", "null" or "omit"', {"nan": "zero"}),
        ("invalid `lookup`", {"lookup": "guess"}),
        ("invalid `operation`", {"operation": "delete"}),
        ("unknown option `pasword`: did you mean `password`", {"pasword": "x"}),
        ('cannot be written in the "ErrorIfExists" mode', {"mode": "errorifexists"}),
        ('invalid `mode`: expected "append"', {"mode": "overwrite"}),
    ],
)
def test_what_could_do_harm_is_refused(spark: Any, sandbox: Sandbox, message: str, options: dict[str, str]) -> None:
    frame = spark.createDataFrame([("A", "1")], "name string, nip string")
    with pytest.raises(Exception, match=message):
        write(frame, sandbox, **options)
    assert sandbox.records("Account") == []


@pytest.mark.parametrize("operation", ["upsert", "create_once"])
def test_the_error_of_a_write_names_the_key_of_the_record(
    sandbox: Sandbox, client: egito.Client, operation: str
) -> None:
    given = {"path": "Account", "operation": operation, "key": "nip, city", **sandbox.settings}
    rows = [{"nip": str(number), "city": "Łódź", "name": "A" if number != 1003 else None} for number in range(1005)]
    batches = pyarrow.Table.from_pylist(rows).to_batches()
    writer = EgitoDataSource(given).writer(
        StructType([StructField(name, StringType()) for name in rows[0]]), overwrite=False
    )
    with pytest.raises(RuntimeError, match=r'1 of 1005 .* the first, with nip "1003" and city "Łódź": .*name'):
        writer.write(iter(batches))
    assert client.accounts.list().count() == 1004


def test_columns_that_records_cannot_have_are_refused(spark: Any, sandbox: Sandbox) -> None:
    frame = spark.read.format("egito").schema("id long, day date").options(**sandbox.settings).load("Account")
    with pytest.raises(Exception, match='as the type of `day`, got the string "date32'):
        frame.collect()


def test_a_column_in_another_case_is_refused(spark: Any, sandbox: Sandbox) -> None:
    sandbox.add(Account=[{"name": "A"}, {"name": "B", "lastLogin": "x", "nip": None}])
    for column, field in (("ID", "id"), ("lastlogin", "lastLogin"), ("NIP", "nip")):
        with pytest.raises(egito.ConfigError, match=f"records have no field `{column}`; did you mean `{field}`"):
            reader_of(sandbox, **{column: StringType()})
    sandbox.add(Account=[{"name": "C", "NIP": "1"}])
    rows = read_without_spark(reader_of(sandbox, NIP=StringType(), missing=StringType()))
    assert [row["NIP"] for row in rows] == [None, None, "1"]
    frame = spark.readStream.format("egito").schema("ID long").options(**sandbox.settings).load("Account")
    with pytest.raises(Exception, match="did you mean `id`"):
        frame.writeStream.format("memory").queryName("case").trigger(availableNow=True).start().awaitTermination()


def test_a_stream_has_each_change_once_also_after_a_restart(
    spark: Any, sandbox: Sandbox, client: egito.Client, tmp_path: Path
) -> None:
    sandbox.reset("empty", records={"Account": 300})
    batches: list[list[int]] = []

    def run() -> None:
        stream = spark.readStream.format("egito").options(**sandbox.settings).load("Account").select("id")
        writer = stream.writeStream.foreachBatch(
            lambda frame, _: batches.append(sorted(id for (id,) in frame.collect()))
        )
        query = writer.option("checkpointLocation", str(tmp_path)).trigger(availableNow=True).start()
        query.awaitTermination()

    run()
    assert batches == [list(range(1, 301))]
    run()
    assert len(batches) == 1
    client.accounts.update(7, {"name": "Zmieniona"})
    new = client.accounts.create({"name": "Nowa"})
    run()
    assert batches[1:] == [[7, new]]


def test_a_stream_is_not_written(spark: Any, sandbox: Sandbox, tmp_path: Path) -> None:
    rows = spark.readStream.format("rate").load().selectExpr("cast(value AS string) nip", "'A' name")
    given = {"entity": "Account", "operation": "upsert", "key": "nip", **sandbox.settings}

    def run(**more: str) -> None:
        rows.writeStream.format("egito").options(**given, **more).trigger(availableNow=True).start().awaitTermination()

    refused = "cannot write streams; write each batch with `foreachBatch`"
    with pytest.raises(Exception, match=refused):
        run(checkpointLocation=str(tmp_path))
    spark.conf.set("spark.sql.streaming.checkpointLocation", str(tmp_path))
    try:
        with pytest.raises(Exception, match=refused):
            run()
    finally:
        spark.conf.unset("spark.sql.streaming.checkpointLocation")


def test_no_secret_is_in_a_plan_or_in_the_event_log(spark: Any, sandbox: Sandbox, log_folder: Path) -> None:
    sandbox.reset("empty", records={"Account": 300})
    frame = read(spark, sandbox)
    frame.count()
    write(frame.select("name", "nip").limit(1), sandbox)
    plans = frame._jdf.queryExecution().toString()
    events = "".join(each.read_text(encoding="utf-8") for each in log_folder.iterdir() if each.is_file())
    assert "egito" in plans and "AppendData" in events
    secrets = [sandbox.settings["client_secret"], sandbox.settings["password"], *sandbox._send("GET", "secrets")]
    secrets += [json.dumps(secret).strip('"') for secret in secrets]
    assert not [secret for secret in secrets if secret in plans or secret in events]

"""Inputs of bulks: iterables and frames, but no single values."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pydantic
import pytest

import egito
from support import Sandbox, run_async


class Lead(pydantic.BaseModel):
    lastName: str = "Ryś"  # noqa: N815


async def _rows() -> AsyncIterator[dict[str, Any]]:
    yield {}


SINGLE_VALUES: list[Any] = [{"id": 7}, "123", b"123", bytearray(b"1"), None, 5, Lead()]
INVALID_INPUTS = [
    *[("create_many", "records", each) for each in SINGLE_VALUES],
    *[("get_many", "ids", each) for each in [*SINGLE_VALUES, {7: {}}, pandas.DataFrame({"id": [1]})]],
    *[("delete_many", "ids", each) for each in [*SINGLE_VALUES, {7: {}}, polars.DataFrame({"id": [1]})]],
    *[("update_many", "changes", each) for each in [*SINGLE_VALUES[1:], pandas.DataFrame({"name": ["x"]})]],
    *[("upsert_many", "records", each) for each in SINGLE_VALUES],
    *[("plan_upsert", "records", each) for each in SINGLE_VALUES],
    *[("apply_upsert", "plan", each) for each in [*SINGLE_VALUES, pandas.DataFrame({"id": [1]})]],
    ("create_many", "records", pandas.DataFrame([[1, 2]], columns=["a", "a"])),
    ("create_many", "records", polars.DataFrame({"a": [1]}).lazy()),
]


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
@pytest.mark.parametrize(
    ("method", "setting", "inputs"), INVALID_INPUTS, ids=[f"{m}-{type(i).__name__}" for m, _, i in INVALID_INPUTS]
)
def test_invalid_inputs_are_refused_before_anything_is_sent(
    sandbox: Sandbox, kind: str, method: str, setting: str, inputs: Any
) -> None:
    client = getattr(egito, kind)(**sandbox.settings)
    options = {"key": "nip"} if "upsert" in method else {}
    names = [method] if method in ("plan_upsert", "apply_upsert") else [method, f"stream_{method}"]
    for name in names:
        with pytest.raises(egito.ConfigError, match=f"invalid `{setting}`") as caught:
            _call(getattr(client.leads, name), inputs, **options)
        assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")
    assert sandbox.journal() == []


def _call(method: Callable[..., Any], inputs: Any, **options: Any) -> None:
    """Calls a method of either client."""
    result = method(inputs, **options)
    if inspect.iscoroutine(result):
        asyncio.run(result)


def test_async_inputs_need_an_async_client(client: egito.Client) -> None:
    with pytest.raises(egito.ConfigError, match="AsyncClient"):
        client.entity("Offer").create_many(_rows())  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_unknown_nan_option_is_refused(sandbox: Sandbox, kind: str) -> None:
    with pytest.raises(egito.ConfigError, match=r'invalid `nan`: expected "error", "null" or "omit"'):
        _call(getattr(egito, kind)(**sandbox.settings).leads.create_many, [], nan="drop")


COLUMNS = {"name": ["Żubr", "Ryś"], "n": [2**53 + 1, 2], "rate": [0.1, 0.2], "vip": [True, False]}
EXPECTED = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]


def _pandas() -> Any:
    return pandas.DataFrame(COLUMNS).astype({"rate": "float32"})


def _nullable() -> Any:
    return pandas.DataFrame(COLUMNS).convert_dtypes().astype({"rate": "Float32"})


def _arrow_backed() -> Any:
    return _pyarrow().to_pandas(types_mapper=pandas.ArrowDtype)


def _categories() -> Any:
    return _pandas().astype({"name": "category"})


def _polars() -> Any:
    return polars.DataFrame(COLUMNS, schema_overrides={"rate": polars.Float32})


def _pyarrow() -> Any:
    kinds = [pyarrow.string(), pyarrow.int64(), pyarrow.float32(), pyarrow.bool_()]
    return pyarrow.table(COLUMNS, schema=pyarrow.schema(list(zip(COLUMNS, kinds, strict=True))))


FRAMES = [_pandas, _nullable, _arrow_backed, _categories, _polars, _pyarrow]


@pytest.mark.parametrize("frame", FRAMES)
def test_frames_are_sent_row_by_row(sandbox: Sandbox, client: egito.Client, frame: Callable[[], Any]) -> None:
    rows = client.entity("Offer").create_many(frame(), concurrency=1)
    assert [row.error for row in rows] == [None, None]
    assert [request["json"] for request in sandbox.journal(action="create")] == EXPECTED
    changed = frame()
    ids = [row.id for row in rows]
    if isinstance(changed, pandas.DataFrame):
        changed = changed.assign(id=ids)
    elif isinstance(changed, polars.DataFrame):
        changed = changed.with_columns(id=polars.Series(ids))
    else:
        changed = changed.append_column("id", [ids])
    assert all(row.ok for row in client.entity("Offer").update_many(changed, concurrency=1))
    sent = [request["json"] for request in sandbox.journal(action="update")]
    assert sent == [{"id": id, **row} for id, row in zip(ids, EXPECTED, strict=True)]
    assert [row.id for row in client.entity("Offer").get_many(changed["id"])] == ids
    assert [row.id for row in client.entity("Offer").delete_many(changed["id"])] == ids


MISSING = [
    pandas.DataFrame({"a": ["x", None], "n": [1.5, numpy.nan], "d": [pandas.Timestamp(0, tz="UTC"), pandas.NaT]}),
    pandas.DataFrame({"a": ["x", None], "n": [1.5, None]}).convert_dtypes(),
    pandas.DataFrame({"a": ["x", None], "n": [1.5, None]}, dtype=object),
    polars.DataFrame({"a": ["x", None], "n": [1.5, float("nan")], "m": [1, None]}),
    pyarrow.table({"a": ["x", None], "n": [1.5, float("nan")]}),
]


@pytest.mark.parametrize("frame", MISSING, ids=lambda frame: type(frame).__module__.split(".")[0])
def test_missing_values_are_errors_null_or_left_out(sandbox: Sandbox, client: egito.Client, frame: Any) -> None:
    names = list(frame.schema.names) if isinstance(frame, pyarrow.Table) else list(frame.columns)
    assert client.entity("Offer").create_many(frame, nan="null", concurrency=1)[1].ok
    assert sandbox.journal(action="create")[-1]["json"] == dict.fromkeys(names)
    assert client.entity("Offer").create_many(frame, nan="omit", concurrency=1)[1].ok
    assert sandbox.journal(action="create")[-1]["json"] == {}
    good, bad = client.entity("Offer").create_many(frame)
    assert good.ok
    if frame is not MISSING[2]:  # None in a column of objects is null
        assert isinstance(bad.error, egito.ConfigError)
        assert "missing value" in str(bad.error)
        assert bad.error.outcome == "not_sent"


def test_nan_option_applies_to_plain_records(sandbox: Sandbox, client: egito.Client) -> None:
    nan = float("nan")
    row = {"first": nan, "a": {"b": nan, "c": [1, nan]}, "phone": None, "last": numpy.float32("nan")}
    client.entity("Offer").create_many([row], nan="omit")
    assert sandbox.journal(action="create")[-1]["json"] == {"a": {"c": [1, None]}, "phone": None}
    client.entity("Offer").create_many([row], nan="null")
    assert sandbox.journal(action="create")[-1]["json"] == {
        "first": None,
        "a": {"b": None, "c": [1, None]},
        "phone": None,
        "last": None,
    }
    rows = client.entity("Offer").create_many([{"a": float("inf")}], nan="omit")
    assert isinstance(rows[0].error, egito.ConfigError)


def test_async_bulks_accept_frames_and_missing_values(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        frame = pandas.DataFrame({"a": ["x", "y"], "n": [1.5, numpy.nan]})
        rows = await client.entity("Offer").create_many(frame, nan="omit", concurrency=1)
        assert [request["json"] for request in sandbox.journal(action="create")] == [{"a": "x", "n": 1.5}, {"a": "y"}]
        changes = pandas.DataFrame({"id": [row.id for row in rows], "a": ["z", "z"]})
        assert [row.ok async for row in client.entity("Offer").stream_update_many(changes)] == [True, True]
        assert (await client.entity("Offer").create_many(_rows()))[0].ok

    run_async(sandbox, scenario)


NESTED = {"rates": [0.1, 2.5], "limits": {"low": 0.1, "high": 16777217.0}, "points": [{"x": 0.1}]}
SHORT = pyarrow.float32()
NESTED_KIND = pyarrow.schema(
    {
        "rates": pyarrow.list_(SHORT),
        "limits": pyarrow.struct({"low": SHORT, "high": pyarrow.float64()}),
        "points": pyarrow.list_(pyarrow.struct({"x": SHORT})),
    }
)


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow", "fixed lists", "pandas with Arrow"])
def test_float32_in_lists_and_structs_keeps_its_digits(client: egito.Client, library: str) -> None:
    table = pyarrow.Table.from_pylist([NESTED, dict.fromkeys(NESTED)], schema=NESTED_KIND)
    if library == "fixed lists":
        table = table.set_column(0, "rates", table["rates"].cast(pyarrow.list_(SHORT, 2)))
    frame: Any = table
    if library == "polars":
        frame = polars.DataFrame(table)
    if library == "pandas with Arrow":
        frame = table.to_pandas(types_mapper=pandas.ArrowDtype)
    if library == "pandas":
        frame = table.to_pandas()
        assert type(frame["rates"][0]).__name__ == "ndarray"
        frame["limits"] = [NESTED["limits"], None]  # pandas reads Arrow structs as dicts of doubles
        frame["points"] = [[{"x": numpy.float32(0.1)}], None]
    rows = client.entity("Offer").create_many(frame, nan="omit")
    assert [row.error for row in rows] == [None, None]
    record = client.entity("Offer").get(rows[0].id or 0)
    assert {name: record[name] for name in NESTED} == NESTED

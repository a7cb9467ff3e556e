"""Bulks: inputs are taken on demand, each has a row, and interruptions keep the rows."""

import json
import signal
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from types import MappingProxyType
from typing import Any

import pytest

import egito
from support import Sandbox, run_async, start_program, wait_for_disconnects


class Bar:
    """A progress bar with the interface of tqdm."""

    def __init__(self) -> None:
        self.n = 0

    def update(self, n: int) -> None:
        """Advances the bar."""
        self.n += n


def test_each_input_has_a_row_with_the_same_object(sandbox: Sandbox, client: egito.Client) -> None:
    records: list[Any] = [{"name": "Żubr"}, {"city": "Łomża"}, {"name": {1, 2}}, MappingProxyType({"name": "Bóbr"})]
    seen: list[egito.Progress] = []
    rows = client.accounts.create_many(records, concurrency=1, progress=seen.append)
    assert [row.input is record for row, record in zip(rows, records, strict=True)] == [True] * 4
    assert [row.index for row in rows] == [0, 1, 2, 3]
    assert [row.ok for row in rows] == [True, False, False, True]
    assert isinstance(rows[1].error, egito.ValidationError)
    assert isinstance(rows[2].error, egito.ConfigError)
    assert rows[2].error.setting == "record.name"
    assert seen == [(1, 0), (2, 1), (3, 2), (4, 2)]
    assert len(sandbox.journal(action="create")) == 3
    ids = [row.id for row in rows if row.id is not None]
    assert [row.record["name"] for row in client.accounts.get_many(ids) if row.record] == ["Żubr", "Bóbr"]


def test_updates_accept_pairs_or_a_mapping(client: egito.Client) -> None:
    first, second = (row.id for row in client.accounts.create_many([{"name": "a"}, {"name": "b"}]))
    assert first is not None
    assert second is not None
    assert [row.ok for row in client.accounts.update_many({first: {"city": "x"}, second: {"city": "y"}})] == [True] * 2
    rows = client.accounts.update_many(iter([(first, {"city": "z"}), first]))  # type: ignore[arg-type]
    assert [row.input for row in rows] == [(first, {"city": "z"}), first]
    assert rows[1].error is not None
    assert "pair" in rows[1].error.message
    assert [account["city"] for account in client.accounts.list(sort="city")] == ["y", "z"]
    assert [row.id for row in client.accounts.delete_many([first, second])] == [first, second]


def test_progress_bar_advances_for_every_row(client: egito.Client) -> None:
    bar = Bar()
    client.accounts.create_many(({"name": f"{number}"} for number in range(20)), progress=bar)
    assert bar.n == 20


@pytest.mark.parametrize(
    ("option", "value"),
    [("concurrency", 0), ("concurrency", "8"), ("concurrency", True), ("progress", 7)],
)
def test_invalid_option_is_refused_before_anything_is_sent(
    sandbox: Sandbox, client: egito.Client, option: str, value: Any
) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.create_many([{"name": "x"}], **{option: value})
    assert caught.value.setting == option

    async def scenario(client: egito.AsyncClient) -> None:
        with pytest.raises(egito.ConfigError) as caught:
            await client.accounts.create_many([{"name": "x"}], **{option: value})
        assert caught.value.setting == option

    run_async(sandbox, scenario)
    assert sandbox.journal() == []


class Endless:
    """Endless records, and the number that was taken. Waits until the first one, with its login, was received."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.taken = 0
        self._sandbox = sandbox

    def __iter__(self) -> Iterator[dict[str, Any]]:
        while True:
            self.taken += 1
            yield {"name": f"{self.taken}"}
            self._sandbox.journal(wait=1, action="create")


def test_lazy_bulk_takes_inputs_on_demand(sandbox: Sandbox, client: egito.Client) -> None:
    records = Endless(sandbox)
    rows = client.accounts.stream_create_many(records, concurrency=1)
    assert records.taken == 0
    assert [next(rows).index for _ in range(10)] == list(range(10))
    assert records.taken == 10
    rows.close()
    stored = len(sandbox.journal(action="create"))
    client.accounts.list().first()
    assert len(sandbox.journal(action="create")) == stored


def test_lazy_bulk_continues_behind_slow_row_within_its_window(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.hold("slow", action="create")
    records = Endless(sandbox)
    rows = client.accounts.stream_create_many(records, concurrency=2)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(next, rows)
        sandbox.journal(wait=32, action="create")
        assert records.taken == 32
        sandbox.release("slow")
        assert first.result().index == 0
    assert [next(rows).index for _ in range(31)] == list(range(1, 32))
    rows.close()


def test_eager_bulk_continues_behind_slow_row_without_limit(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.hold("slow", action="create")
    with ThreadPoolExecutor(1) as pool:
        rows = pool.submit(client.accounts.create_many, islice(Endless(sandbox), 60), concurrency=2)
        sandbox.journal(wait=60, action="create")
        sandbox.release("slow")
        assert [row.index for row in rows.result() if row.ok] == list(range(60))


def test_leaving_the_loop_cancels_calls_in_flight(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": 1}, {"id": 2}]}})
    sandbox.hold("first", action="get")
    sandbox.hold("second", action="get")

    def release_once_both_are_there() -> None:
        arrived = [request["query"]["id"] for request in sandbox.journal(wait=2, action="get")]
        sandbox.release("first" if arrived == ["1", "2"] else "second")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(release_once_both_are_there)
        for row in client.accounts.stream_get_many([1, 2]):
            assert row.ok
            break
    client.accounts.get(1)
    wait_for_disconnects(sandbox, 1)
    gone = [request["query"]["id"] for request in sandbox.journal(action="get") if request["client_gone"]]
    assert gone == ["2"]


def test_long_bulk_runs_in_constant_memory(client: egito.Client) -> None:
    id = client.accounts.create({"name": "Żubr"})

    def many(number: int) -> int:
        return sum(row.ok for row in client.accounts.stream_get_many(id for _ in range(number)))

    many(50)
    tracemalloc.start()
    try:
        many(50)
        tracemalloc.reset_peak()
        few = tracemalloc.get_traced_memory()[1]
        assert many(1_000) == 1_000
        assert tracemalloc.get_traced_memory()[1] < few + 100_000
    finally:
        tracemalloc.stop()


def test_exception_of_iterator_follows_the_rows(sandbox: Sandbox, client: egito.Client) -> None:
    def broken() -> Iterator[dict[str, Any]]:
        yield {"name": "a"}
        yield {"name": "b"}
        raise LookupError("no more")

    names: list[str] = []
    with pytest.raises(LookupError, match="no more"):
        names += [row.input["name"] for row in client.accounts.create_many(broken())]
    assert [account["name"] for account in client.accounts.list(sort="name")] == ["a", "b"]
    with pytest.raises(LookupError, match="no more"):
        for row in client.accounts.stream_create_many(broken()):
            names.append(row.input["name"])
    assert names == ["a", "b"]
    assert not any(request["client_gone"] for request in sandbox.journal())


def test_exception_that_ends_a_bulk_has_the_rows(sandbox: Sandbox, client: egito.Client) -> None:
    def broken(so_far: egito.Progress) -> None:
        if so_far.done == 3:
            raise LookupError("a broken progress")

    def check_rows(raised: Any) -> None:
        created = len(sandbox.journal(action="create")) - sum(before)
        before.append(created)
        assert 3 <= created <= 5
        assert [row.input for row in raised.rows] == records[: len(raised.rows)]
        assert [row.ok for row in raised.rows].count(True) == created
        assert all(row.ok or row.error.outcome == "not_sent" for row in raised.rows)

    before: list[int] = []
    records = [{"name": f"{number}"} for number in range(10)]
    with pytest.raises(LookupError) as caught:
        client.accounts.create_many(records, concurrency=2, progress=broken)
    check_rows(caught.value)
    if sys.version_info >= (3, 11):
        assert "`rows`" in caught.value.__notes__[0]

    async def scenario(client: egito.AsyncClient) -> None:
        with pytest.raises(LookupError) as caught:
            await client.accounts.create_many(records, concurrency=2, progress=broken)
        check_rows(caught.value)

    run_async(sandbox, scenario)


INTERRUPTED = """
import json, signal, sys, egito
signal.signal(signal.SIGINT, signal.default_int_handler)
client = egito.Client(**json.loads(sys.argv[1]))
client.accounts.get(1)
try:
    client.accounts.get_many([1] * 100, concurrency=4, cancel_grace=0.1)
except KeyboardInterrupt as interruption:
    print("interrupted", *(row.error.code for row in interruption.rows), flush=True)
print(client.accounts.get(1)["name"], flush=True)
"""


def test_ctrl_c_cancels_a_bulk(sandbox: Sandbox) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": 1, "name": "Żubr"}]}})
    sandbox.control("faults", {"on": {"action": "get"}, "skip": 1, "times": 4, "hold": "slow"})
    with start_program(INTERRUPTED, json.dumps(sandbox.settings)) as child:
        sandbox.journal(wait=5, action="get")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)
    assert (out.splitlines()[-1], err) == ("Żubr", "")
    assert out.splitlines()[0] == "interrupted cancelled cancelled cancelled cancelled"
    wait_for_disconnects(sandbox, 4)
    assert [request["client_gone"] for request in sandbox.journal(wait=6, action="get")] == [
        *(False, True, True, True, True, False)
    ]


CREATES = """
import json, signal, sys, egito
signal.signal(signal.SIGINT, signal.default_int_handler)
client = egito.Client(**json.loads(sys.argv[1]))
records = [{"name": f"Firma {number}"} for number in range(10_000)]
rows, rest = [], []
try:
    if sys.argv[2] == "stream":
        stream = client.accounts.stream_create_many(records)
        for row in stream:
            rows.append(row)
    else:
        client.accounts.create_many(records)
except KeyboardInterrupt as interruption:
    rows += stream.rest() if sys.argv[2] == "stream" else interruption.rows
print(json.dumps([[row.index, "ok" if row.ok else row.error.outcome] for row in rows]), flush=True)
"""


@pytest.mark.parametrize("mode", ["all", "stream"])
def test_after_ctrl_c_every_created_record_has_a_row(sandbox: Sandbox, mode: str) -> None:
    sandbox.control("faults", {"on": {"action": "create"}, "times": 0, "delay_ms": 5})
    with start_program(CREATES, json.dumps(sandbox.settings), mode) as child:
        sandbox.journal(wait=200, action="create")
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=20)
    assert err == ""
    rows = json.loads(out)
    assert [index for index, _ in rows] == list(range(len(rows)))
    assert 200 <= len(rows) < 10_000
    assert {end for _, end in rows} <= {"ok", "not_sent"}
    assert len(sandbox.journal(action="create")) == len([end for _, end in rows if end == "ok"])
    assert not any(request["client_gone"] for request in sandbox.journal())


def test_rest_returns_unread_rows_after_a_break(sandbox: Sandbox, client: egito.Client) -> None:
    rows = client.accounts.stream_create_many(({"name": "Żubr"} for _ in range(1000)), concurrency=4)
    for row in rows:
        assert row.ok
        break
    rest = rows.rest()
    assert [row.index for row in rest] == list(range(1, len(rest) + 1))
    assert len([row for row in rest if row.ok]) == len(sandbox.journal(action="create")) - 1
    assert all(row.ok or (row.error and row.error.outcome == "not_sent") for row in rest)
    assert rows.rest() == []
    with pytest.raises(egito.ConfigError, match="was read to its end"):
        list(rows)

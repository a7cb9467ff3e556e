"""Bulks with asyncio: any iterable, calls that continue while inputs are awaited, and cancellation."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

import egito
from support import Sandbox, run_async, wait_for_disconnects


def test_rows_as_a_list_or_one_by_one(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        records = [{"name": f"{number}"} for number in range(50)]
        seen: list[egito.Progress] = []
        rows = await client.accounts.create_many(records, progress=seen.append)
        assert [row.input for row in rows] == records
        assert seen[-1] == (50, 0)
        ids = [row.id for row in rows if row.id is not None]
        names = [row.record["name"] async for row in client.accounts.stream_get_many(ids) if row.record]
        assert names == [f"{number}" for number in range(50)]
        changed = await client.accounts.update_many({ids[0]: {"city": "Kraków"}, ids[1]: 7})  # type: ignore[arg-type]
        assert [row.ok for row in changed] == [True, False]
        assert [row.ok for row in await client.accounts.delete_many(iter(ids))] == [True] * 50

    run_async(sandbox, scenario)


def test_calls_go_on_while_an_asynchronous_iterator_is_awaited(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        more = asyncio.Event()

        async def slow() -> AsyncIterator[dict[str, Any]]:
            yield {"name": "a"}
            await more.wait()
            yield {"name": "b"}

        rows = client.accounts.stream_create_many(slow())
        assert (await anext(rows)).input == {"name": "a"}  # before the next input is available
        more.set()
        assert [row.input async for row in rows] == [{"name": "b"}]

    run_async(sandbox, scenario)


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(("stream", "expected"), [(True, 32), (False, 60)])
def test_calls_go_on_behind_a_slow_row(sandbox: Sandbox, is_async: bool, stream: bool, expected: int) -> None:
    taken: list[int] = []

    def records() -> Iterator[dict[str, Any]]:
        for number in range(60):
            taken.append(number)
            yield {"name": f"{number}"}
            sandbox.journal(wait=1, action="create")  # waits until the first one, with its login, was received

    async def one_by_one() -> AsyncIterator[dict[str, Any]]:
        for record in records():
            yield record

    async def read_all(client: egito.AsyncClient, inputs: Any) -> list[int]:
        if stream:
            return [row.index async for row in client.accounts.stream_create_many(inputs, concurrency=2)]
        return [row.index for row in await client.accounts.create_many(inputs, concurrency=2)]

    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.hold("slow", action="create")
        reading = asyncio.ensure_future(read_all(client, one_by_one() if is_async else records()))
        await asyncio.to_thread(sandbox.journal, wait=expected, action="create")
        assert len(taken) == expected
        sandbox.release("slow")
        assert await reading == list(range(60))

    run_async(sandbox, scenario)


def test_exception_of_async_iterator_follows_the_rows(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        async def broken() -> AsyncIterator[dict[str, Any]]:
            yield {"name": "a"}
            raise LookupError("no more")

        rows = client.accounts.stream_create_many(broken())
        assert (await anext(rows)).ok
        with pytest.raises(LookupError):
            await anext(rows)
        with pytest.raises(StopAsyncIteration):
            await anext(rows)
        with pytest.raises(LookupError):
            await client.accounts.create_many(broken())

    run_async(sandbox, scenario)


def test_cancelling_a_bulk_cancels_its_requests(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.list().first()
        sandbox.control("faults", {"on": {"action": "get"}, "times": 3, "hold": "slow"})
        task = asyncio.ensure_future(client.accounts.get_many([1] * 100, concurrency=3, cancel_grace=0.1))
        await asyncio.to_thread(sandbox.journal, wait=3, action="get")
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        codes = [row.error.code for row in caught.value.rows]  # type: ignore[attr-defined]
        assert codes == ["cancelled"] * 3
        with pytest.raises(egito.NotFoundError):
            await client.accounts.get(5)

    run_async(sandbox, scenario)
    wait_for_disconnects(sandbox, 3)
    assert [request["client_gone"] for request in sandbox.journal(action="get")] == [True, True, True, False]


def test_leaving_the_loop_cancels_calls_in_flight(sandbox: Sandbox) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": 1}, {"id": 2}]}})

    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.hold("first", action="get")
        sandbox.hold("second", action="get")
        released = asyncio.ensure_future(asyncio.to_thread(release_once_both_are_there))
        async for row in client.accounts.stream_get_many([1, 2]):
            assert row.ok
            break
        await released
        await client.accounts.get(1)

    def release_once_both_are_there() -> None:
        arrived = [request["query"]["id"] for request in sandbox.journal(wait=2, action="get")]
        sandbox.release("first" if arrived == ["1", "2"] else "second")

    run_async(sandbox, scenario)
    wait_for_disconnects(sandbox, 1)
    gone = [request["query"]["id"] for request in sandbox.journal(action="get") if request["client_gone"]]
    assert gone == ["2"]


def test_cancelled_wait_loses_no_row(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        id = await client.accounts.create({"name": "Żubr"})
        sandbox.control("faults", {"on": {"action": "get"}, "times": 2, "hold": "slow"})
        rows = client.accounts.stream_get_many([id, id])
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(rows), 0.05)
        sandbox.release("slow")
        assert [row.index async for row in rows] == [0, 1]

    run_async(sandbox, scenario)


def test_cancelling_the_reading_task_cancels_a_lazy_bulk(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.control("faults", {"on": {"action": "create"}, "times": 0, "delay_ms": 20})
        taken: list[int] = []

        def inputs() -> Iterator[dict[str, str]]:
            for number in range(500):
                taken.append(number)
                yield {"name": "Żubr"}

        rows = client.accounts.stream_create_many(inputs(), concurrency=4)
        read: list[egito.BulkRow[Any]] = []

        async def read_all() -> None:
            async for row in rows:
                read.append(row)  # noqa: PERF401 - keeps the rows before the cancel

        task = asyncio.ensure_future(read_all())
        await asyncio.to_thread(sandbox.journal, wait=20, action="create")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        taken_at_cancel = len(taken)
        with pytest.raises(egito.CancelledError):
            await read_all()
        assert len(read) == len(taken) == taken_at_cancel < 500
        assert all(row.ok for row in read)

    run_async(sandbox, scenario)


def test_cancelled_task_has_a_row_for_every_sent_input(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.control("faults", {"on": {"action": "create"}, "times": 0, "delay_ms": 20})
        task = asyncio.ensure_future(client.accounts.create_many([{"name": "Żubr"}] * 10_000))
        await asyncio.to_thread(sandbox.journal, wait=50, action="create")
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        rows = caught.value.rows  # type: ignore[attr-defined]
        assert [row.index for row in rows] == list(range(len(rows)))
        assert len([row for row in rows if row.ok]) == len(sandbox.journal(action="create"))
        assert all(row.ok or row.error.outcome == "not_sent" for row in rows)

    run_async(sandbox, scenario)


def test_second_cancel_does_not_wait_for_the_calls(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        sandbox.hold("slow", action="create")
        task = asyncio.ensure_future(client.accounts.create_many([{"name": "Żubr"}], cancel_grace=60))
        await asyncio.to_thread(sandbox.journal, wait=1, action="create")
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await asyncio.wait_for(task, 10)
        (row,) = caught.value.rows  # type: ignore[attr-defined]
        assert row.error.outcome == "unknown"

    run_async(sandbox, scenario)


def test_rest_returns_unread_rows_after_a_break(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        rows = client.accounts.stream_create_many(({"name": "Żubr"} for _ in range(1000)), concurrency=4)
        async for row in rows:
            assert row.ok
            break
        rest = await rows.rest()
        assert [row.index for row in rest] == list(range(1, len(rest) + 1))
        assert len([row for row in rest if row.ok]) == len(sandbox.journal(action="create")) - 1

    run_async(sandbox, scenario)

"""AsyncClient: coroutines, cancellation that reaches the server, and different event loops."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

import egito
from support import Sandbox, run_async, start_program, wait_for_disconnects

OPEN_FILES = Path("/proc/self/fd")


def test_concurrent_calls_get_their_own_results(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        tasks = [asyncio.create_task(client.accounts.create({"name": f"{number}"})) for number in range(300)]
        ids = await asyncio.gather(*tasks)
        records = await asyncio.gather(*map(client.accounts.get, ids))
        assert [record["name"] for record in records] == [f"{number}" for number in range(300)]
        in_order = sorted(records, key=lambda record: record["id"])
        assert [record async for record in client.accounts.list(page_size=100)] == in_order
        assert await client.accounts.list(sort="id").first() == in_order[0]

    run_async(sandbox, scenario)
    assert len(sandbox.journal(action="login")) == 1


def test_cancelling_a_task_cancels_only_its_request(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        id = await client.accounts.create({"name": "Żubr"})
        sandbox.hold("slow", action="get")
        task = asyncio.create_task(client.accounts.get(id))
        await asyncio.to_thread(sandbox.journal, wait=1, action="get")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.accounts.get(id))["name"] == "Żubr"

    run_async(sandbox, scenario)
    wait_for_disconnects(sandbox, 1)
    assert [request["client_gone"] for request in sandbox.journal(action="get")] == [True, False]


def test_page_of_cancelled_wait_is_requested_again(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.create({"name": "Żubr"})
        sandbox.hold("slow", action="list")
        pages = client.accounts.list().pages()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(pages.__anext__(), 0.1)
        assert [len(page) async for page in pages] == [1]

    run_async(sandbox, scenario)


def test_tasks_that_share_an_iterator_get_each_record_exactly_once(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 50})

    async def scenario(client: egito.AsyncClient) -> None:
        records, seen = aiter(client.accounts.list(page_size=5)), list[int]()

        async def read() -> None:
            async for record in records:
                seen.append(record["id"])
                await asyncio.sleep(0)

        await asyncio.gather(read(), read(), read())
        assert sorted(seen) == list(range(1, 51))

    run_async(sandbox, scenario)


def test_page_that_arrives_during_cancellation_goes_to_next_wait(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 4})

    async def scenario(client: egito.AsyncClient) -> None:
        pages = client.accounts.list(page_size=2).pages()
        waiting = pages.__anext__()
        future = waiting.send(None)  # as a task does: the future completes when the page arrives
        done = asyncio.Event()
        future.add_done_callback(lambda _: done.set())
        await done.wait()
        with pytest.raises(asyncio.CancelledError):
            waiting.throw(asyncio.CancelledError)
        assert [[record["id"] for record in page] async for page in pages] == [[1, 2], [3, 4]]

    run_async(sandbox, scenario, page_overlap=0)


def test_failed_iterator_raises_again(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 6})
    sandbox.fault(on={"action": "list"}, skip=1, times=1, response={"status": 403, "json": {"error": "access_denied"}})

    async def scenario(client: egito.AsyncClient) -> None:
        records = aiter(client.accounts.list(page_size=2))
        assert [(await anext(records))["id"] for _ in range(2)] == [1, 2]
        for _ in range(2):
            with pytest.raises(egito.PermissionError):
                await anext(records)

    run_async(sandbox, scenario, prefetch=0)


def test_closed_iterator_returns_no_more(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 6})

    async def scenario(client: egito.AsyncClient) -> None:
        accounts = client.accounts.list(page_size=2)
        async with contextlib.aclosing(aiter(accounts)) as records, contextlib.aclosing(accounts.pages()) as pages:
            assert (await anext(records))["id"] == 1
            assert len(await anext(pages)) == 2
        assert [record async for record in records] == []
        assert [page async for page in pages] == []

    run_async(sandbox, scenario)


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """A loop without `add_reader`, as on Windows."""

    def add_reader(self, *_: Any) -> None:  # type: ignore[override]
        """Raises NotImplementedError."""
        raise NotImplementedError


def test_loop_without_add_reader_is_woken(sandbox: Sandbox) -> None:
    loop = LoopWithoutReaders()
    client = egito.AsyncClient(**sandbox.settings)
    id = loop.run_until_complete(client.accounts.create({"name": "Żubr"}))
    sandbox.hold("slow", action="get")
    left = loop.create_task(client.accounts.get(id))
    loop.run_until_complete(asyncio.to_thread(sandbox.journal, wait=1, action="get"))
    abandon(loop, left)
    sandbox.release("slow")
    assert asyncio.run(client.accounts.get(id))["name"] == "Żubr"


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not list open files here")
def test_clients_leave_no_file_descriptor_open(sandbox: Sandbox) -> None:
    async def use_and_drop() -> None:
        await egito.AsyncClient(**sandbox.settings).accounts.list().to_list()

    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.list().to_list()
        before = open_files()
        for _ in range(10):
            await use_and_drop()
        while open_files() > before:
            await asyncio.sleep(0)

    async def in_time(client: egito.AsyncClient) -> None:
        await asyncio.wait_for(scenario(client), 5)

    run_async(sandbox, in_time)


def test_errors_and_panics_are_raised_by_await(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        with pytest.raises(egito.NotFoundError):
            await client.accounts.get(404)
        with pytest.raises(egito.InternalError):
            await client._native.panic_for_tests()  # type: ignore[attr-defined]  # only in builds for tests
        with pytest.raises(egito.ConfigError, match=r"record\.since"):
            await client.accounts.create({"since": object()})

    run_async(sandbox, scenario)
    capfd.readouterr()


def test_client_works_in_second_loop_after_abandoned_call(sandbox: Sandbox) -> None:
    client = egito.AsyncClient(**sandbox.settings)
    id = asyncio.run(client.accounts.create({"name": "Żubr"}))
    sandbox.hold("slow", action="get")
    loop = asyncio.new_event_loop()
    left = loop.create_task(client.accounts.get(id))
    loop.run_until_complete(asyncio.to_thread(sandbox.journal, wait=1, action="get"))
    abandon(loop, left)
    sandbox.release("slow")  # the loop is closed when the result arrives
    assert asyncio.run(client.accounts.get(id))["name"] == "Żubr"


def open_files() -> int:
    """Returns the number of open files and sockets of this process."""
    return sum(1 for _ in OPEN_FILES.iterdir())


def abandon(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    """Closes a loop with a pending task, without the warning of asyncio."""
    loop.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]


SCRIPT = """
import asyncio, json, sys, egito
async def main():
    client = egito.AsyncClient(**json.loads(sys.argv[1]))
    await client.accounts.create({"name": "a first call logs in"})
    call = client.accounts.get(1)
    call.send(None)
    await asyncio.to_thread(print, "in flight", flush=True)
    return client, call
kept = asyncio.run(main())
"""


def test_python_exits_with_a_call_in_flight(sandbox: Sandbox) -> None:
    sandbox.hold("slow", action="get")
    with start_program(SCRIPT, json.dumps(sandbox.settings)) as child:
        out, err = child.communicate(timeout=10)
        assert (child.returncode, out, err) == (0, "in flight\n", "")


def test_tasks_that_share_an_iterator_get_a_record_or_the_end(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 25})

    async def scenario(client: egito.AsyncClient) -> None:
        for page_size in (3, 500):
            shared = aiter(client.accounts.list(page_size=page_size))
            for expected in (10, 10, 5, 0):
                batch = await asyncio.gather(*(anext(shared, None) for _ in range(10)))
                assert len([record for record in batch if record]) == expected

    run_async(sandbox, scenario)

"""AsyncClient behaves as asyncio people expect: real coroutines, cancellation that reaches the server, any loop."""

import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import pytest

import egito
from support import Sandbox, await_gone, play, run

OPEN_FILES = Path("/proc/self/fd")


def test_many_calls_at_once_each_get_their_own_result(sandbox: Sandbox) -> None:
    async def story(client: egito.AsyncClient) -> None:
        tasks = [asyncio.create_task(client.accounts.create({"name": f"{number}"})) for number in range(300)]
        ids = await asyncio.gather(*tasks)
        records = await asyncio.gather(*map(client.accounts.get, ids))
        assert [record["name"] for record in records] == [f"{number}" for number in range(300)]
        in_order = sorted(records, key=lambda record: record["id"])
        assert [record async for record in client.accounts.list(page_size=100)] == in_order
        assert await client.accounts.list(sort="id").first() == in_order[0]

    play(sandbox, story)
    assert len(sandbox.journal(action="login")) == 1


def test_cancelling_a_task_closes_its_request_and_nothing_else(sandbox: Sandbox) -> None:
    async def story(client: egito.AsyncClient) -> None:
        id = await client.accounts.create({"name": "Żubr"})
        sandbox.hold("slow", action="get")
        task = asyncio.create_task(client.accounts.get(id))
        await asyncio.to_thread(sandbox.journal, wait=1, action="get")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.accounts.get(id))["name"] == "Żubr"

    play(sandbox, story)
    await_gone(sandbox, 1)
    assert [request["client_gone"] for request in sandbox.journal(action="get")] == [True, False]


def test_a_page_whose_wait_was_cancelled_is_asked_for_again(sandbox: Sandbox) -> None:
    async def story(client: egito.AsyncClient) -> None:
        await client.accounts.create({"name": "Żubr"})
        sandbox.hold("slow", action="list")
        pages = client.accounts.list().pages()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(pages.__anext__(), 0.1)
        assert [len(page) async for page in pages] == [1]

    play(sandbox, story)


def test_tasks_that_share_an_iterator_get_each_record_exactly_once(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 50})

    async def story(client: egito.AsyncClient) -> None:
        records, seen = aiter(client.accounts.list(page_size=5)), list[int]()

        async def read() -> None:
            async for record in records:
                seen.append(record["id"])
                await asyncio.sleep(0)

        await asyncio.gather(read(), read(), read())
        assert sorted(seen) == list(range(1, 51))

    play(sandbox, story)


def test_a_page_that_came_as_its_wait_was_cancelled_is_given_to_the_next_one(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 4})

    async def story(client: egito.AsyncClient) -> None:
        pages = client.accounts.list(page_size=2).pages()
        waiting = pages.__anext__()
        future = waiting.send(None)  # as a task does: waits until it is told that the page is there
        told = asyncio.Event()
        future.add_done_callback(lambda _: told.set())
        await told.wait()
        with pytest.raises(asyncio.CancelledError):
            waiting.throw(asyncio.CancelledError)
        assert [[record["id"] for record in page] async for page in pages] == [[1, 2], [3, 4]]

    play(sandbox, story, page_overlap=0)


def test_an_iterator_that_failed_never_looks_complete(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 6})
    sandbox.fault(on={"action": "list"}, skip=1, times=1, response={"status": 403, "json": {"error": "access_denied"}})

    async def story(client: egito.AsyncClient) -> None:
        records = aiter(client.accounts.list(page_size=2))
        assert [(await anext(records))["id"] for _ in range(2)] == [1, 2]
        for _ in range(2):
            with pytest.raises(egito.PermissionError):
                await anext(records)

    play(sandbox, story, prefetch=0)


def test_an_iterator_that_was_closed_gives_no_more(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 6})

    async def story(client: egito.AsyncClient) -> None:
        accounts = client.accounts.list(page_size=2)
        async with contextlib.aclosing(aiter(accounts)) as records, contextlib.aclosing(accounts.pages()) as pages:
            assert (await anext(records))["id"] == 1
            assert len(await anext(pages)) == 2
        assert [record async for record in records] == []
        assert [page async for page in pages] == []

    play(sandbox, story)


class LoopWithoutReaders(asyncio.SelectorEventLoop):
    """A loop that watches no sockets for others, as on Windows."""

    def add_reader(self, *_: Any) -> None:  # type: ignore[override]
        """Refuse."""
        raise NotImplementedError


def test_a_loop_that_watches_no_sockets_is_woken_as_well(sandbox: Sandbox) -> None:
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
def test_clients_leave_nothing_open_in_a_loop_that_goes_on(sandbox: Sandbox) -> None:
    async def use_and_drop() -> None:
        await egito.AsyncClient(**sandbox.settings).accounts.list().to_list()

    async def story(client: egito.AsyncClient) -> None:
        await client.accounts.list().to_list()
        before = open_files()
        for _ in range(10):
            await use_and_drop()
        while open_files() > before:
            await asyncio.sleep(0)

    async def in_time(client: egito.AsyncClient) -> None:
        await asyncio.wait_for(story(client), 5)

    play(sandbox, in_time)


def test_errors_and_panics_come_out_of_await(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    async def story(client: egito.AsyncClient) -> None:
        with pytest.raises(egito.NotFoundError):
            await client.accounts.get(404)
        with pytest.raises(egito.InternalError):
            await client._panic_for_tests()
        with pytest.raises(egito.ConfigError, match=r"record\.since"):
            await client.accounts.create({"since": object()})

    play(sandbox, story)
    capfd.readouterr()


def test_a_client_serves_one_loop_after_the_other_though_a_call_was_left_behind(sandbox: Sandbox) -> None:
    client = egito.AsyncClient(**sandbox.settings)
    id = asyncio.run(client.accounts.create({"name": "Żubr"}))
    sandbox.hold("slow", action="get")
    loop = asyncio.new_event_loop()
    left = loop.create_task(client.accounts.get(id))
    loop.run_until_complete(asyncio.to_thread(sandbox.journal, wait=1, action="get"))
    abandon(loop, left)
    sandbox.release("slow")  # its result finds a closed loop
    assert asyncio.run(client.accounts.get(id))["name"] == "Żubr"


def open_files() -> int:
    """How many files and sockets this process has open."""
    return sum(1 for _ in OPEN_FILES.iterdir())


def abandon(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    """Close a loop with a task under way, without asyncio's complaint."""
    loop.close()
    task._log_destroy_pending = False  # type: ignore[attr-defined]


SCRIPT = """
import asyncio, json, sys, egito
async def main():
    client = egito.AsyncClient(**json.loads(sys.argv[1]))
    await client.accounts.create({"name": "a first call logs in"})
    call = client.accounts.get(1)
    call.send(None)
    await asyncio.to_thread(print, "under way", flush=True)
    return client, call
kept = asyncio.run(main())
"""


def test_python_ends_at_once_with_a_call_under_way(sandbox: Sandbox) -> None:
    sandbox.hold("slow", action="get")
    with run(SCRIPT, json.dumps(sandbox.settings)) as child:
        out, err = child.communicate(timeout=10)
        assert (child.returncode, out, err) == (0, "under way\n", "")


def test_every_task_that_shares_an_iterator_gets_a_record_or_the_true_end(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 25})

    async def story(client: egito.AsyncClient) -> None:
        for page_size in (3, 500):
            shared = aiter(client.accounts.list(page_size=page_size))
            for expected in (10, 10, 5, 0):
                batch = await asyncio.gather(*(anext(shared, None) for _ in range(10)))
                assert len([record for record in batch if record]) == expected

    play(sandbox, story)

"""Hooks run in the context (`contextvars`) of the call that caused the event."""

import asyncio
import contextvars
import gc
import threading
import weakref
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

import egito
from support import Sandbox, run_async

JOB: contextvars.ContextVar[Any] = contextvars.ContextVar("job", default=None)

READERS: list[Callable[[egito.Client], object]] = [
    lambda client: client.accounts.get(1),
    lambda client: client.accounts.get_many(range(1, 6)),
    lambda client: list(client.accounts.stream_get_many(range(1, 6))),
    lambda client: list(client.accounts.list(page_size=1)),
    lambda client: list(client.accounts.list(page_size=1).pages()),
    lambda client: client.accounts.list(page_size=1).to_list(),
    lambda client: client.accounts.list(page_size=1).to_arrow(),
    lambda client: list(client.accounts.list(page_size=1).to_arrow_batches()),
    lambda client: client.accounts.list().count(),
    lambda client: client.dictionary("industry").to_list(),
]


@pytest.fixture
def accounts(sandbox: Sandbox) -> Sandbox:
    """A sandbox with a few accounts."""
    sandbox.add(Account=[{"id": id} for id in range(1, 6)])
    return sandbox


@pytest.mark.parametrize("read", READERS)
def test_events_have_the_context_of_their_thread(accounts: Sandbox, read: Callable[[egito.Client], object]) -> None:
    received: list[tuple[Any, int]] = []
    begun = threading.Barrier(3)

    def work(job: str) -> None:
        JOB.set(job)
        begun.wait()
        read(client)

    with egito.Client(on_event=lambda event: received.append((JOB.get(), event.call)), **accounts.settings) as client:
        client.accounts.get(1)  # logs in
        received.clear()
        threads = [threading.Thread(target=work, args=[job]) for job in ("a", "b", "c")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    counts = {job: sum(each == job for each, _ in received) for job in ("a", "b", "c")}
    assert None not in {job for job, _ in received}
    assert counts["a"] == counts["b"] == counts["c"] > 0


async def _all(rows: Any) -> None:
    async for _ in rows:
        pass


ASYNC_READERS: list[Callable[[egito.AsyncClient], Coroutine[Any, Any, object]]] = [
    lambda client: client.accounts.get(1),
    lambda client: client.accounts.get_many(range(1, 6)),
    lambda client: _all(client.accounts.stream_get_many(range(1, 6))),
    lambda client: _all(client.accounts.list(page_size=1)),
    lambda client: _all(client.accounts.list(page_size=1).pages()),
    lambda client: client.accounts.list(page_size=1).to_list(),
    lambda client: client.accounts.list(page_size=1).to_arrow(),
    lambda client: _all(client.accounts.list(page_size=1).to_arrow_batches()),
    lambda client: client.accounts.list().count(),
    lambda client: client.accounts.list().first(),
    lambda client: client.accounts.list().exists(),
    lambda client: client.accounts.list().total(),
    lambda client: client.dictionary("industry").to_list(),
]


@pytest.mark.parametrize("read", ASYNC_READERS)
def test_events_have_the_context_of_their_task(
    accounts: Sandbox, read: Callable[[egito.AsyncClient], Coroutine[Any, Any, object]]
) -> None:
    received: list[tuple[Any, threading.Thread]] = []

    async def scenario(client: egito.AsyncClient) -> None:
        async def work(job: str) -> None:
            JOB.set(job)
            await read(client)

        await client.accounts.get(1)  # logs in
        received.clear()
        await asyncio.gather(*(work(job) for job in ("a", "b", "c")))
        jobs = [job for job, _ in received]
        assert None not in jobs
        assert jobs.count("a") == jobs.count("b") == jobs.count("c") > 0
        assert {thread for _, thread in received} == {threading.current_thread()}

    run_async(accounts, scenario, on_event=lambda _: received.append((JOB.get(), threading.current_thread())))


def test_hook_cannot_change_the_context_of_a_bulk(accounts: Sandbox) -> None:
    received: list[Any] = []

    def on_event(_: egito.Event) -> None:
        received.append(JOB.get())
        JOB.set("changed by the hook")

    with egito.Client(on_event=on_event, **accounts.settings) as client:
        contextvars.copy_context().run(client.accounts.get, 1)
        received.clear()
        JOB.set("bulk")
        client.accounts.get_many(range(1, 6))
        assert received == ["bulk"] * 5
        assert JOB.get() == "bulk"
    JOB.set(None)


def test_context_is_released_after_its_call(accounts: Sandbox) -> None:
    class Request:
        pass

    gone: list[weakref.ref[Request]] = []

    def work(client: egito.Client) -> None:
        request = Request()
        gone.append(weakref.ref(request))
        JOB.set(request)
        list(client.accounts.list(page_size=1))
        next(iter(client.accounts.list(page_size=1)))
        client.accounts.get_many([1, 2])
        next(iter(client.accounts.stream_get_many([1, 2])))

    with egito.Client(on_event=lambda _: None, **accounts.settings) as client:
        contextvars.copy_context().run(work, client)
        gc.collect()
        assert gone[0]() is None

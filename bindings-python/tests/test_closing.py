"""Closing a client: calls in flight have time to finish."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import egito
from support import Sandbox, run_async


def test_close_waits_for_the_calls_of_other_threads(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.hold("gate", action="create")
    with ThreadPoolExecutor(2) as pool:
        call = pool.submit(client.accounts.create, {"name": "Żubr"})
        sandbox.journal(wait=1, action="create")
        closing = pool.submit(client.close)
        with pytest.raises(egito.ConfigError):
            while True:
                client.accounts.list().exists()
        sandbox.release("gate")
        closing.result(10)
        assert isinstance(call.result(10), int)


def test_calls_longer_than_close_timeout_are_cancelled(sandbox: Sandbox) -> None:
    client = egito.Client(**sandbox.settings, close_timeout=0.05)
    sandbox.hold("gate", action="create")
    raised: list[BaseException] = []

    def create() -> None:
        try:
            client.accounts.create({"name": "Żubr"})
        except egito.EgitoError as error:
            raised.append(error)

    thread = threading.Thread(target=create)
    thread.start()
    sandbox.journal(wait=1, action="create")
    client.close()
    thread.join(10)
    (error,) = raised
    assert isinstance(error, egito.EgitoError)
    assert error.outcome == "unknown"


def test_close_of_an_async_client_waits_for_its_calls(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> Any:
        sandbox.hold("gate", action="create")
        call = asyncio.ensure_future(client.accounts.create({"name": "Żubr"}))
        await asyncio.to_thread(sandbox.journal, wait=1, action="create")
        closing = asyncio.ensure_future(client.close())
        await asyncio.sleep(0)
        with pytest.raises(egito.ConfigError):
            await client.accounts.get(1)
        sandbox.release("gate")
        await closing
        assert isinstance(await call, int)

    run_async(sandbox, scenario)

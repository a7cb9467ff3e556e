"""Threads share a client, and waiting calls release the interpreter."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import egito
from support import Sandbox


def test_threads_share_a_client_and_one_login(sandbox: Sandbox, client: egito.Client) -> None:
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda number: client.accounts.create({"name": f"{number}"}), range(100)))
        names = list(pool.map(lambda each: client.accounts.get(each)["name"], ids))
    assert names == [f"{number}" for number in range(100)]
    assert len(sandbox.journal(action="login")) == 1


def test_waiting_call_releases_the_interpreter(sandbox: Sandbox, client: egito.Client) -> None:
    id = client.accounts.create({"name": "Żubr"})
    sandbox.hold("slow", action="get")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.accounts.get, id)
        sandbox.journal(wait=1, action="get")  # this thread runs while the other one waits
        assert not waiting.done()
        sandbox.release("slow")
        assert waiting.result(10)["name"] == "Żubr"


def test_pages_read_by_two_threads_are_refused(sandbox: Sandbox, client: egito.Client) -> None:
    client.accounts.create({"name": "Żubr"})
    sandbox.hold("slow", action="list")
    pages = client.accounts.list().pages()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, pages)
        sandbox.journal(wait=1, action="list")
        with pytest.raises(egito.ConfigError, match="another thread"):
            next(pages)
        sandbox.release("slow")
        assert len(waiting.result(10)) == 1

"""Clients that were created before `fork` work in the child and in the parent."""

import asyncio
import os
import signal
import threading
import warnings
from collections.abc import Callable

import pytest

import egito
from support import Sandbox

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def in_child(work: Callable[[], bool]) -> bool:
    """Returns the result of `work` in a forked child. An alarm ends a child that hangs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 and newer warn about `fork` with threads
        child = os.fork()
    if child == 0:
        signal.alarm(10)
        try:
            os._exit(0 if work() else 1)
        finally:
            os._exit(2)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_client_works_in_forked_child_with_its_own_connections(sandbox: Sandbox, client: egito.Client) -> None:
    id = client.accounts.create({"name": "Żubr"})
    assert in_child(lambda: client.accounts.get(id)["name"] == "Żubr")
    assert client.accounts.get(id)["name"] == "Żubr"
    calls = [(each["action"], each["connection"]) for each in sandbox.journal()]
    actions, connections = zip(*calls, strict=True)
    assert actions == ("login", "create", "login", "get", "get")
    assert connections[1] == connections[4] != connections[3]


def test_list_started_before_fork_works_in_child(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.control("reset", {"seed": "empty", "records": {"Account": 5}})
    pages = client.accounts.list(page_size=2).pages()
    first = next(pages)
    rest = [record["id"] for page in pages for record in page]
    pages = client.accounts.list(page_size=2).pages()
    assert next(pages) == first
    assert in_child(lambda: [record["id"] for page in pages for record in page] == rest)


def test_login_in_flight_at_fork_does_not_block_the_child(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.hold("login", action="login")
    thread = threading.Thread(target=client.accounts.create, args=[{"name": "x"}])
    thread.start()
    sandbox.journal(wait=1, action="login")
    assert in_child(lambda: client.accounts.list().to_list() == [])
    sandbox.release("login")
    thread.join(10)
    assert not thread.is_alive()


def test_async_client_works_in_child_and_parent(sandbox: Sandbox) -> None:
    client = egito.AsyncClient(**sandbox.settings)
    id = asyncio.run(client.accounts.create({"name": "Żubr"}))

    def read() -> bool:
        name: str = asyncio.run(client.accounts.get(id))["name"]
        return name == "Żubr"

    assert in_child(read)
    assert in_child(lambda: in_child(read) and read())
    assert read()


def test_closed_client_stays_closed_in_forked_child(client: egito.Client) -> None:
    client.close()

    def is_closed() -> bool:
        with pytest.raises(egito.ConfigError):
            client.accounts.get(1)
        return True

    assert in_child(is_closed)

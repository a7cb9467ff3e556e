"""Subclasses of clients, the environment, and unsupported uses."""

import asyncio
import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import trio

import egito
from support import VARIABLES, Sandbox


class Firma(egito.Client):
    def __init__(self, *names: Any, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.cache: dict[str, Any] = {}


class AsyncFirma(egito.AsyncClient):
    def __init__(self, *names: Any, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.cache: dict[str, Any] = {}


class Fixed(egito.Client):
    def __init__(self) -> None:
        super().__init__(timeout=5)
        self.cache: dict[str, Any] = {}


@pytest.fixture
def environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sets the environment variables of a client."""
    for variable, name in VARIABLES.items():
        monkeypatch.setenv(variable, sandbox.settings[name])


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("client_class", [Firma, AsyncFirma, Fixed])
def test_subclass_is_initialised_by_every_constructor(client_class: Any) -> None:
    client = client_class.from_env()
    assert client.cache == {}
    assert client.with_options(timeout=3).cache is client.cache
    assert type(client.with_options(timeout=3)) is client_class


def test_error_names_both_address_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGITO_NAME", "firma")
    monkeypatch.setenv("EGITO_BASE_URL", "https://crm.example")
    for client_class in (egito.Client, egito.AsyncClient):
        with pytest.raises(egito.ConfigError, match="EGITO_NAME and EGITO_BASE_URL are both set"):
            client_class.from_env()
    with pytest.raises(egito.ConfigError, match="EGITO_API_ID"):
        egito.Client.from_env(name="inna")  # the argument replaces both


@pytest.mark.usefixtures("environment")
def test_arguments_of_from_env_take_precedence(sandbox: Sandbox) -> None:
    sandbox.add(Account=[{"id": 7}])
    events: list[egito.Event] = []
    with Firma.from_env(on_event=events.append, page_size=1) as client:
        assert client.accounts.get(7) == {"id": 7}
    assert [event.action for event in events] == ["login", "get"]
    with pytest.raises(egito.ConfigError, match="username"):
        Firma(**{**sandbox.settings, "username": None})  # only `from_env` reads the environment


COPIES = [pickle.dumps, copy.copy, copy.deepcopy]


@pytest.mark.parametrize("make_copy", COPIES)
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_client_cannot_be_copied_or_pickled(sandbox: Sandbox, kind: str, make_copy: Any) -> None:
    client = getattr(egito, kind)(**sandbox.settings)
    for each in (client, client.accounts, client.accounts.list()):
        with pytest.raises(TypeError, match=r"cannot be copied or pickled.*from_env") as caught:
            make_copy(each)
        assert type(each).__name__ in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, ["Lead"]])
@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_strings_are_required_for_names(sandbox: Sandbox, kind: str, value: Any) -> None:
    client = getattr(egito, kind)(**sandbox.settings)

    def called(call: Any) -> Any:
        return asyncio.run(call) if kind == "AsyncClient" else call

    wrong: list[tuple[str, Callable[[], Any]]] = [
        ("name", lambda: client.entity(value)),
        ("type", lambda: client.dictionary(value)),
        ("action", lambda: called(client.leads.call(value))),
        ("action", lambda: called(client.call("Lead", value))),
        ("method", lambda: called(client.leads.call("print", method=value))),
        ("name", lambda: called(client.call(value, "print"))),
    ]
    for setting, call in wrong:
        with pytest.raises(egito.ConfigError, match=f"invalid `{setting}`: expected a str, got") as caught:
            call()
        assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")


def test_async_client_without_event_loop_raises_config_error(sandbox: Sandbox) -> None:
    client = egito.AsyncClient(**sandbox.settings)

    async def main() -> None:
        with pytest.raises(egito.ConfigError, match=r"trio\.to_thread\.run_sync") as caught:
            await client.accounts.get(7)
        assert caught.value.outcome == "not_sent"

    trio.run(main)


GEVENT = """
from gevent import monkey

monkey.patch_all()

import json, sys, gevent, egito.testing

sandbox = egito.testing.Sandbox.__new__(egito.testing.Sandbox)
sandbox.address, settings = sys.argv[1], json.loads(sys.argv[2])
with egito.Client(**settings) as client:
    client.accounts.get(7)
    sandbox.hold("slow", action="get")
    call = gevent.get_hub().threadpool.spawn(client.accounts.get, 7)
    sandbox.journal(wait=3)
    assert not call.ready()
    sandbox.release("slow")  # a blocked loop would never reach this
    print(call.get())
"""


def test_calls_on_gevent_threads_do_not_block_its_loop(sandbox: Sandbox) -> None:
    sandbox.add(Account=[{"id": 7}])
    script = [sys.executable, "-c", GEVENT, sandbox.address, json.dumps(sandbox.settings)]
    ran = subprocess.run(script, capture_output=True, text=True, timeout=30)
    assert (ran.stdout, ran.returncode) == ("{'id': 7}\n", 0), ran.stderr


def test_calls_on_trio_threads_do_not_block_its_loop(sandbox: Sandbox) -> None:
    sandbox.add(Account=[{"id": 7}])

    async def main() -> None:
        got: list[Any] = []

        async def call() -> None:
            got.append(await trio.to_thread.run_sync(client.accounts.get, 7))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(call)
            await trio.to_thread.run_sync(lambda: sandbox.journal(wait=2))
            assert got == []
            sandbox.release("slow")
        assert got == [{"id": 7}]

    with egito.Client(**sandbox.settings) as client:
        sandbox.hold("slow", action="get")
        trio.run(main)

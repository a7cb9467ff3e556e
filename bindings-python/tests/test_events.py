"""Counters of clients, and event hooks."""

import gc
import logging
import sys
import threading
import weakref
from typing import Any

import pytest

import egito
from support import Sandbox, run_async


def test_stats_count_calls_and_attempts(client: egito.Client) -> None:
    client.accounts.create({"name": "Żubr"})
    stats = client.stats()
    assert (stats.calls, stats.attempts, stats.retries, stats.logins) == (1, 1, 0, 1)
    assert stats.bytes_sent > 0
    assert stats.bytes_received > 0


def test_hook_is_called_for_every_attempt_on_its_thread(sandbox: Sandbox) -> None:
    sandbox.control("faults", {"on": {"action": "get"}, "response": {"status": 503, "body": ""}})
    received: list[tuple[threading.Thread, egito.Event]] = []
    settings = sandbox.settings | {"backoff_base": 0.01}
    client = egito.Client(on_event=lambda event: received.append((threading.current_thread(), event)), **settings)
    with pytest.raises(egito.NotFoundError):
        client.accounts.get(1)
    attempts = [(e.action, e.entity, e.attempt, e.status, e.code) for _, e in received]
    assert attempts == [
        ("login", None, 1, 200, None),
        ("get", "Account", 1, 503, "server"),
        ("get", "Account", 2, 404, "not_found"),
    ]
    assert {thread for thread, _ in received} == {threading.current_thread()}


def test_async_hook_is_called_on_the_event_loop_thread(sandbox: Sandbox) -> None:
    received: list[tuple[threading.Thread, str]] = []

    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.create({"name": "Żubr"})
        assert received == [(threading.current_thread(), "login"), (threading.current_thread(), "create")]

    run_async(sandbox, scenario, on_event=lambda event: received.append((threading.current_thread(), event.action)))


def test_exception_of_hook_does_not_fail_the_call(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: egito.Event) -> None:
        raise ValueError("a broken hook")

    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: unraisable.append(str(error.exc_value)))
    with egito.Client(on_event=broken, **sandbox.settings) as client:
        assert client.accounts.create({"name": "Żubr"})
    assert unraisable == ["a broken hook"] * 2


def test_interruption_in_hook_ends_the_call(sandbox: Sandbox) -> None:
    def interrupted(_: egito.Event) -> None:
        raise KeyboardInterrupt

    with egito.Client(on_event=interrupted, **sandbox.settings) as client, pytest.raises(KeyboardInterrupt):
        client.accounts.create({"name": "Żubr"})


def test_nested_call_raises_config_error(sandbox: Sandbox) -> None:
    raised: list[BaseException] = []

    def call_again(*_: object) -> None:
        for call in (client.accounts.list().first, client.accounts.list().to_list, lambda: client.leads.get_many([1])):
            with pytest.raises(egito.ConfigError, match="nested call") as caught:
                call()
            raised.append(caught.value)

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            """Makes a nested call."""
            call_again(record)

    with egito.Client(on_event=call_again, **sandbox.settings) as client:
        client.accounts.list().first()
        assert len(raised) == 6  # the login and the list
        assert "`on_event`" in str(raised[0])
    logger, handler = logging.getLogger("egito"), Handler()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        with egito.Client(**sandbox.settings) as client:
            client.accounts.list().first()
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
    assert len(raised) == 12


@pytest.mark.parametrize("client_class", [egito.Client, egito.AsyncClient])
def test_hook_must_be_callable(sandbox: Sandbox, client_class: Any) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client_class(on_event=5, **sandbox.settings)
    assert caught.value.setting == "on_event"


@pytest.mark.parametrize("client_class", [egito.Client, egito.AsyncClient])
def test_owner_of_the_hook_can_be_garbage_collected(sandbox: Sandbox, client_class: Any) -> None:
    class Service:
        def __init__(self) -> None:
            self.client = client_class(on_event=self.received, **sandbox.settings)

        def received(self, event: egito.Event) -> None:
            """Does nothing."""

    gone = weakref.ref(Service())
    gc.collect()
    assert gone() is None

"""Ctrl-C and signal handlers during calls."""

import json
import signal
import sys
import time

import pytest

import egito
from support import Sandbox, start_program, wait_for_disconnects

SCRIPT = """
import json, signal, sys, time, egito
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start background processes without it
client = egito.Client(**json.loads(sys.argv[1]))
try:
    client.accounts.get(1)
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(client.accounts.get(2)["name"], flush=True)
"""

READER = """
import json, signal, sys, egito
signal.signal(signal.SIGINT, signal.default_int_handler)
client = egito.Client(**json.loads(sys.argv[1]))
seen, records = [], iter(client.accounts.list(page_size=10, sort="id"))
try:
    seen += [next(records)["id"] for _ in range(10)]
    next(records)
except KeyboardInterrupt:
    print("interrupted after", len(seen), flush=True)
seen += [record["id"] for record in records]
assert seen == list(range(1, 31)), seen
print(len(seen), flush=True)
"""


def test_ctrl_c_cancels_a_call_and_the_client_still_works(sandbox: Sandbox) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": 1}, {"id": 2, "name": "Żubr"}]}})
    sandbox.hold("slow", action="get")
    with start_program(SCRIPT, json.dumps(sandbox.settings)) as child:
        sandbox.journal(wait=1, action="get")
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        assert child.stdout is not None
        assert child.stdout.readline() == "interrupted\n"
        assert time.monotonic() - begun < 2
        assert child.stderr is not None
        assert (child.stdout.read(), child.stderr.read()) == (
            "Żubr\n",
            "",
        )  # the first read may have returned both lines
    wait_for_disconnects(sandbox, 1)
    assert sandbox.journal(wait=2, action="get")[0]["client_gone"]


def test_exception_of_signal_handler_is_raised_by_the_call(sandbox: Sandbox, client: egito.Client) -> None:
    class TooLongError(Exception):
        pass

    def handle(*_: object) -> None:
        raise TooLongError

    client.accounts.create({"name": "logs in"})
    sandbox.hold("slow", action="list")
    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        pages = client.accounts.list().pages()
        with pytest.raises(TooLongError):
            next(pages)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(next(pages)) == 1  # the interrupted page is requested again


def test_exception_of_signal_handler_has_the_outcome_of_the_call(sandbox: Sandbox, client: egito.Client) -> None:
    def interrupt(*_: object) -> None:
        raise LookupError

    client.accounts.list().first()  # logs in
    sandbox.hold("slow", action="create")
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(LookupError) as caught:
            client.accounts.create({"name": "Żubr"})
    finally:
        signal.signal(signal.SIGALRM, before)
    context = caught.value.__context__
    assert isinstance(context, egito.OutcomeUnknownError)
    assert context.record == {"name": "Żubr"}


def test_nested_call_of_signal_handler_does_not_fail_the_waiting_call(
    sandbox: Sandbox, client: egito.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda error: unraisable.append(str(error.exc_value)))

    def handle(*_: object) -> None:
        try:
            client.accounts.list().first()
        finally:
            sandbox.release("slow")

    client.accounts.create({"name": "logs in"})
    sandbox.hold("slow", action="list")
    before = signal.signal(signal.SIGALRM, handle)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        assert len(client.accounts.list().to_list()) == 1
    finally:
        signal.signal(signal.SIGALRM, before)
    assert len(unraisable) == 1
    assert "a signal handler" in unraisable[0]


def test_interrupted_list_can_be_read_on(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 30})
    sandbox.fault(on={"action": "list"}, skip=1, hold="slow")
    with start_program(READER, json.dumps(sandbox.settings)) as child:
        sandbox.journal(wait=2, action="list")
        child.send_signal(signal.SIGINT)
        assert child.stdout is not None
        assert child.stdout.readline() == "interrupted after 10\n"
        sandbox.release("slow")
        assert child.communicate(timeout=10) == ("30\n", "")

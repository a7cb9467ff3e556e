"""Errors are ordinary exceptions: with details, and they can be pickled and copied."""

import builtins
import copy
import errno
import pickle
import socket

import pytest

import egito
from egito._errors import CLASSES
from support import Sandbox

DETAILS = {
    "outcome": "unknown",
    "status": 422,
    "id": 2**70,
    "attempts": 3,
    "errors": [{"field": "name", "message": "Pole jest wymagane", "rejected_value": None, "object": None, "raw": {}}],
    "record": {"name": "Żubr"},
}


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)
def test_errors_can_be_pickled_and_copied(cls: type[egito.EgitoError]) -> None:
    error = cls("what to do next", **DETAILS)
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(again) is cls
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
    assert error.errors == (egito.FieldError("name", "Pole jest wymagane", None, None, {}),)
    assert (error.code, error.setting, error.id) == (cls.code, None, 2**70)


@pytest.mark.parametrize("name", ["TimeoutError", "ConnectionError", "PermissionError"])
def test_errors_named_like_builtins_are_instances_of_them(name: str) -> None:
    builtin, ours = getattr(builtins, name), getattr(egito, name)
    with pytest.raises(builtin, match="too slow") as caught:
        raise ours("too slow") from ValueError("the reason")
    assert isinstance(caught.value, egito.EgitoError)
    assert str(caught.value.__cause__) == "the reason"


def test_connection_error_has_an_os_error_as_cause(sandbox: Sandbox) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # without `listen`
        settings = sandbox.settings | {"base_url": f"http://127.0.0.1:{unused.getsockname()[1]}", "max_retries": 0}
        with egito.Client(**settings) as client, pytest.raises(egito.ConnectionError, match="refused") as caught:
            client.accounts.get(1)
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert (caught.value.retryable, caught.value.os_error) == (True, errno.ECONNREFUSED)
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again.__cause__, ConnectionRefusedError)
    sandbox.fault(on={"action": "create"}, cut="after")
    with egito.Client(**sandbox.settings) as client, pytest.raises(egito.OutcomeUnknownError) as lost:
        client.accounts.create({"name": "Żubr"})
    assert isinstance(lost.value.__cause__, OSError)
    assert str(lost.value.__cause__) == lost.value.cause
    assert egito.InternalError("x", cause="a panic").__cause__ is None


def test_unknown_error_detail_raises_type_error() -> None:
    with pytest.raises(TypeError, match="frobnication"):
        egito.ConfigError("x", frobnication=1)


def test_traceback_has_the_public_class_name(client: egito.Client) -> None:
    with pytest.raises(egito.NotFoundError) as caught:
        client.accounts.get(404)
    assert f"{type(caught.value).__module__}.{type(caught.value).__qualname__}" == "egito.NotFoundError"
    assert (caught.value.entity, caught.value.action, caught.value.id) == ("Account", "get", 404)


def test_panic_in_the_core_is_an_ordinary_error(client: egito.Client, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(egito.InternalError) as caught:
        client._native.panic_for_tests()  # type: ignore[attr-defined]  # only in builds for tests
    assert caught.value.cause == "a panic for tests"
    capfd.readouterr()

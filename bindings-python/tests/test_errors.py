"""Errors are ordinary exceptions: readable, with fields, and they survive pickle and copy."""

import builtins
import copy
import pickle

import pytest

import egito
from egito._errors import CLASSES

DETAILS = {
    "outcome": "unknown",
    "status": 422,
    "id": 2**70,
    "attempts": 3,
    "errors": [{"field": "name", "message": "Pole jest wymagane", "rejected_value": None, "object": None, "raw": {}}],
    "record": {"name": "Żubr"},
}


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)
def test_an_error_survives_pickle_and_copy(cls: type[egito.EgitoError]) -> None:
    error = cls("what to do next", **DETAILS)
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(again) is cls
        assert (str(again), again.args, vars(again)) == (str(error), error.args, vars(error))
    assert error.errors == (egito.FieldError("name", "Pole jest wymagane", None, None, {}),)
    assert (error.code, error.setting, error.id) == (cls.code, None, 2**70)


@pytest.mark.parametrize("name", ["TimeoutError", "ConnectionError", "PermissionError"])
def test_errors_with_the_name_of_a_builtin_are_caught_as_it(name: str) -> None:
    builtin, ours = getattr(builtins, name), getattr(egito, name)
    with pytest.raises(builtin, match="too slow") as caught:
        raise ours("too slow") from ValueError("the reason")
    assert isinstance(caught.value, egito.EgitoError)
    assert str(caught.value.__cause__) == "the reason"


def test_a_detail_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="frobnication"):
        egito.ConfigError("x", frobnication=1)


def test_a_traceback_names_the_class_as_users_import_it(client: egito.Client) -> None:
    with pytest.raises(egito.NotFoundError) as caught:
        client.accounts.get(404)
    assert f"{type(caught.value).__module__}.{type(caught.value).__qualname__}" == "egito.NotFoundError"
    assert (caught.value.entity, caught.value.action, caught.value.id) == ("Account", "get", 404)


def test_a_panic_in_the_core_is_an_ordinary_error(client: egito.Client, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(egito.InternalError) as caught:
        client._panic_for_tests()
    assert caught.value.cause == "a panic for tests"
    capfd.readouterr()

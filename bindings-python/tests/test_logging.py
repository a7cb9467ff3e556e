"""Messages of the core reach `logging`. Without a logging configuration nothing is printed or imported."""

import json
import logging

import pytest

import egito
from support import Sandbox, run_async, start_program

SECRET = "sandbox-secret"


def test_attempts_are_logged_at_debug_level(client: egito.Client, caplog: pytest.LogCaptureFixture) -> None:
    client.accounts.list().first()
    assert caplog.records == []
    with caplog.at_level(logging.DEBUG, "egito"):
        client.accounts.create({"name": "Żubr tajny"})
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("egito", "DEBUG")
    assert "action=create" in record.getMessage()
    assert "entity=Account" in record.getMessage()
    assert vars(record)["egito"]["status"] == "200"
    assert "tajny" not in caplog.text
    client.accounts.list().first()
    assert len(caplog.records) == 1


def test_logins_and_retries_of_an_async_client_are_logged(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    sandbox.fault(on={"action": "get"}, response={"status": 503, "body": ""})

    async def scenario(client: egito.AsyncClient) -> None:
        with pytest.raises(egito.NotFoundError):
            await client.accounts.get(1)

    with caplog.at_level(logging.DEBUG, "egito"):
        run_async(sandbox, scenario, backoff_base=0.01)
    lines = [record.getMessage() for record in caplog.records if record.name == "egito"]
    assert [line.split()[0] for line in lines] == ["attempt", "attempt", "retry", "attempt"]
    assert "action=login" in lines[0]
    assert SECRET not in caplog.text


QUIET = """
import json, sys, egito
client = egito.Client(**json.loads(sys.argv[1]))
client.accounts.list().to_list()
assert "logging" not in sys.modules, "a program that does not log need not load it"
"""


def test_without_logging_nothing_is_printed_or_imported(sandbox: Sandbox) -> None:
    with start_program(QUIET, json.dumps(sandbox.settings)) as child:
        assert child.communicate(timeout=10) == ("", "")


WARNED = """
import json, sys, egito, pathlib
settings = json.loads(sys.argv[1])
store = pathlib.Path(sys.argv[2])
store.write_text("{no store")
if sys.argv[3] == "logging":
    import logging
    logging.basicConfig(format="%(name)s %(levelname)s %(message)s")
egito.Client(**settings, token_store=str(store)).accounts.list().to_list()
"""


@pytest.mark.parametrize("how", ["logging", "silent"])
def test_warnings_are_logged_if_logging_is_configured(sandbox: Sandbox, how: str, tmp_path: object) -> None:
    with start_program(WARNED, json.dumps(sandbox.settings), f"{tmp_path}/token", how) as child:
        _, err = child.communicate(timeout=10)
        assert child.returncode == 0
    assert ("egito WARNING the token store is ignored" in err) == (how == "logging")
    assert bool(err) == (how == "logging")

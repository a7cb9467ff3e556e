"""`create_once`: its arguments, its result, and the lead form of the guide."""

import copy
import dataclasses
import http.client
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

import egito
from support import VARIABLES, Sandbox, run_async

GUIDE = (Path(__file__).parents[2] / "docs/python.md").read_text(encoding="utf-8")


@dataclasses.dataclass
class Lead:
    """A record as a class."""

    lastName: str  # noqa: N815
    formKey: str  # noqa: N815


def test_the_result_is_an_immutable_value(client: egito.Client) -> None:
    first = client.leads.create_once(Lead("Ryś", "f-1"), "formKey")
    again = client.leads.create_once({"formKey": "f-1"}, key=["formKey"], settle=1, lookup="scan")
    assert isinstance(first, egito.FoundOrCreated) and first.created and not again.created
    assert again == egito.FoundOrCreated(first.id, created=False, duplicates=())
    for other in (copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert other == first and hash(other) == hash(first)
    with pytest.raises(dataclasses.FrozenInstanceError):
        first.id = 7  # type: ignore[misc]


def test_duplicates_are_ids_as_the_server_sent_them(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.control("seed", {"entities": {"Lead": [{"id": id, "formKey": 7} for id in (900, 100)]}})
    assert client.leads.create_once({"formKey": 7}, "formKey").duplicates == (100, 900)


@pytest.mark.parametrize(
    ("setting", "arguments"),
    [
        ("key", {"key": "formKey"}),
        ("key", {"key": 7}),
        ("key", {"key": []}),
        ("lookup", {"key": "lastName", "lookup": "guess"}),
        ("settle", {"key": "lastName", "settle": -1}),
        ("settle", {"key": "lastName", "settle": "long"}),
    ],
)
def test_invalid_arguments_are_config_errors(client: egito.Client, setting: str, arguments: dict[str, Any]) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.leads.create_once({"lastName": "Ryś"}, **arguments)
    assert (caught.value.setting, caught.value.outcome) == (setting, "not_sent")
    assert client.stats().attempts == 0


def test_a_missing_number_is_an_error_of_its_option(client: egito.Client) -> None:
    with pytest.raises(egito.ConfigError, match=r"^invalid `settle`: expected a number, got NaN$"):
        client.leads.create_once({"formKey": "f-1"}, "formKey", settle=float("nan"))


def test_asyncio_has_the_same_call(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        lead = await client.leads.create_once({"lastName": "Ryś", "formKey": "f-1"}, "formKey")
        assert lead.created and isinstance(lead.id, int)
        with pytest.raises(egito.ConfigError, match="formKey"):
            await client.leads.create_once({"lastName": "Ryś"}, "formKey")

    run_async(sandbox, scenario)


def test_the_lead_form_of_the_guide_saves_a_lead_once(sandbox: Sandbox, tmp_path: Path) -> None:
    code = re.search(r"^```python\n(# lead_form.py.*?)^```$", GUIDE, re.M | re.S)
    assert code
    (tmp_path / "lead_form.py").write_text(code[1], encoding="utf-8")
    environment = os.environ | {variable: sandbox.settings[name] for variable, name in VARIABLES.items()}
    command = [sys.executable, "-m", "uvicorn", "lead_form:app", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        try:
            port = next(int(found[1]) for line in server.stderr if (found := re.search(r"127\.0\.0\.1:(\d+)", line)))
            key = re.search('name="formKey" value="([^"]+)"', request(port, "GET", {})[1])
            assert key
            form = {"formKey": key[1], "lastName": "Nowak", "phone": "", "owner": "jan@firma"}
            sandbox.fault(on={"action": "create"}, cut="after")  # saved, but the response is lost
            with ThreadPoolExecutor() as pool:
                assert [*pool.map(lambda _: request(port, "POST", form), range(3))] == [(200, "Thank you!")] * 3
            assert request(port, "POST", form | {"formKey": "other", "lastName": ""})[0] == 400
            for keyless in ({"lastName": "Nowak"}, form | {"formKey": " "}, form | {"formKey": "\u200b"}):
                assert request(port, "POST", keyless)[0] == 400
            assert request(port, "POST", {"formKey": "no-utf-8", "lastName": b"\xff"})[0] == 200  # it is replaced
            sandbox.fault(on={"action": "list"}, response={"status": 403, "json": {"message": "Brak prawa LIST"}})
            status, body = request(port, "POST", form | {"formKey": "third"})
            assert status == 502 and "LIST" not in body
        finally:
            server.terminate()
            server.communicate()
    create, refused, _ = sandbox.journal(action="create")
    assert create["json"] == {"formKey": key[1], "lastName": "Nowak", "phone": ""} and not refused["applied"]


def request(port: int, method: str, form: Mapping[str, str | bytes]) -> tuple[int, str]:
    """Sends a form. Returns the status and the body of the response."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(method, "/contact", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        return response.status, response.read().decode()

"""`probe` and `from_file`: their options and results. The core tests what a probe finds."""

import json
from pathlib import Path

import pytest

import egito
from support import VARIABLES, Sandbox, run_async


def write_file(folder: Path, text: str) -> Path:
    """Writes a file of settings."""
    path = folder / "egito.toml"
    path.write_text(text)
    return path


def test_a_probe_finds_the_settings_of_the_server(sandbox: Sandbox, client: egito.Client, tmp_path: Path) -> None:
    sandbox.reset("empty", records={"Account": 5}, config={"limit_param": "limit", "page_cap": 2})
    report = client.probe(entities=["Account"], write="Account", record={"name": "Test"}, timeout=60)
    assert report.is_ok, report.to_text()
    assert report.settings == {"limit_param": "limit", "page_size": 2}
    assert report.facts["page_cap"] == 2
    assert 'egito.Client.from_env(\n    limit_param="limit",\n' in report.snippets["python"]
    offset = report.check("list_offset")
    assert offset is not None
    assert (offset.status, offset.advice, offset.mark) == ("ok", None, "A")
    assert json.loads(report.to_json())["settings"] == report.settings

    path = write_file(tmp_path, report.to_toml())
    with egito.Client.from_file(path, **sandbox.settings) as found:
        assert len(found.accounts.list().to_list()) == 5


def test_a_probe_of_an_async_client_finds_the_same(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 5}, config={"id_param": "key"})

    async def probe(client: egito.AsyncClient) -> None:
        report = await client.probe()
        assert report.settings == {"id_param": "key"}

    run_async(sandbox, probe)


def test_a_failed_check_is_part_of_the_report(sandbox: Sandbox) -> None:
    with egito.Client(**{**sandbox.settings, "password": "wrong"}) as client:
        report = client.probe()
        login = report.check("login")
        assert login is not None
        assert (report.is_ok, login.status) == (False, "problem")
        with pytest.raises(egito.ConfigError, match="entities"):
            client.probe(entities=[])


def test_an_error_of_a_file_names_the_line(tmp_path: Path) -> None:
    path = write_file(tmp_path, "# ours\nlimt_param = 'limit'\n")
    with pytest.raises(egito.ConfigError, match=r"egito\.toml, line 2: unknown setting `limt_param`: did you mean"):
        egito.Client.from_file(str(path))
    with pytest.raises(egito.ConfigError, match="`path`: expected the path of a file"):
        egito.AsyncClient.from_file(7)  # type: ignore[arg-type]


def test_each_setting_has_a_variable(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, setting in VARIABLES.items():
        monkeypatch.setenv(variable, sandbox.settings[setting])
    sandbox.reset("empty", records={"Account": 5}, config={"limit_param": "limit", "page_cap": 2})
    with egito.Client.from_env() as client:
        snippet = client.probe().snippets["env"]
    for line in snippet.splitlines()[1:]:
        monkeypatch.setenv(*line.split("=", 1))
    with egito.Client.from_env() as found:
        assert len(found.accounts.list().to_list()) == 5
    monkeypatch.setenv("EGITO_PAGE_SIZE", "many")
    with pytest.raises(egito.ConfigError, match=r"variable EGITO_PAGE_SIZE: invalid `page_size`: expected .+, got the"):
        egito.Client.from_env()


def test_the_environment_names_a_file(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EGITO_CONFIG", str(write_file(tmp_path, "client_id = 'other'\nid_param = 'key'\n")))
    for variable, setting in VARIABLES.items():
        monkeypatch.setenv(variable, sandbox.settings[setting])
    sandbox.reset("empty", config={"id_param": "key"})
    with egito.Client.from_env() as client:
        assert client.accounts.get(client.accounts.create({"name": "Żubr"}))["name"] == "Żubr"

"""The sandbox for tests of other programs: the class, the pytest fixture, and the command line."""

import datetime as dt
import os
import subprocess
import sys
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest

import egito
import egito.testing
from support import Sandbox

BUILT = Path(__file__).parents[2] / "target/debug"
ENVIRONMENT = os.environ | {"PATH": f"{BUILT}{os.pathsep}{os.environ['PATH']}"}


def test_sandbox_starts_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", ENVIRONMENT["PATH"])
    with egito.testing.Sandbox(records=3) as sandbox:
        with urllib.request.urlopen(sandbox.page, timeout=60) as page:
            assert b"<title>Egito sandbox" in page.read()
        with sandbox.client(timeout=10) as client:
            assert len(client.accounts.list().to_list()) >= 3
            sandbox.fault(on={"action": "create"}, cut="after")
            with pytest.raises(egito.OutcomeUnknownError):
                client.accounts.create({"name": "Żubr"})
        assert "Żubr" in [record.get("name") for record in sandbox.records("Account")]
    with pytest.raises(egito.ConnectionError):
        sandbox.client(max_retries=0).accounts.get(1)


def test_missing_program_and_invalid_settings(
    monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(egito.ConfigError, match=r"pip install 'egito\[sandbox\]'"):
        egito.testing.Sandbox()
    with pytest.raises(egito.ConfigError, match="did not start"):
        egito.testing.Sandbox(program=BUILT / "egito-sandbox", seed=tmp_path / "nothing.yaml")
    for program in ("/bin/echo", tmp_path / "nothing"):
        with pytest.raises(egito.ConfigError, match="did not start"):
            egito.testing.Sandbox(program=program)
    with pytest.raises(egito.ConfigError, match="refused"):
        sandbox.fault(frobnicate=1)


def test_sandbox_adds_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", ENVIRONMENT["PATH"])
    with egito.testing.Sandbox(records=50) as sandbox:
        assert len(sandbox.records("Account")) == 50
        assert 0 < len(sandbox.records("Contact")) < 50
        sandbox.reset("empty", records={"Contact": 60})
        assert (len(sandbox.records("Account")), len(sandbox.records("Contact"))) == (0, 60)


def test_sandbox_stores_dates_as_a_client_sends_them(sandbox: Sandbox) -> None:
    noon = dt.datetime(2026, 7, 1, 14, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    sandbox.add(Offer=[{"id": 1, "day": dt.date(2026, 7, 1), "at": noon, "price": Decimal("2.50")}])
    sent = {"id": 1, "day": "2026-07-01", "at": "2026-07-01T12:00:00.000Z", "price": 2.5}
    assert sandbox.records("Offer") == [sent]
    with pytest.raises(egito.ConfigError, match="got a value of type set"):
        sandbox.add(Offer=[{"tags": {"vip"}}])


FIXTURE = """
def test_one(egito_sandbox):
    with egito_sandbox.client() as client:
        client.accounts.create({"name": "x"})


def test_two(egito_sandbox):
    assert egito_sandbox.records("Account") == egito_sandbox.journal() == []
"""


def test_pytest_fixture_gives_each_test_an_empty_sandbox(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(FIXTURE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    ran = subprocess.run(command, env=ENVIRONMENT, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_sandbox_starts_from_the_command_line() -> None:
    command = [sys.executable, "-m", "egito", "sandbox", "--port", "0", "--print-env"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("export EGITO_BASE_URL=")
        process.terminate()
    ran = subprocess.run([sys.executable, "-m", "egito", "--version"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, f"egito {egito.__version__}\n")
    ran = subprocess.run([sys.executable, "-m", "egito"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("usage")

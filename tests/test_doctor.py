"""Plays cases of lists and writes with the settings that `egito doctor` finds on servers of many configurations.

The results and the stored records of a case must be as it says. Its journal is not compared, since it has the parameter
names and page sizes of the default server. Cases that change the server, or need what the report warns about, are not
played.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import egito
import pytest

from judge.case import Case, calls_of, find_cases
from judge.failure import CaseFailed
from judge.runner import Runner
from judge.sandbox import Sandbox
from judge.servers import SandboxServer, controls
from judge.table import read_table
from test_readme import ROOT, TARGET, VARIABLES

RECORDS = 123
FOLDERS = ("actions", "bulk", "changes", "create-once", "lists", "overlap", "upsert")
"""The folders with cases of lists and writes."""

ABOUT_NAMES = "lists/a-filter-named-like-a-paging-parameter-is-a-config-error"
"""The case that is about the names of the default server."""

SERVER_CONTROLS = {"config", "faults", "clock", "release"}
SERVER_SETTINGS = {"base_url", "username", "password", "body", "read_method", "delete_method", "default_sort"}
"""A case that has one of these is about this setting of the server or of the client."""

Config = dict[str, Any]


@dataclass(frozen=True)
class Configuration:
    """A configuration of the sandbox, and what the doctor must find for it."""

    config: Config
    settings: dict[str, Any]
    """The settings of the report."""
    warnings: tuple[str, ...] = ()
    """The checks with a warning."""
    needed: bool = True
    """Whether a case fails without the settings. None does if the client also detects what they say."""
    differs: dict[str, str] = field(default_factory=dict)
    """Cases that this server cannot play, and how it differs; `*` stands for all of them."""


def _same(config: Config, **rest: Any) -> Configuration:
    """Returns a configuration whose names are those of the settings."""
    return Configuration(config, config, **rest)


OTHER_NAMES = {"limit_param": "pageSize", "offset_param": "skip", "sort_param": "orderBy", "order_param": "direction"}
CONFIGURATIONS = {
    "as documented": Configuration({}, {}),
    "pages of 100": Configuration({"page_cap": 100}, {"page_size": 100}, needed=False),
    "pages of 7": Configuration({"page_cap": 7}, {"page_size": 7}, needed=False),
    "another limit": _same({"limit_param": "limit"}),
    "another offset": _same({"offset_param": "start"}),
    "another order": _same({"sort_param": "sortBy", "order_param": "direction"}),
    "another id": _same({"id_param": "recordId"}),
    "only other names": Configuration(OTHER_NAMES | {"page_cap": 40}, OTHER_NAMES | {"page_size": 40}),
    "items and total": Configuration({"list_form": "items", "total_key": "total"}, {}),
    "count and a cap": Configuration(
        {"list_form": "wyniki", "total_key": "count", "page_cap": 9}, {"page_size": 9}, needed=False
    ),
    "two arrays": Configuration({"list_form": "wyniki", "other_list": "messages"}, {"list_key": "wyniki"}),
    "a wrong total": Configuration({"list_form": "list", "total_key": "total", "total_delta": 5}, {}, ("list_count",)),
    "ids as text": Configuration({"id_form": "string"}, {}, differs={"*": "the cases expect numbers as ids"}),
    "offset ignored": Configuration({"ignore_offset": True}, {}, ("list_offset",)),
    "sort ignored": Configuration({"ignore_sort": True}, {}, ("list_sort",)),
    "filters ignored": Configuration({"ignore_filters": ["*"]}, {}, ("list_filters",)),
    "max ignored": Configuration(
        {"ignore_max": True, "page_default": 6}, {"page_size": 6}, ("list_limit",), needed=False
    ),
    "login in the query": _same({"token_params": "query"}, warnings=("login_params",)),
    "login in Latin-1": Configuration(
        {"token_params": "form", "form_charset": "ISO-8859-1", "expires_in": "missing"}, {}
    ),
    "bodies as forms": _same(
        {"body": "form"}, differs={"bulk/ids-of-a-bulk-can-be-strings-and-large-integers": "a form has no numbers"}
    ),
    "null for not found": Configuration(
        {"not_found_form": "null", "token_omit": ["scope", "refresh_token"]},
        {},
        differs={"bulk/many-records-are-deleted": "a delete of an unknown record succeeds"},
    ),
    "errors as text": Configuration({"errors_form": "strings", "validation_status": 422, "locale": "en"}, {}),
    "no order": Configuration(
        {"order_param": "dir", "unsorted": "random"},
        {"order_param": "dir"},
        differs={"lists/a-blank-sort-is-a-config-error": "without a sort, pages overlap"},
    ),
}


@dataclass(frozen=True)
class Probed:
    """A server of one configuration, and what the doctor has found on it."""

    configuration: Configuration
    runner: Runner
    report: dict[str, Any]
    file: Path

    def checks(self, status: str) -> list[str]:
        """Returns the names of the checks with this status."""
        return [check["name"] for check in self.report["checks"] if check["status"] == status]

    def cases(self) -> list[Case]:
        """Returns the cases of lists and writes that this server can play."""
        cases = [file.read() for file in find_cases(ROOT / "tests/cases") if file.name.split("/")[0] in FOLDERS]
        excluded = {ABOUT_NAMES, *self.configuration.differs}
        assert excluded <= {"*", *(case.name for case in cases)}
        missing = set(self.checks("warning"))
        return [
            replace(case, journal=None)
            for case in cases
            if case.name not in excluded and _is_general(case) and not missing & set(_needs(case))
        ]

    def failures(self, settings: dict[str, Any]) -> Iterator[str]:
        """Plays the cases with these settings, and yields why each one fails that does not hold."""
        self.runner.settings = settings
        for case in self.cases():
            try:
                self.runner.play(case)
            except CaseFailed as failure:
                yield f"{case.name}:\n{failure}"


def _is_general(case: Case) -> bool:
    """Returns whether a case is about any server: it neither configures one, nor the client for it."""
    return not SERVER_CONTROLS & {name for name, _ in controls(case)} and not any(
        SERVER_SETTINGS & settings.keys() for settings in case.clients.values()
    )


def _needs(case: Case) -> Iterator[str]:
    """Yields the checks without which a server cannot play the case."""
    for step in case.steps:
        for call in calls_of(step):
            arguments = call.get("args", {})
            if "filters" in arguments or "key" in arguments:
                yield "list_filters"
            if "sort" in arguments or "order" in arguments:
                yield "list_sort"
            if "start" in arguments:
                yield "list_offset"
            if "page_size" in arguments or call["call"] == "pages":
                yield "list_limit"
            if call["call"] == "changes":
                yield from ("list_sort", "list_offset")
            if call["call"] in ("count", "total"):
                yield "list_count"
    if any("page_size" in settings for settings in case.clients.values()):
        yield from ("list_offset", "list_limit")


@pytest.fixture(scope="module", params=CONFIGURATIONS.values(), ids=list(CONFIGURATIONS))
def probed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    """Starts a server of a configuration, and runs `egito doctor` on it."""
    configuration: Configuration = request.param
    adapter = (request.config.getoption("--adapter") or ["python"])[0]
    entry = read_table(request.config.getoption("--adapters"))[adapter]
    runner = Runner(entry, ROOT, SandboxServer(request.config.getoption("--sandbox"), configuration.config))
    file = tmp_path_factory.mktemp("doctor") / "egito.toml"
    yield Probed(configuration, runner, _doctor(runner.running_sandbox(), file), file)
    runner.close()


def _doctor(sandbox: Sandbox, file: Path) -> dict[str, Any]:
    """Runs the doctor on a server with some records, and returns its report."""
    sandbox.prepare({"records": {"Account": RECORDS, "Lead": RECORDS}})
    environment = os.environ | {name: sandbox.settings[setting] for name, setting in VARIABLES.items()}
    command = [str(TARGET / "egito"), "doctor", "--write", "Lead", "--yes", "--json", "--output", str(file)]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def test_the_doctor_finds_the_settings(probed: Probed) -> None:
    """Checks the report."""
    assert probed.report["settings"] == probed.configuration.settings
    assert set(probed.checks("warning")) == set(probed.configuration.warnings)
    assert probed.checks("problem") == []


def test_a_client_with_the_file_lists_and_writes(probed: Probed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is named by a variable, and by an argument."""
    sandbox = probed.runner.running_sandbox()
    sandbox.prepare({"records": {"Account": 250, "Lead": RECORDS}})
    for name, setting in VARIABLES.items():
        monkeypatch.setenv(name, sandbox.settings[setting])
    monkeypatch.setenv("EGITO_CONFIG", str(probed.file))
    with egito.Client.from_env() as client, egito.Client.from_file(probed.file, **sandbox.settings) as same:
        _lists_and_writes(client, sandbox)
        assert sorted(int(lead["id"]) for lead in same.leads.list()) == [lead["id"] for lead in sandbox.records("Lead")]


def _lists_and_writes(client: egito.Client, sandbox: Sandbox) -> None:
    """Checks what a client reads and writes by what the server has stored."""
    assert sorted(int(account["id"]) for account in client.accounts.list()) == list(range(1, 251))
    lead = client.leads.create({"lastName": "Żółć", "phone": "1"})
    client.leads.update(lead, {"phone": "2"})
    assert {"lastName": "Żółć", "phone": "2"}.items() <= client.leads.get(lead).items()
    rows = client.leads.create_many([{"lastName": f"Ryś {number}"} for number in range(20)])
    assert [row.error for row in rows] == [None] * 20
    client.leads.delete(lead)
    with pytest.raises(egito.NotFoundError):
        client.leads.get(lead)
    stored = sandbox.records("Lead")
    assert len(stored) == RECORDS + 20
    assert {lead["lastName"] for lead in stored[-20:]} == {f"Ryś {number}" for number in range(20)}
    assert sorted(int(lead["id"]) for lead in client.leads.list()) == [lead["id"] for lead in stored]


def test_the_cases_of_lists_and_writes_need_the_settings(probed: Probed) -> None:
    """They hold with the settings, and not without them."""
    if probed.runner.unavailable:
        pytest.skip(f"NOT RUN: {probed.runner.unavailable}")
    if why := probed.configuration.differs.get("*"):
        pytest.skip(why)
    assert len(probed.cases()) > 35
    failures = list(probed.failures(probed.report["settings"]))
    assert not failures, "\n\n".join(failures)
    if probed.report["settings"] and probed.configuration.needed:
        assert any(probed.failures({})), "no case needs the settings"

"""Difficult situations on a real server: racing logins, short tokens, limits of connections, and a killed server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import egito
import pytest

from judge.grails import Grails
from judge.servers import GrailsServer
from test_cases import ALL_REQUIRED
from test_readme import ROOT, VARIABLES

GRAILS = GrailsServer(ROOT)

if GRAILS.unavailable and not ALL_REQUIRED:
    pytest.skip(f"NOT RUN: {GRAILS.unavailable}", allow_module_level=True)

FORM = "application/x-www-form-urlencoded;charset=UTF-8"

Start = Callable[..., Grails]

WORKER = """
import json, sys, egito
settings, number, count = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with egito.Client(**settings, max_retries=8) as client:
    rows = client.leads.create_many([{"lastName": f"{number}-{n}"} for n in range(count)], concurrency=2)
print(json.dumps([[f"{number}-{row.index}", None if row.error is None else row.error.code] for row in rows]))
"""

READER = """
import egito
with egito.Client.from_env() as client:
    print(client.accounts.list().count(), len(client.dictionary("industry").to_list()))
"""

PARENT = """
import os, subprocess, sys
subprocess.run([argument.replace("PARENT", str(os.getpid())) for argument in sys.argv[1:]])
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Provides a function that starts a Grails server with Java options."""
    if GRAILS.unavailable:
        pytest.fail(f"NOT RUN: {GRAILS.unavailable}")
    servers: list[Grails] = []

    def started(*options: str, **config: object) -> Grails:
        server = Grails(GRAILS.program, *options)
        servers.append(server)
        server.prepare({"config": config} if config else {})
        return server

    yield started
    for server in servers:
        server.stop()


def test_the_variables_that_it_prints_are_those_of_every_language() -> None:
    """The demo programs read them, as programs of users do."""
    command = [str(GRAILS.program), "--print-env", f"--exit-with-parent={os.getpid()}", "--records", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            lines = "".join(server.stdout.readline() for _ in VARIABLES)
            shell = ["sh", "-c", 'eval "$1"; exec "$2" -c "$3"', "sh", lines, sys.executable, READER]
            assert subprocess.run(shell, capture_output=True, text=True, timeout=60, check=True).stdout == "3 8\n"
        finally:
            server.kill()


def test_a_polish_password_logs_in_if_security_runs_before_the_encoding_filter(start: Start) -> None:
    """Such a server reads a login form that names no charset as ISO-8859-1."""
    server = start("-Dspring.security.filter.order=-100")
    with egito.Client(**server.settings) as client:
        assert client.leads.create({"lastName": "Żółć"}) == 1
        assert client.leads.get(1)["lastName"] == "Żółć"


def test_the_client_grant_issues_tokens_too(start: Start) -> None:
    """The clients do not use this grant; the server knows it, as real ones do."""
    server = start()
    token = _log_in(server, grant="client_credentials", names=("client_id", "client_secret"))
    assert "refresh_token" not in token
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    with urlopen(Request(f"{server.address}/services/restapi/json/Lead/list", headers=headers), timeout=60) as response:
        assert json.load(response) == []


@pytest.mark.parametrize(("length", "stored"), [(2097152, "Żubr"), (2097153, None)])
def test_tomcat_drops_a_form_above_its_limit(start: Start, length: int, stored: str | None) -> None:
    """It reports success, and an entity without required fields is stored empty. The SDK never sends such a form."""
    server = start()
    token = _log_in(server)["access_token"]
    form = "name=%C5%BBubr&more="
    body = (form + "a" * (length - len(form))).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": FORM}
    request = Request(f"{server.address}/services/restapi/json/Offer/create", body, headers)
    with urlopen(request, timeout=60) as response:
        assert json.load(response) == {"id": 1}
    (offer,) = server.records("Offer")
    assert offer.get("name") == stored


def test_a_record_may_be_invisible_right_after_its_create(start: Start) -> None:
    """A controller that renders within its transaction responds before the commit."""
    server = start(commit_delay_ms=4000)
    with egito.Client(**server.settings) as client:
        leads = client.leads.list(lastName="Ryś")
        assert leads.to_list() == []
        lead = client.leads.create({"lastName": "Ryś"})
        with pytest.raises(egito.NotFoundError):
            client.leads.get(lead)
        assert leads.to_list() == []
        assert _becomes_true(lambda: leads.count() == 1)
        assert client.leads.get(lead)["lastName"] == "Ryś"


@pytest.mark.parametrize("config", [{}, {"page_cap": 2}, {"list_form": "data", "total_key": "count"}], ids=str)
def test_the_settings_that_a_probe_finds_suit_the_server(
    start: Start, config: dict[str, object], tmp_path: Path
) -> None:
    """With them, lists are complete and in order, and writes do what they say."""
    server = start(**config)
    server.prepare({"config": config, "records": {"Account": 7}})
    with egito.Client(**server.settings) as client:
        report = client.probe(entities=["Account", "Lead"], write="Lead", record={"lastName": "Test"})
    assert report.is_ok, report.to_text()
    path = tmp_path / "egito.toml"
    path.write_text(report.to_toml(), encoding="utf-8")
    with egito.Client.from_file(path, **server.settings) as found:
        assert [account["id"] for account in found.accounts.list()] == [1, 2, 3, 4, 5, 6, 7]
        assert [account["id"] for account in found.accounts.list(start=3, limit=3)] == [4, 5, 6]
        assert found.leads.list().to_list() == []
        lead = found.leads.create({"lastName": "Żółć"})
        found.leads.update(lead, {"lastName": "Ryś"})
        assert found.leads.get(lead)["lastName"] == "Ryś"
        found.leads.delete(lead)
        assert found.leads.list().to_list() == []


@pytest.mark.parametrize("rotate", [False, True], ids=["kept", "rotated"])
def test_a_refresh_token_renews_tokens_of_one_second(start: Start, rotate: bool) -> None:
    """Without a password, every token after the first comes from the refresh grant."""
    server = start(token_seconds=1, rotate_refresh=rotate)
    settings = {name: value for name, value in server.settings.items() if name not in ("username", "password")}
    with egito.Client(**settings, refresh_token=_log_in(server)["refresh_token"]) as client:
        rows = client.leads.create_many([{"lastName": str(number)} for number in range(1500)], concurrency=4)
    assert [row.error for row in rows if row.error] == []
    assert len(server.records("Lead")) == 1500
    logins = [request["grant"] for request in server.journal() if request["action"] == "login"]
    assert logins[0] == "password"
    assert logins[1:].count("refresh_token") == len(logins) - 1 > 1


def test_2000_creates_cross_the_limit_of_requests_of_a_connection(start: Start) -> None:
    """Tomcat closes each connection after 100 requests."""
    server = start()
    with egito.Client(**server.settings) as client:
        ids = [client.leads.create({"lastName": str(number)}) for number in range(2000)]
    assert [(record["id"], record["lastName"]) for record in server.records("Lead")] == [
        (lead, str(number)) for number, lead in enumerate(ids)
    ]


def test_creates_around_the_end_of_an_idle_connection_are_done_once(start: Start) -> None:
    """Tomcat closes an idle connection after one second, at the moment at which the client uses it again.

    If it closes the connection while the request is on its way, no client can know whether the server has read it.
    """
    server = start("-Dserver.tomcat.keep-alive-timeout=1s")
    idle = threading.Event()
    results: dict[str, str | None] = {}
    with egito.Client(**server.settings) as client:
        for number in range(12):
            results[str(number)] = None
            try:
                client.leads.create({"lastName": str(number)})
            except egito.OutcomeUnknownError as error:
                results[str(number)] = error.code
            idle.wait(0.94 + number / 100)
    assert "0" not in _check_results(server, results)


@pytest.mark.parametrize("tokens", ["memory", "database"])
def test_processes_that_race_for_a_login_create_every_record_once(start: Start, tokens: str) -> None:
    """Six processes begin at the same time and share no token store."""
    server = start(f"-Degito.tokens={tokens}")
    unknown = _check_race(server, _race(server, processes=6, count=40))
    assert tokens == "database" or unknown == set()


@pytest.mark.parametrize("overlap", [0, 1])
def test_a_list_with_equal_sort_values_is_complete_or_an_error(start: Start, overlap: int) -> None:
    """H2 orders equal values differently for each page."""
    server = start()
    with egito.Client(**server.settings, page_size=100, page_overlap=overlap) as client:
        offers = client.entity("Offer")
        offers.create_many([{"name": str(n), "city": f"City {n % 2}"} for n in range(250)])
        assert len(offers.list().to_list()) == 250
        for order in ("asc", "desc"):
            try:
                assert len({offer["id"] for offer in offers.list(sort="city", order=order)}) == 250
            except egito.PaginationError as error:
                assert "equal values of `city`" in str(error)


def test_tokens_of_three_seconds_lose_no_record(start: Start) -> None:
    """Two processes renew the shared token again and again, each for itself."""
    server = start("-Degito.tokens=database", token_seconds=3)
    assert len(_check_race(server, _race(server, processes=2, count=1500))) <= 30
    with egito.Client(**server.settings, page_size=20) as client:
        assert [record["id"] for record in client.leads.list()] == [record["id"] for record in server.records("Lead")]
    assert len([request for request in server.journal() if request["action"] == "login"]) > 2


def test_a_token_that_is_revoked_again_and_again_loses_no_record(start: Start) -> None:
    """The filter refuses a revoked token before the create runs."""
    server = start(revoke_after=20)
    with egito.Client(**server.settings) as client:
        rows = client.leads.create_many([{"lastName": str(number)} for number in range(800)], concurrency=4)
    assert [row.error for row in rows if row.error] == []
    assert sorted(int(str(row.id)) for row in rows) == [record["id"] for record in server.records("Lead")]
    assert len(rows) == 800
    assert len([request for request in server.journal() if request["action"] == "login"]) >= 40


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """Starts a database of its own, which outlives the application: H2 inside it loses what it has acknowledged."""
    command = [str(GRAILS.program), f"--exit-with-parent={os.getpid()}", "--database", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"jdbc:h2:tcp://127.0.0.1:{int(process.stdout.readline())}/crm"
        finally:
            process.kill()


def test_a_bulk_over_a_killed_server_reports_what_is_stored(start: Start, database: str) -> None:
    """After kill -9 and a restart, the database has every created record once, and no record that was not sent."""
    options = [f"-Dserver.port={_free_port()}", f"-DdataSource.url={database}"]
    server = start(*options, "-DdataSource.dbCreate=update")
    killed: list[Grails] = []

    def records() -> Iterator[dict[str, str]]:
        for number in range(600):
            if number == 200:
                server.stop()
                killed.append(Grails(GRAILS.program, *options, "-DdataSource.dbCreate=update"))
            yield {"lastName": str(number)}

    try:
        with egito.Client(**server.settings, backoff_max=0.5, max_retries=8) as client:
            rows = list(client.leads.stream_create_many(records(), concurrency=4))
        (restarted,) = killed
        stored = [record["lastName"] for record in restarted.records("Lead")]
    finally:
        for other in killed:
            other.stop()
    assert len(stored) == len(set(stored)), "a record was stored twice"
    created = {str(row.index) for row in rows if row.error is None}
    doubtful = {str(row.index) for row in rows if row.error is not None and row.error.outcome == "unknown"}
    assert created <= set(stored) <= created | doubtful
    assert len(rows) == 600 and len(created) > 400


@pytest.mark.parametrize("options", [[], ["--database", "."]], ids=["application", "database"])
@pytest.mark.parametrize("when", ["before the script starts", "at once", "while Java starts", "when it runs"])
def test_no_process_survives_its_parent(options: list[str], when: str) -> None:
    """A run that is aborted leaves nothing behind, not even while Java starts."""
    wait = "read -r; " if when == "before the script starts" else ""
    print_id = ["bash", "-c", f'echo $$; {wait}exec "$@"', "bash"]
    option = "--exit-with-parent" if when == "while Java starts" else "--exit-with-parent=PARENT"
    command = [sys.executable, "-c", PARENT, *print_id, str(GRAILS.program), option, *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        server = Path("/proc", parent.stdout.readline().strip())
        if when == "while Java starts":
            assert _becomes_true(lambda: (server / "comm").read_text() == "java\n")
        elif when == "when it runs":
            parent.stdout.readline()
        parent.kill()
        parent.wait()  # only then is its standard input closed, for which the script of the first case waits
    assert _becomes_true(lambda: _has_ended(server)), f"{server} still runs"


def test_a_killed_server_leaves_no_folder_behind(start: Start) -> None:
    """The judge kills each server, and Tomcat would make a temporary folder for each."""
    before = set(Path(tempfile.gettempdir()).glob("tomcat*"))
    start().stop()
    assert set(Path(tempfile.gettempdir()).glob("tomcat*")) <= before


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--nonsense"], "unknown option --nonsense"),
        (["--records"], "--records needs a value"),
        (["--exit-with-parent=x"], "expected a process id, got x"),
        (["--exit-with-parent=1"], "the parent process 1 has ended"),
    ],
)
def test_an_unknown_option_is_an_error(options: list[str], message: str) -> None:
    """The script starts nothing then."""
    done = subprocess.run([str(GRAILS.program), *options], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def _log_in(
    server: Grails,
    grant: str = "password",
    names: tuple[str, ...] = ("client_id", "client_secret", "username", "password"),
) -> dict[str, str]:
    """Returns the response to a login with these settings of the server."""
    form = {"grant_type": grant} | {name: server.settings[name] for name in names}
    request = Request(f"{server.address}/oauth/token", urlencode(form).encode(), {"Content-Type": FORM})
    with urlopen(request, timeout=60) as response:
        token: dict[str, str] = json.load(response)
        return token


def _has_ended(process: Path) -> bool:
    """Returns whether a process has ended, even if no process has asked for its status yet."""
    try:
        return ") Z " in (process / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def _becomes_true(condition: Callable[[], bool]) -> bool:
    """Waits until something is true, for at most 30 seconds. The processes that it asks about are not children."""
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def _race(server: Grails, processes: int, count: int) -> dict[str, str | None]:
    """Creates records from several processes at the same time. Returns the code of the error for each record."""
    command = [sys.executable, "-c", WORKER, json.dumps(server.settings)]
    running = [
        subprocess.Popen([*command, str(number), str(count)], stdout=subprocess.PIPE, text=True)
        for number in range(processes)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    return {name: code for output in outputs for name, code in json.loads(output)}


def _check_results(server: Grails, results: dict[str, str | None]) -> set[str]:
    """Checks that each created record is stored once, and returns those whose outcome is unknown.

    Any other error, such as `auth`, is a fault.
    """
    stored = [record["lastName"] for record in server.records("Lead")]
    created = {name for name, code in results.items() if code is None}
    unknown = {name for name, code in results.items() if code == "outcome_unknown"}
    assert created | unknown == results.keys()
    assert len(stored) == len(set(stored)), "a record was stored twice"
    assert created <= set(stored) <= created | unknown
    return unknown


def _check_race(server: Grails, results: dict[str, str | None]) -> set[str]:
    """Checks the results, and that the server responded with 500 to each create whose outcome is unknown.

    With tokens in a database, a login that races with a create can make the server fail.
    """
    unknown = _check_results(server, results)
    creates = [request["status"] for request in server.journal() if request["action"] == "create"]
    assert len(unknown) == creates.count(500) < len(results) / 10
    return unknown


def _free_port() -> int:
    """Returns a port that was free a moment ago; the server must come back on the same one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

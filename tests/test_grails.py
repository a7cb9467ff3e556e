"""Hard days on the real server: racing logins, short tokens, limits of connections, and a killed server."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import egito
import pytest

from judge.grails import Grails
from judge.servers import GrailsServer
from test_cases import ALL_REQUIRED
from test_readme import ROOT

GRAILS = GrailsServer(ROOT)

if GRAILS.unavailable and not ALL_REQUIRED:
    pytest.skip(f"NOT RUN: {GRAILS.unavailable}", allow_module_level=True)

Start = Callable[..., Grails]

WORKER = """
import json, sys, egito
settings, number, count = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with egito.Client(**settings, max_retries=8) as client:
    rows = client.leads.create_many([{"lastName": f"{number}-{n}"} for n in range(count)], concurrency=2)
print(json.dumps([None if row.error is None else str(row.error) for row in rows]))
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


def test_a_polish_password_logs_in_if_security_runs_before_the_encoding_filter(start: Start) -> None:
    """Such a server reads a login form that names no charset as ISO-8859-1."""
    server = start("-Dspring.security.filter.order=-100")
    with egito.Client(**server.settings) as client:
        assert client.leads.create({"lastName": "Żółć"}) == 1
        assert client.leads.get(1)["lastName"] == "Żółć"


def test_2000_creates_cross_the_limit_of_requests_of_a_connection(start: Start) -> None:
    """Tomcat closes each connection after 100 requests."""
    server = start()
    with egito.Client(**server.settings) as client:
        ids = [client.leads.create({"lastName": str(number)}) for number in range(2000)]
    assert [(record["id"], record["lastName"]) for record in server.records("Lead")] == [
        (lead, str(number)) for number, lead in enumerate(ids)
    ]


def test_creates_around_the_end_of_an_idle_connection_are_done_once(start: Start) -> None:
    """Tomcat closes an idle connection after one second, at the moment at which the client uses it again."""
    server = start("-Dserver.tomcat.keep-alive-timeout=1s")
    idle = threading.Event()
    with egito.Client(**server.settings) as client:
        for number in range(12):
            client.leads.create({"lastName": str(number)})
            idle.wait(0.94 + number / 100)
    assert [record["lastName"] for record in server.records("Lead")] == [str(number) for number in range(12)]


@pytest.mark.parametrize("tokens", ["memory", "database"])
def test_processes_that_race_for_a_login_create_every_record_once(start: Start, tokens: str) -> None:
    """Six processes begin at the same time and share no token store."""
    server = start(f"-Degito.tokens={tokens}")
    assert _race(server, processes=6, count=40) == []
    assert len(server.records("Lead")) == 240


def test_tokens_of_three_seconds_lose_no_record(start: Start) -> None:
    """Two processes renew the shared token again and again, each for itself."""
    server = start("-Degito.tokens=database", token_seconds=3)
    assert _race(server, processes=2, count=1500) == []
    assert len(server.records("Lead")) == 3000
    with egito.Client(**server.settings, page_size=20) as client:
        assert len({record["id"] for record in client.leads.list()}) == 3000
    assert len([request for request in server.journal() if request["action"] == "login"]) > 2


def test_a_token_that_is_revoked_again_and_again_loses_no_record(start: Start) -> None:
    """The filter refuses a revoked token before the create runs."""
    server = start()
    done = threading.Event()

    def revoke() -> None:
        while not done.wait(0.2):
            server.revoke()

    revoker = threading.Thread(target=revoke)
    revoker.start()
    try:
        with egito.Client(**server.settings) as client:
            rows = client.leads.create_many([{"lastName": str(number)} for number in range(800)], concurrency=4)
    finally:
        done.set()
        revoker.join()
    assert [row.error for row in rows if row.error] == []
    assert sorted(int(str(row.id)) for row in rows) == [record["id"] for record in server.records("Lead")]
    assert len(rows) == 800


def test_a_bulk_over_a_killed_server_reports_what_is_stored(start: Start, tmp_path: Path) -> None:
    """After kill -9 and a restart, the database has every created record once, and no record that was not sent."""
    port = _free_port()
    options = [f"-Dserver.port={port}", f"-DdataSource.url=jdbc:h2:file:{tmp_path / 'crm'};WRITE_DELAY=0"]
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


def _race(server: Grails, processes: int, count: int) -> list[str]:
    """Returns the errors of processes that create records at the same time."""
    command = [sys.executable, "-c", WORKER, json.dumps(server.settings)]
    running = [
        subprocess.Popen([*command, str(number), str(count)], stdout=subprocess.PIPE, text=True)
        for number in range(processes)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in running]
    return [error for output in outputs for error in json.loads(output) if error is not None]


def _free_port() -> int:
    """Returns a port that was free a moment ago; the server must come back on the same one."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port

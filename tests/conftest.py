"""Configures pytest for the suite: options, one runner per adapter, the table at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from judge.case import find_cases
from judge.report import Tally
from judge.runner import Runner
from judge.servers import GrailsServer, SandboxServer, Server
from judge.table import read_table

SUITE = Path(__file__).parent
ROOT = SUITE.parent
TALLY = pytest.StashKey[Tally]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options of the suite."""
    group = parser.getgroup("suite")
    group.addoption("--adapter", action="append", metavar="NAME", help="play this adapter only (may be given again)")
    group.addoption("--adapters", default=SUITE / "adapters/adapters.yaml", type=Path, help="table of adapters")
    group.addoption("--cases", default=SUITE / "cases", type=Path, help="folder of cases")
    group.addoption("--sandbox", default=ROOT / "target/debug/egito-sandbox", type=Path, help="the sandbox program")
    group.addoption("--server", default="sandbox", choices=["sandbox", "grails"], help="what to play against")


def pytest_configure(config: pytest.Config) -> None:
    """Creates the tally."""
    config.stash[TALLY] = Tally()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrizes tests with every case, and with every adapter if they use one."""
    if "file" in metafunc.fixturenames:
        files = find_cases(metafunc.config.getoption("--cases"))
        metafunc.parametrize("file", files, ids=[file.name for file in files])
    if "runner" in metafunc.fixturenames:
        table = read_table(metafunc.config.getoption("--adapters"))
        chosen = metafunc.config.getoption("--adapter") or _server(metafunc.config).default_adapters(list(table))
        if unknown := set(chosen) - set(table):
            raise pytest.UsageError(f"there is no adapter {sorted(unknown)}; there are {list(table)}")
        metafunc.parametrize("runner", [table[name] for name in chosen], ids=chosen, indirect=True, scope="session")


def _server(config: pytest.Config) -> Server:
    if config.getoption("--server") == "grails":
        return GrailsServer(ROOT)
    return SandboxServer(config.getoption("--sandbox"))


@pytest.fixture(scope="session")
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    """Provides one adapter and its sandbox, for all cases."""
    runner = Runner(request.param, ROOT, _server(request.config))
    yield runner
    runner.close()


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    """Returns the tally of the verdicts."""
    return pytestconfig.stash[TALLY]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Records the chosen cases, each of which needs a verdict."""
    tally = session.config.stash[TALLY]
    for item in session.items:
        chosen: dict[str, Any] = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        if {"file", "runner"} <= chosen.keys():
            tally.expected.add((chosen["file"].name, chosen["runner"].name))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails the run if a chosen case has no verdict."""
    missing = session.config.stash[TALLY].without_verdict()
    if missing and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Prints the table before the summary of pytest."""
    tally = config.stash[TALLY]
    for report in terminalreporter.stats.get("skipped", []):
        if "NOT RUN" in str(report.longrepr):
            terminalreporter.line(str(report.longrepr[-1]))
    if tally.verdicts:
        terminalreporter.section("cases and adapters")
        for line in tally.lines():
            terminalreporter.line(line)

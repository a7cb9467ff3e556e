"""Plays one case with one adapter: prepares the sandbox, runs the steps, then checks requests, records and leaks."""

from __future__ import annotations

from dataclasses import dataclass

from judge import journal
from judge.adapter import Adapter
from judge.addresses import Addresses
from judge.case import Case
from judge.failure import AdapterBroken, CaseFailed, CaseSkipped, SandboxBroken
from judge.files import Files
from judge.jsontext import Json
from judge.leaks import leaks, secrets_in
from judge.match import Matcher
from judge.sandbox import Sandbox
from judge.steps import Player
from judge.values import Targets, resolve

QUICK = {"backoff_base_ms": 1, "backoff_max_ms": 5, "prefetch": 0}
"""Settings of every client of the suite: short retries, and no read-ahead, so the order of the journal is fixed."""


@dataclass(frozen=True)
class Processes:
    """The processes that play a case."""

    sandbox: Sandbox
    adapter: Adapter


def play(case: Case, processes: Processes, settings: dict[str, Json]) -> None:
    """Plays the case with these settings of every client.

    Raises `CaseFailed`, or `CaseSkipped` if the case allows that.
    """
    sandbox, adapter = processes.sandbox, processes.adapter
    with Addresses(sandbox.address) as addresses, Files() as files:
        targets = Targets(addresses, files.path)
        sandbox.prepare(resolve(case.sandbox, {}, targets))
        adapter.begin()
        player = Player(case, adapter, sandbox, files, targets, QUICK | settings)
        failure: CaseFailed | CaseSkipped | None = None
        try:
            _play_through(case, processes, player, files)
        except SandboxBroken:
            raise
        except (CaseFailed, CaseSkipped) as error:
            failure = error
        leaked = list(leaks([*sandbox.secrets(), *secrets_in(player.settings_used)], adapter.output()))
        if isinstance(failure, CaseSkipped) and not leaked:
            raise failure
        if failure is not None or leaked:
            kind = type(failure) if isinstance(failure, CaseFailed) else CaseFailed
            raise kind("\n".join([*leaked, *([str(failure)] if failure else []), journal.summary(sandbox.journal())]))


def _play_through(case: Case, processes: Processes, player: Player, files: Files) -> None:
    try:
        player.play_steps()
        problems = _end_state(case, processes.sandbox, player)
        problems += files.differences(case.files, Matcher(player.saved))
    except CaseSkipped as skip:
        player.close_clients()
        allowed = case.skips.get(processes.adapter.name)
        if allowed is None or allowed.lower() not in str(skip).lower():
            raise CaseFailed(f"skipped, but the case does not list that for {processes.adapter.name}: {skip}") from None
        raise
    except AdapterBroken:
        raise
    except CaseFailed:
        player.close_clients()
        raise
    player.close_clients()
    if processes.adapter.name in case.skips:
        problems.append(f"the case lists a skip for {processes.adapter.name}, which played it: remove the line")
    if problems:
        raise CaseFailed("\n".join(problems))


def _end_state(case: Case, sandbox: Sandbox, player: Player) -> list[str]:
    """Returns each difference of the journal and the stored records from the case."""
    matcher = Matcher(player.saved)
    found: list[str] = []
    if case.journal is not None:
        seen: list[Json] = sandbox.journal(wait=journal.minimum(case.journal))
        found += journal.differences(case.journal, seen, matcher)
    for entity, expected in case.records.items():
        found += matcher.differences(expected, sandbox.records(entity), f"records.{entity}")
    return found

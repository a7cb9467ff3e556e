"""Plays the steps of one case in order. The first one that fails ends the case."""

from __future__ import annotations

import time
from collections.abc import Iterator

from judge.adapter import Adapter
from judge.case import MAIN, Case, calls_of
from judge.failure import AdapterBroken, CaseFailed, CaseSkipped
from judge.files import Files
from judge.jsontext import Json
from judge.match import Matcher, show
from judge.results import without_nulls
from judge.sandbox import Sandbox
from judge.values import Saved, Targets, resolve


class Player:
    """Plays the steps of one case, and keeps the results for later checks."""

    def __init__(
        self, case: Case, adapter: Adapter, sandbox: Sandbox, files: Files, targets: Targets, defaults: dict[str, Json]
    ) -> None:
        self._case = case
        self._adapter = adapter
        self._sandbox = sandbox
        self._files = files
        self._targets = targets
        self._defaults = defaults
        self._open: set[str] = set()
        self._tried: set[str] = set()
        self._opened_by_step = {step["open"] for step in case.steps if "open" in step}
        self.saved: Saved = {}
        self.settings_used: list[dict[str, Json]] = []

    def play_steps(self) -> None:
        """Plays every step. `CaseFailed` names the first one that fails."""
        for number, step in enumerate(self._case.steps, 1):
            problems = list(self._play(step, f"step {number}"))
            if problems:
                raise CaseFailed("\n".join(problems))

    def close_clients(self) -> None:
        """Closes the clients that the case left open."""
        for client in sorted(self._open):
            self._adapter.ask({"do": "close", "client": client})
        self._open.clear()

    def _play(self, step: dict[str, Json], where: str) -> Iterator[str]:
        if "sandbox" in step:
            self._control(step["sandbox"])
        elif "file" in step:
            self._files.write(resolve(step["file"], self.saved, self._targets))
        elif "open" in step:
            yield from self._open_client(step["open"], step, where)
        elif "close" in step:
            reply = self._adapter.ask({"do": "close", "client": step["close"]})
            self._open.discard(step["close"])
            yield from self._compare(step, reply, where)
        else:
            yield from self._calls(step, where)

    def _calls(self, step: dict[str, Json], where: str) -> Iterator[str]:
        calls = calls_of(step)
        for call in calls:
            client = call.get("client", MAIN)
            if client not in self._tried | self._opened_by_step:
                yield from self._open_client(client, {"result": {"$any": True}}, f"{where}, opening {client}")
        messages = [self._message(call) for call in calls]
        began = time.monotonic()
        self._adapter.send({"do": "call", **messages[0]} if "call" in step else {"do": "parallel", "calls": messages})
        for control in step.get("meanwhile", []):
            self._control(control)
        reply = self._adapter.reply()
        took = time.monotonic() - began
        yield from self._replies(step, calls, reply, where)
        yield from self._took(step.get("takes", {}), took, where)
        if "save" in step:
            self.saved[step["save"]] = reply.get("result")

    def _replies(
        self, step: dict[str, Json], calls: list[dict[str, Json]], reply: dict[str, Json], where: str
    ) -> Iterator[str]:
        if "call" in step:
            yield from self._compare(step, reply, where)
            return
        if "results" not in reply:
            self._refuse_unplayed(reply, where)
            raise AdapterBroken(f"{where}: the adapter sent one reply to parallel calls: {show(reply)}")
        if len(reply["results"]) != len(calls):
            raise AdapterBroken(f"{where}: {len(calls)} calls, but {len(reply['results'])} results")
        for index, (call, one) in enumerate(zip(calls, reply["results"], strict=True)):
            yield from self._compare(call, one, f"{where}, call {index + 1} of {len(calls)}")

    def _message(self, call: dict[str, Json]) -> dict[str, Json]:
        args = resolve(call.get("args", {}), self.saved, self._targets)
        return {"client": call.get("client", MAIN), "method": call["call"], "args": args}

    def _open_client(self, client: str, step: dict[str, Json], where: str) -> Iterator[str]:
        described = {**self._case.clients[client], **step.get("settings", {})}
        settings = resolve({**self._sandbox.settings, **self._defaults, **described}, self.saved, self._targets)
        self.settings_used.append(settings)
        self._tried.add(client)
        events = {"events": True} if self._case.events else {}
        reply = self._adapter.ask({"do": "open", "client": client, "settings": settings, **events})
        if "result" in reply:
            self._open.add(client)
        yield from self._compare(step, reply, where)

    def _compare(self, expected: dict[str, Json], reply: dict[str, Json], where: str) -> Iterator[str]:
        """Compares a reply with the expectation of its call."""
        self._refuse_unplayed(reply, where)
        matcher = Matcher(self.saved)
        if "results" in reply:
            raise AdapterBroken(f"{where}: the adapter sent several results of one call")
        if "ignore" in expected:
            return
        if "result" in expected and "error" in reply:
            yield f"{where}: expected a result, got the error {show(reply['error'])}"
        elif "result" in expected:
            yield from matcher.differences(
                expected["result"], without_nulls(reply["result"], expected), f"{where}: result"
            )
        elif "result" in reply:
            yield f"{where}: expected the error {expected['error']['code']}, got the result {show(reply['result'])}"
        else:
            problems = list(matcher.error(expected["error"], reply["error"], f"{where}: error"))
            yield from problems
            if problems:
                yield f"{where}: the whole error: {show(reply['error'])}"

    def _refuse_unplayed(self, reply: dict[str, Json], where: str) -> None:
        """Raises `CaseSkipped` for a skip, and `CaseFailed` if the adapter did not know the call or crashed."""
        if "skipped" in reply:
            raise CaseSkipped(reply["skipped"])
        for kind in ("unknown", "crashed"):
            if kind in reply:
                raise CaseFailed(f"{where}: {kind}: {reply[kind]}")

    def _control(self, control: dict[str, Json]) -> None:
        for name, value in control.items():
            self._sandbox.control(name, resolve(value, self.saved, self._targets))

    def _took(self, bounds: dict[str, float], seconds: float, where: str) -> Iterator[str]:
        if not bounds.get("at_least", 0) <= seconds <= bounds.get("at_most", float("inf")):
            yield f"{where}: took {seconds:.2f} s, which is not within {bounds}"

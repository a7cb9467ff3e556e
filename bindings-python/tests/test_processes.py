"""Eight processes share a token store, with a server whose token database has no transactions."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

from support import Sandbox, start_program

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

PROGRAM = """
import json, sys, egito
client = egito.Client(**json.loads(sys.argv[1]))
for line in sys.stdin:
    for _ in range(5):
        client.accounts.get(7)
    print("done", flush=True)
"""


def play_together(children: list[subprocess.Popen[str]]) -> None:
    """Lets all processes make their calls at the same time."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "done\n"


def test_processes_with_a_shared_token_store_log_in_once(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": 7}]}})
    sandbox.control("config", {"token_race_ms": 20, "token_seconds": 60})
    settings = json.dumps({**sandbox.settings, "token_store": str(tmp_path / "tokens")})
    with ExitStack() as stack:
        children = [stack.enter_context(start_program(PROGRAM, settings)) for _ in range(8)]
        play_together(children)  # logs in
        assert len(sandbox.journal(action="login")) == 1
        sandbox.control("clock", {"advance": 61})
        play_together(children)  # the token has expired: all calls are refused at the same time
        assert [child.communicate(timeout=60) for child in children] == [("", "")] * 8
    assert [request["status"] for request in sandbox.journal(action="login")] == [200, 200]
    assert [request["status"] for request in sandbox.journal(action="get")].count(200) == 80

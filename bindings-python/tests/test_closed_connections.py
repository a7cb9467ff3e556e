"""A server that closes the connection during a large request: SIGPIPE does not end the process."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Literal

import pytest
from raw_server import Authority, RawServer

from support import start_program

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """
import asyncio, json, signal, sys, egito
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
settings = json.loads(sys.argv[1])
record = {"text": "x" * 5_000_000}

def blocking():
    client = egito.Client(**settings)
    try:
        client.leads.create(record)
    except egito.OutcomeUnknownError as error:
        return error.outcome

def bulk():
    (row,) = egito.Client(**settings).leads.create_many([record])
    return row.error.outcome

async def asynchronous():
    async with egito.AsyncClient(**settings) as client:
        try:
            await client.leads.create(record)
        except egito.OutcomeUnknownError as error:
            return error.outcome

print(blocking(), bulk(), asyncio.run(asynchronous()))
assert signal.getsignal(signal.SIGPIPE) == signal.SIG_DFL
assert signal.SIGPIPE not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE")
@pytest.mark.parametrize("hang_up", ["fin", "rst"])
@pytest.mark.parametrize("with_tls", [False, True], ids=["plain", "tls"])
def test_closed_connection_fails_the_call_without_sigpipe(
    tmp_path: Path, with_tls: bool, hang_up: Literal["fin", "rst"]
) -> None:
    authority = Authority(tmp_path) if with_tls else None
    trust = {"ca_file": str(authority.file)} if authority else {}
    with (
        RawServer(authority, hang_up) as server,
        start_program(PROGRAM, json.dumps({**server.settings, **trust})) as child,
    ):
        out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err) == (0, "unknown unknown unknown\n", "")

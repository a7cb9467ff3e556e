"""A program that closes all descriptors while no call is in flight: the library uses none of their numbers."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from support import start_program

if TYPE_CHECKING:
    from pathlib import Path

    from support import Sandbox

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other systems do not reuse numbers of open files")

PROGRAM = """
import asyncio, gc, json, os, sys, egito
settings, folder, mode = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
kept = egito.AsyncClient(**settings, timeout=5)
accounts = kept.accounts

async def use(client):
    id = await client.accounts.create({"name": "x"})
    return (await client.accounts.get(id))["name"]

async def start():
    assert await use(kept) == "x"
    pages, rows = accounts.list(page_size=1).pages(), accounts.stream_get_many(range(1, 9))
    await anext(pages), await anext(rows)
    await asyncio.sleep(0.3)  # no call is in flight
    return pages, rows

pages, rows = asyncio.run(start())
if mode == "fork" and (child := os.fork()):
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
os.closerange(3, 256)
files = [open(f"{folder}/{number}", "wb", buffering=0) for number in range(60)]

async def after():
    for reader in (pages, rows):
        try:
            print(await anext(reader))
        except egito.ConfigError as error:
            print(error)
    print(await use(kept), (await accounts.list(limit=1).first())["name"])
    async with egito.AsyncClient(**settings, timeout=5) as new:
        print(await use(new))
    await kept.close()

asyncio.run(after())
del pages, rows, kept, accounts
gc.collect()
assert all(os.fstat(file.fileno()).st_size == 0 for file in files)
"""


@pytest.mark.parametrize("mode", ["same process", "fork"])
def test_async_client_works_after_all_descriptors_were_closed(sandbox: Sandbox, tmp_path: Path, mode: str) -> None:
    sandbox.control("reset", {"seed": "empty", "records": {"Account": 8}})
    with start_program(PROGRAM, json.dumps(sandbox.settings), str(tmp_path), mode) as child:
        out, err = child.communicate(timeout=60)
    if mode == "fork":
        message = "this {0} was created before fork(); create a new one in the child process"
    else:
        message = "the program closed the file descriptors of this {0}, "
        message += "for example with closefrom(); create the {0} after that"
    assert (child.returncode, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [message.format("list"), message.format("bulk")]
    assert len(lines) == 4

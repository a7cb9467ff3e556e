"""A program that closes all descriptors while no call is in flight: the library uses none of their numbers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from raw_server import RawServer

from support import start_program

if TYPE_CHECKING:
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


PARTIAL = """
import asyncio, json, os, socket, sys, egito
settings, mode, index = json.loads(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def descriptors():
    numbers = os.listdir("/proc/self/fd")  # one of them was open only for this
    return {int(number) for number in numbers if os.path.exists(f"/proc/self/fd/{number}")}

def close_and_open():
    own = sorted(descriptors() - before)[index:]
    if not own:
        print("end")
        os._exit(0)
    os.closerange(own[0], 1024)
    return [socket.socketpair() for _ in range(20)]

def call():
    client = egito.Client(**settings, timeout=5)
    client.accounts.get(1)
    pairs = close_and_open()
    print(client.accounts.get(1))
    return pairs

async def call_async():
    client = egito.AsyncClient(**settings, timeout=5)
    await asyncio.gather(client.accounts.get(1), client.accounts.get(1))
    await asyncio.sleep(0.2)  # no call is in flight
    pairs = close_and_open()
    print(await client.accounts.get(1))
    await asyncio.sleep(0)
    return pairs

loop = asyncio.new_event_loop()
before = descriptors()
pairs = call() if mode == "Client" else loop.run_until_complete(call_async())
for pair in pairs:
    for one in pair:
        one.send(b"x")  # it is still open
    for one in pair:
        assert one.recv(100) == b"x"
        one.close()
os._exit(0)
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the program lists its descriptors")
@pytest.mark.parametrize("mode", ["Client", "AsyncClient"])
def test_program_closes_a_part_of_the_descriptors(mode: str) -> None:
    with RawServer() as server:
        for index in range(30):
            with start_program(PARTIAL, json.dumps(server.settings), mode, str(index)) as child:
                out, err = child.communicate(timeout=60)
            assert (child.returncode, err) == (0, "")
            if out == "end\n":
                break
            assert out == "{'id': 1}\n"
    assert index > 4

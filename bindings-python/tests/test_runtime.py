"""Load, shutdown and unusual interpreters: nothing hangs, leaks or crashes."""

import asyncio
import gc
import json
import multiprocessing
import re
import signal
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import egito
from support import Sandbox, read_name, run_async, start_program, wait_for_disconnects

STATUS = Path("/proc/self/status")


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_clients_work_with_multiprocessing(sandbox: Sandbox, client: egito.Client, method: str) -> None:
    id = client.accounts.create({"name": "Żubr"})
    with multiprocessing.get_context(method).Pool(2) as pool:
        names = pool.starmap_async(read_name, [(sandbox.settings, id)] * 4).get(60)
        assert names == ["Żubr"] * 4


PREFORK = """
import json, os, signal, sys, warnings, egito
warnings.simplefilter("ignore")
settings, id = json.loads(sys.argv[1]), int(sys.argv[2])
client = egito.Client(**settings)  # before the workers are forked, as with `preload_app`
client.accounts.get(id)
workers = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        names = {client.accounts.get(id)["name"] for _ in range(25)}
        os._exit(0 if names == {"Żubr"} else 1)
    workers.append(pid)
print([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in workers])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no fork")
def test_prefork_workers_share_a_client(sandbox: Sandbox, client: egito.Client) -> None:
    id = client.accounts.create({"name": "Żubr"})
    with start_program(PREFORK, json.dumps(sandbox.settings), str(id)) as child:
        assert child.communicate(timeout=60) == ("[0, 0, 0, 0]\n", "")
    connections = {request["connection"] for request in sandbox.journal(action="get")}
    assert len(connections) >= 5


def test_sixty_four_threads_share_a_client(sandbox: Sandbox, client: egito.Client) -> None:
    rows = client.accounts.create_many({"name": f"{number}"} for number in range(64))
    ids = [row.id for row in rows if row.id is not None]
    sandbox.hold("all", action="get", times=64)
    with ThreadPoolExecutor(64) as pool:
        records = pool.map(client.accounts.get, ids)
        sandbox.journal(wait=64, action="get")  # all of them wait at the same time
        sandbox.release("all")
        assert [record["name"] for record in records] == [f"{number}" for number in range(64)]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.timeout came with Python 3.11")
def test_asyncio_timeout_cancels_the_request(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.list().first()
        sandbox.hold("slow", action="get")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):  # type: ignore[attr-defined, unused-ignore]
                await client.accounts.get(1)
        with pytest.raises(egito.NotFoundError):
            await client.accounts.get(2)

    run_async(sandbox, scenario)
    wait_for_disconnects(sandbox, 1)
    assert [request["client_gone"] for request in sandbox.journal(action="get")] == [True, False]


def test_event_loop_runs_during_a_call(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        await client.accounts.list().first()
        sandbox.hold("slow", action="get")
        call = asyncio.ensure_future(client.accounts.get(1))
        await asyncio.to_thread(sandbox.journal, wait=1, action="get")
        begun = time.monotonic()
        for _ in range(1000):
            await asyncio.sleep(0)
        assert time.monotonic() - begun < 1
        assert not call.done()
        sandbox.release("slow")
        with pytest.raises(egito.NotFoundError):
            await call

    run_async(sandbox, scenario)


INTERRUPTED = """
import asyncio, json, signal, sys, egito
signal.signal(signal.SIGINT, signal.default_int_handler)
async def main():
    async with egito.AsyncClient(**json.loads(sys.argv[1])) as client:
        await client.accounts.get(1)
try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_an_asyncio_program(sandbox: Sandbox) -> None:
    sandbox.hold("slow", action="get")
    with start_program(INTERRUPTED, json.dumps(sandbox.settings)) as child:
        sandbox.journal(wait=1, action="get")
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        assert child.stdout is not None
        assert child.stdout.readline() == "interrupted\n"
        assert time.monotonic() - begun < 2
        assert child.communicate(timeout=10) == ("", "")


LEFT_BEHIND = """
import json, sys, threading, egito
client = egito.Client(**json.loads(sys.argv[1]))
for _ in range(4):
    threading.Thread(target=client.accounts.get, args=[1], daemon=True).start()
sys.stdin.readline()
"""


def test_python_exits_with_calls_of_daemon_threads_in_flight(sandbox: Sandbox) -> None:
    sandbox.hold("slow", times=4, action="get")
    command = [sys.executable, "-X", "dev", "-c", LEFT_BEHIND, json.dumps(sandbox.settings)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
        sandbox.journal(wait=4, action="get")
        begun = time.monotonic()
        assert child.communicate("\n", timeout=10) == ("", "")
        assert (child.returncode, time.monotonic() - begun < 2) == (0, True)


RUNNING_PYTHON_CODE = """
import collections, json, logging, sys, threading, time, egito
settings, how = json.loads(sys.argv[1]), sys.argv[2]
busy = threading.Semaphore(0)

def work(*_):
    busy.release()
    time.sleep(0.001)

class Slow(collections.UserDict):
    def items(self):
        work()
        return self.data.items()

class Handler(logging.Handler):
    emit = work

def calls(client):
    while True:
        client.accounts.update(7, Slow(name="x")) if how == "mapping" else client.accounts.get(7)

def failures(client):
    while True:
        try:
            client.accounts.get(8)
        except egito.NotFoundError:
            busy.release()

def loops(client):
    async def main():
        async with egito.AsyncClient(**settings) as client:
            while True:
                try:
                    await asyncio.gather(*(client.accounts.get(7) for _ in range(4)))
                    busy.release()
                except egito.CancelledError:
                    pass
    asyncio.run(main())

if how == "loop":
    import asyncio
if how == "logging":
    logging.getLogger("egito").setLevel(logging.DEBUG)
    logging.getLogger("egito").addHandler(Handler())
client = egito.Client(**settings, on_event=work if how == "hook" else None)
target = {"loop": loops, "failures": failures}.get(how, calls)
for _ in range(4):
    threading.Thread(target=target, args=[client], daemon=True).start()
for _ in range(8):
    busy.acquire()
"""


@pytest.mark.parametrize("how", ["hook", "logging", "mapping", "failures", "loop"])
def test_python_exits_with_daemon_threads_in_hooks(sandbox: Sandbox, how: str) -> None:
    sandbox.add(Account=[{"id": 7, "name": "Żubr"}])
    script = ["-c", RUNNING_PYTHON_CODE, json.dumps(sandbox.settings), how]
    for _ in range(10):
        pair = [subprocess.Popen([sys.executable, *script], stderr=subprocess.PIPE, text=True) for _ in range(2)]
        ended = [(child.communicate(timeout=20)[1], child.returncode) for child in pair]
        assert ended == [("", 0)] * 2


@pytest.mark.skipif(not STATUS.exists(), reason="needs /proc/self/status")
def test_ten_thousand_failing_calls_leak_nothing(client: egito.Client) -> None:
    def fail(times: int) -> None:
        for _ in range(times):
            try:
                client.accounts.get("unknown")
            except egito.NotFoundError:
                continue
            raise AssertionError("it was there")

    fail(1_000)
    gc.collect()
    before, objects = resident_kb(), len(gc.get_objects())
    fail(10_000)
    gc.collect()
    assert len(gc.get_objects()) - objects < 100
    assert resident_kb() - before < 4_000


def resident_kb() -> int:
    found = re.search(r"VmRSS:\s+(\d+)", STATUS.read_text())
    assert found
    return int(found[1])


SUBINTERPRETER = '''
try:
    import _interpreters as interpreters  # Python 3.13
except ImportError:
    import _xxsubinterpreters as interpreters
import egito

code = """
try:
    import egito
except ImportError as error:
    print("refused:", error, flush=True)
"""
interpreters.run_string(interpreters.create(), code)
'''


def test_subinterpreters_raise_import_error() -> None:
    with start_program(SUBINTERPRETER) as child:
        out, err = child.communicate(timeout=20)
    # Python 3.12 and newer refuse it themselves.
    ours, of_python = "egito cannot be used in more than one interpreter", "does not support loading in subinterpreters"
    assert out.startswith("refused: "), (out, err)
    assert ours in out or of_python in out


def test_module_declares_free_threading() -> None:
    source = (Path(__file__).parents[1] / "src/lib.rs").read_text(encoding="utf-8")
    assert "gil_used = false" in source
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert not sys._is_gil_enabled()  # type: ignore[attr-defined]


IMPORT = """
import sys, egito
slow = {"asyncio", "dataclasses", "inspect", "logging", "datetime", "decimal", "http.client"}
print(sorted(sys.modules.keys() & slow))
"""


def test_import_loads_no_slow_modules() -> None:
    """The benchmark measures the module itself."""
    child = subprocess.run([sys.executable, "-I", "-c", IMPORT], capture_output=True, check=True, text=True)
    assert child.stdout == "[]\n"

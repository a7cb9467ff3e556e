"""The rows of the table: what is measured in which language, and what the SDK is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

BENCHES = Path(__file__).resolve().parent.parent
RECORDS = 100_000


@dataclass(frozen=True)
class Language:
    """The program of a language: `PROGRAM CONTESTANT WORKLOAD COUNT`, and what it needs."""

    name: str
    program: list[str]
    install: str


def languages(target: Path) -> dict[str, Language]:
    """Returns the languages, with the programs that `scripts/bench.sh` has built in the folder `target`."""
    built = target / "release"
    all_of_them = (
        Language("Python", [str(target / "bench/venv/bin/python"), str(BENCHES / "python/contestant.py")], PIP),
        Language("Node.js", ["node", str(BENCHES / "node/contestant.mjs")], "npm --prefix benches/node ci"),
        Language("C", [str(built / "c/bench")], "sudo apt-get install pkg-config libcurl4-openssl-dev libcjson-dev"),
        Language(
            "PHP",
            ["php", "-d", "ffi.enable=1", "-d", "memory_limit=-1", str(BENCHES / "php/contestant.php")],
            "sudo apt-get install php-cli php-curl",
        ),
        Language("JVM", java(target / "bench/jvm"), "sudo apt-get install openjdk-17-jdk-headless maven"),
        Language("Rust", [str(built / "egito-bench-rust")], "cargo build --release -p egito-bench"),
    )
    return {language.name: language for language in all_of_them}


PIP = "target/bench/venv/bin/pip install -r benches/python/requirements.txt"


def java(built: Path) -> list[str]:
    """Returns the command of the contestants on the JVM, which Maven has built in this folder."""
    libraries = built / "classpath"
    path = f"{built / 'classes'}:{libraries.read_text().strip() if libraries.exists() else ''}"
    return ["java", "--enable-native-access=ALL-UNNAMED", "-cp", path, "pl.egito.bench.ContestantKt"]


@dataclass(frozen=True)
class Row:
    """A workload: the SDK, the peers that it is compared with, and the number of calls or records."""

    language: str
    workload: str
    peers: tuple[str, ...]
    count: int
    ours: str = "egito"
    kinds: tuple[str, ...] = ("full", "light")

    def is_in(self, kind: str, shape: str) -> bool:
        """Returns whether the row is in the table of this kind of records and this shape of lists."""
        return kind in self.kinds and (shape == "array" or self.reads_all)

    @property
    def reads_all(self) -> bool:
        """Whether it reads the whole list. Only these rows depend on the form of a list, and have a peak memory."""
        return self.count == RECORDS

    @property
    def contestants(self) -> tuple[str, ...]:
        """The SDK and its peers."""
        return (self.ours, *self.peers)


ORJSON = ("requests + orjson", "http.client + orjson", "pycurl + orjson")
NODE = ("undici", "fetch")
POLARS = ("requests + polars.read_json",)
OKHTTP = ("OkHttp + Jackson",)

ROWS = (
    Row("Python", "list", ORJSON, RECORDS),
    Row("Python", "list, asyncio", ("requests + orjson", "aiohttp + orjson"), RECORDS),
    Row("Python", "get", ORJSON, 4_000),
    Row("Python", "create", ORJSON, 4_000),
    Row("Python", "coroutines", ("aiohttp + orjson",), 6_400),
    Row("Python", "threads", ("requests + orjson",), 3_200),
    Row("Python", "arrow", POLARS, RECORDS),
    Row("Python", "polars", POLARS, RECORDS),
    Row("Python", "pandas", POLARS, RECORDS),
    Row("Python", "upsert", ("list",), RECORDS, kinds=("full",)),  # light records have no field that is a key
    Row("Python", "put", ("sqlite3",), 2_000),
    Row("Python", "deliver", ("create_many",), 10_000),
    Row("Node.js", "list", NODE, RECORDS),
    Row("Node.js", "get", NODE, 5_000),
    Row("Node.js", "create", NODE, 5_000),
    Row("Node.js", "at once", NODE, 10_000),
    Row("PHP", "list", ("curl + json_decode",), RECORDS),
    Row("PHP", "get", ("curl + json_decode",), 10_000),
    Row("PHP", "create", ("curl + json_decode",), 10_000),
    Row("C", "list", ("libcurl + cJSON",), RECORDS),
    Row("C", "get", ("libcurl + cJSON",), 10_000),
    Row("C", "create", ("libcurl + cJSON",), 10_000),
    Row("C", "at once", ("libcurl + cJSON",), 20_000),
    Row("JVM", "list", OKHTTP, RECORDS),
    Row("JVM", "objects", OKHTTP, RECORDS),
    Row("JVM", "get", OKHTTP, 20_000),
    Row("JVM", "create", OKHTTP, 20_000),
    Row("Rust", "list", ("reqwest + serde_json",), RECORDS),
    Row("Rust", "get", ("reqwest + serde_json",), 10_000),
    Row("Rust", "create", ("reqwest + serde_json",), 10_000),
    Row("Rust", "get", ("reqwest + serde_json",), 10_000, ours="egito, blocking"),
)

WORDS = {
    "get": "one `get` after the other",
    "create": "one `create` after the other",
    "at once": "`get`, 64 at once",
    "coroutines": "`get`, 64 coroutines",
    "threads": "`get`, 64 threads",
    "list": "list of {count:,}",
    "list, asyncio": "list of {count:,}, asyncio",
    "objects": "list of {count:,} data classes",
    "arrow": "list to Arrow",
    "polars": "list to polars",
    "pandas": "list to pandas",
    "upsert": "`upsert_many` of {count:,} unchanged records, by a scan",
    "put": "one `put` into an outbox after the other",
    "deliver": "`deliver` of {count:,} entries",
}


@dataclass(frozen=True)
class Import:
    """A command that imports a package, and one that starts the same interpreter without it."""

    language: str
    package: str
    command: list[str]
    bare: list[str]


def imports(target: Path) -> list[Import]:
    """Returns the imports of the SDK and of its peers."""
    python = str(target / "bench/venv/bin/python")
    node_modules = {
        "egito": target / "bench/egito/dist/index.mjs",
        "undici": BENCHES / "node/node_modules/undici/index.js",
    }
    return [
        *(
            Import("Python", name, [python, "-c", f"import {name}"], [python, "-c", "pass"])
            for name in ("egito", "requests", "aiohttp", "pycurl")
        ),
        *(
            Import("Node.js", name, ["node", *module(f"import '{path}'")], ["node", *module("0")])
            for name, path in node_modules.items()
        ),
    ]


def module(code: str) -> list[str]:
    """Returns the arguments of Node.js that run code as a module."""
    return ["--input-type=module", "-e", code]

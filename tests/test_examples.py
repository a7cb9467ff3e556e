"""Runs the programs of `examples/` in every language against a sandbox, and checks what they did.

A program that needs a missing tool is reported as not run; with EGITO_REQUIRE_ALL_ADAPTERS=1 it fails.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from judge.jsontext import write
from judge.sandbox import Sandbox
from test_readme import ROOT, TARGET, VARIABLES

EXAMPLES = ROOT / "examples"
BUILT = ROOT / "target/examples"
DONE, NEEDS_A_PERSON, USAGE, RUN_AGAIN = 0, 1, 2, 75
"""The exit codes of all programs, see examples/README.md."""
INSTALLED = shutil.ignore_patterns("node_modules", "vendor")


class Language(NamedTuple):
    """How the programs of a language are built and run."""

    needs: tuple[str, ...]
    build: Callable[[Path], Callable[[str], list[str]]]
    """Builds the programs in a folder, and returns the command of each job."""


def staged(language: str, extension: str, *command: str) -> Language:
    """Returns a language without a compiler: its programs are copied to a folder that has the package."""

    def build(folder: Path) -> Callable[[str], list[str]]:
        shutil.copytree(EXAMPLES / language, folder, dirs_exist_ok=True, ignore=INSTALLED)
        if language == "node":
            (folder / "node_modules").mkdir(exist_ok=True)
            (folder / "node_modules/egito").unlink(missing_ok=True)
            (folder / "node_modules/egito").symlink_to(ROOT / "bindings-node")
        if language == "php":
            (folder / "vendor").mkdir(exist_ok=True)
            (folder / "vendor/autoload.php").write_text(f"<?php require '{ROOT}/bindings-c/php/autoload.php';\n")
        return lambda job: [*command, str(folder / f"{job}.{extension}")]

    return Language(command[:1], build)


def made(language: str, *tools: str) -> Language:
    """Returns C or C++: the Makefile of the examples builds the programs with the library of this checkout."""

    def build(folder: Path) -> Callable[[str], list[str]]:
        egito = f"-I{ROOT}/bindings-c/include -L{TARGET} -legito -Wl,-rpath,{TARGET}"
        execute("make", "-s", "-B", "-j2", "-C", str(EXAMPLES / language), f"OUT={folder}", f"EGITO={egito}")
        return lambda job: [str(folder / job)]

    return Language(("make", *tools), build)


def packaged(language: str, suffix: str) -> Language:
    """Returns Kotlin or Java: Maven builds the programs with the jar of this checkout."""

    def build(folder: Path) -> Callable[[str], list[str]]:
        install_jar()
        execute("mvn", "-B", "-q", "-f", str(EXAMPLES / language / "pom.xml"), f"-Dbuild={folder}", "package")
        options = ["-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp", f"{folder}/examples.jar"]
        return lambda job: ["java", *options, job.capitalize() + suffix]

    return Language(("javac", "mvn"), build)


@cache
def install_jar() -> None:
    """Installs the package of this checkout into the local repository of Maven."""
    pom = f"-DpomFile={ROOT}/bindings-jvm/pom.xml"
    execute("mvn", "-B", "-q", "install:install-file", f"-Dfile={ROOT}/target/jvm/egito.jar", pom)


LANGUAGES = {
    "rust": Language((), lambda _: lambda job: [str(TARGET / job)]),  # built by `make rust`
    "python": staged("python", "py", sys.executable),
    "node": staged("node", "mjs", "node"),
    "c": made("c", "cc"),
    "cpp": made("cpp", "c++"),
    "php": staged("php", "php", "php", "-d", "ffi.enable=1"),
    "kotlin": packaged("kotlin", "Kt"),
    "java": packaged("java", ""),
}


def execute(*command: str) -> str:
    """Runs a program of the build, and returns its output."""
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def missing(language: str) -> str:
    """Returns how to install what the language needs, or an empty string if nothing is missing."""
    tools = [tool for tool in LANGUAGES[language].needs if tool != sys.executable]
    return subprocess.run([ROOT / "scripts/need.sh", *tools], capture_output=True, text=True).stderr.strip()


def require(language: str) -> None:
    """Ends the test if something is missing that the language needs."""
    if tools := missing(language):
        if os.environ.get("EGITO_REQUIRE_ALL_ADAPTERS") == "1":
            pytest.fail(tools)
        pytest.skip(f"NOT RUN: {tools}")


@cache
def command_of(language: str) -> Callable[[str], list[str]]:
    """Builds the programs of a language once, and returns the command of each job."""
    folder = BUILT / language
    folder.mkdir(parents=True, exist_ok=True)
    return LANGUAGES[language].build(folder)


class Example:
    """Runs the programs of one language in a folder, against one sandbox."""

    def __init__(self, language: str, sandbox: Sandbox, folder: Path) -> None:
        self.language, self.sandbox, self.folder = language, sandbox, folder
        settings = {variable: str(sandbox.settings[name]) for variable, name in VARIABLES.items()}
        self.environment = os.environ | settings

    def __call__(self, job: str, *arguments: str, form: Any = None, exits: int = DONE) -> str:
        """Runs a program with a form as JSON, checks its exit code, and returns its output."""
        ran = self.attempt(job, *arguments, form=form)
        assert ran.returncode == exits, (ran.returncode, ran.stdout, ran.stderr)
        return ran.stdout

    def attempt(self, job: str, *arguments: str, form: Any = None) -> subprocess.CompletedProcess[str]:
        """Runs a program, and returns what it did."""
        ran = subprocess.run(
            [*command_of(self.language)(job), *arguments],
            cwd=self.folder,
            env=self.environment,
            input=None if form is None else json.dumps(form),
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.errors = ran.stderr
        return ran

    def writes(self) -> list[str]:
        """Returns the actions that changed a record."""
        requests = self.sandbox.journal()
        return [str(request["action"]) for request in requests if request["applied"] and request["action"] in WRITES]


WRITES = {"create", "update", "delete"}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Starts a sandbox."""
    sandbox = Sandbox(TARGET / "egito-sandbox")
    yield sandbox
    sandbox.stop()


@pytest.fixture(params=LANGUAGES)
def run(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path) -> Example:
    """Provides the programs of each language, and a sandbox with its default records."""
    require(request.param)
    sandbox.prepare({"seed": "default"})
    return Example(request.param, sandbox, tmp_path)


def test_export_writes_every_account(run: Example) -> None:
    """The file has the values of the records, in all pages of the list."""
    run.sandbox.prepare({"seed": "default", "records": {"Account": 1200}})
    run.sandbox.control("entities", {"Account": [{"name": 'Żubr "i" syn; Łódź, s.c.\nbiuro'}]})
    assert run("export", "accounts.csv") == "1201 accounts written to accounts.csv\n"
    with (run.folder / "accounts.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", "nip", "name", "city"]
    assert rows == [
        [str(account["id"]), *(account.get(field) or "" for field in ("nip", "name", "city"))]
        for account in run.sandbox.records("Account")
    ]


def test_export_leaves_no_partial_file(run: Example) -> None:
    """The second page is refused, so the file does not get its name."""
    run.sandbox.control("config", {"page_cap": 10})
    run.sandbox.control("faults", {"on": {"action": "list"}, "skip": 1, "times": 0, "response": {"status": 403}})
    assert run("export", "accounts.csv", exits=NEEDS_A_PERSON) == ""
    assert run.errors.startswith("permission: ")
    assert not (run.folder / "accounts.csv").exists()


def test_lead_is_registered_once(run: Example) -> None:
    """Although the response is lost, and the form is sent again."""
    form = {"formKey": "2026-11-27-0017", "lastName": "Łęcka", "phone": "+48 12 446 66 66", "owner": {"id": 1}}
    run.sandbox.control("faults", {"on": {"action": "create"}, "cut": "after"})
    first, second = run("lead", form=form), run("lead", form=form)
    (lead,) = [lead for lead in run.sandbox.records("Lead") if lead.get("formKey") == form["formKey"]]
    assert (first, second) == (f"created lead {lead['id']}\n", f"found lead {lead['id']}\n")
    assert {field: lead.get(field) for field in form} == form | {"owner": None}


def test_lead_reports_invalid_fields(run: Example) -> None:
    """The server refuses a lead without a name, and a lead without a key is not sent."""
    run("lead", form={"formKey": "2026-11-27-0018", "phone": "+48 12 446 66 66"}, exits=NEEDS_A_PERSON)
    assert run.errors.startswith("lastName: ")
    run("lead", form={"lastName": "Łęcka"}, exits=NEEDS_A_PERSON)
    assert run.errors.startswith("config: ")
    assert run.writes() == []


def test_import_creates_and_updates(run: Example) -> None:
    """A second run changes nothing, and a line that was refused is done once it is corrected."""
    lines = ["nip;name;city", "0000000001;Żubr Próbny;Sopot", "5250001009;Nowa Firma;Łódź", "6762484560;;Gdynia"]
    source = run.folder / "accounts.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    assert run("import", source.name, exits=NEEDS_A_PERSON) == "1 created, 1 updated, 0 unchanged, 1 rejected\n"
    assert (run.folder / "accounts.csv.rejected.txt").read_text().startswith("line 4: ")
    assert sorted(run.writes()) == ["create", "update"]

    source.write_text("\n".join(lines).replace("6762484560;", "6762484560;Mała Firma") + "\n", encoding="utf-8-sig")
    assert run("import", source.name) == "2 created, 1 updated, 0 unchanged, 0 rejected\n"
    assert sorted(path.name for path in run.folder.iterdir()) == ["accounts.csv"]
    assert sorted(run.writes()) == ["create", "create", "update"]

    assert run("import", source.name) == "0 created, 0 updated, 3 unchanged, 0 rejected\n"
    assert len(run.writes()) == 3
    accounts = {account["nip"]: (account["name"], account["city"]) for account in run.sandbox.records("Account")}
    assert accounts["0000000001"] == ("Żubr Próbny", "Sopot")
    assert accounts["5250001009"] == ("Nowa Firma", "Łódź")
    assert accounts["6762484560"] == ("Mała Firma", "Gdynia")


def test_import_stops_at_a_malformed_line(run: Example) -> None:
    """It names the line, and continues after it was corrected, by a program that ends lines as Windows does."""
    source = run.folder / "accounts.csv"
    source.write_text("nip;name;city\n5250001009;Nowa Firma;Łódź\n6762484560;Mała Firma\n", encoding="utf-8")
    run("import", source.name, exits=NEEDS_A_PERSON)
    assert "accounts.csv, line 3: expected 3 cells, got 2" in run.errors
    source.write_text(
        "nip;name;city\n5250001009;Nowa Firma;Łódź\n6762484560;Mała Firma;Gdynia\n", "utf-8", newline="\r\n"
    )
    assert run("import", source.name) == "2 created, 0 updated, 0 unchanged, 0 rejected\n"
    assert run.writes() == ["create", "create"]


def test_sync_follows_changes_and_deletions(run: Example) -> None:
    """The copy is equal to the accounts after each run."""
    assert run("sync", "copy") == "20 changed, 0 deleted\n"
    assert copy_of(run.folder / "copy") == accounts_of(run.sandbox)
    assert run("sync", "copy") == "0 changed, 0 deleted\n"
    run.sandbox.change("Account", 7, {"city": "Toruń"})
    run.sandbox.delete("Account", 3)
    assert run("sync", "copy") == "1 changed, 1 deleted\n"
    assert copy_of(run.folder / "copy") == accounts_of(run.sandbox)


def accounts_of(sandbox: Sandbox) -> list[Any]:
    """Returns the accounts with their decimals as floats."""
    return list(json.loads(write(sandbox.records("Account"))))


def copy_of(folder: Path) -> list[Any]:
    """Returns the records of a copy by their ids."""
    files = sorted(folder.glob("*.json"), key=lambda file: int(file.stem))
    return [json.loads(file.read_text("utf-8")) for file in files]


def test_outbox_reports_refused_leads(run: Example) -> None:
    """A person has to correct them."""
    run("outbox", "put", form={"formKey": "2026-11-27-0020"})
    assert run("outbox", "deliver", exits=NEEDS_A_PERSON) == "0 delivered, 1 refused, 0 waiting\n"
    assert run.errors.startswith("entry 1 was refused: ") and "lastName" in run.errors
    run("outbox", "put", form={"lastName": "Łęcka"}, exits=NEEDS_A_PERSON)
    assert run.errors.startswith("config: ")


def test_normalize_changes_only_what_differs(run: Example) -> None:
    """Without `--write` it changes nothing."""
    for account, nip in ((2, "525-000-10-09"), (4, "676 248 45 60"), (6, "brak")):
        run.sandbox.change("Account", account, {"nip": nip})
    preview = run("normalize", exits=NEEDS_A_PERSON)
    assert preview.endswith("0 of 2 changed, 1 invalid\n")
    assert "account 2: 525-000-10-09 becomes 5250001009\n" in preview
    assert run.writes() == []
    assert run("normalize", "--write", exits=NEEDS_A_PERSON).endswith("2 of 2 changed, 1 invalid\n")
    assert run.errors == "account 6: brak is not a tax number\n"
    assert run.writes() == ["update", "update"]
    numbers = {account["id"]: account["nip"] for account in run.sandbox.records("Account")}
    assert (numbers[2], numbers[4], numbers[6]) == ("5250001009", "6762484560", "brak")


def test_normalize_continues_after_an_error(run: Example) -> None:
    """The other accounts are updated."""
    for account, nip in ((2, "525-000-10-09"), (4, "676 248 45 60")):
        run.sandbox.change("Account", account, {"nip": nip})
    run.sandbox.control("faults", {"on": {"action": "update"}, "response": {"status": 403}})
    assert run("normalize", "--write", exits=NEEDS_A_PERSON).endswith("1 of 2 changed, 0 invalid\n")
    assert run.errors.startswith("permission: ")
    assert run("normalize", "--write").endswith("1 of 1 changed, 0 invalid\n")


def test_wrong_arguments_show_the_usage(run: Example) -> None:
    """Nothing is sent."""
    for job in ("export", "import", "sync", "outbox", "normalize"):
        run(job, "one", "two", exits=USAGE)
        assert run.errors.startswith("usage: ")
    assert run.sandbox.journal() == []


def test_outbox_delivers_after_an_outage(tmp_path: Path) -> None:
    """The lead waits while the server is down, and is then created once."""
    in_all_languages(deliver_after_an_outage, tmp_path)


def test_an_import_that_was_killed_is_continued(tmp_path: Path) -> None:
    """Each account is created once."""
    in_all_languages(kill_and_continue, tmp_path)


def in_all_languages(scenario: Callable[[Example], None], folder: Path) -> None:
    """Runs a scenario that mainly waits in all languages at the same time, each with a sandbox of its own."""
    languages = [language for language in LANGUAGES if not missing(language)]
    for language in languages:
        command_of(language)
        (folder / language).mkdir()

    def run(language: str) -> None:
        sandbox = Sandbox(TARGET / "egito-sandbox")
        try:
            sandbox.prepare({"seed": "empty"})
            scenario(Example(language, sandbox, folder / language))
        finally:
            sandbox.stop()

    with ThreadPoolExecutor(len(languages)) as pool:
        runs = {language: pool.submit(run, language) for language in languages}
    assert {language: done.exception() for language, done in runs.items()} == dict.fromkeys(languages)


def deliver_after_an_outage(run: Example) -> None:
    """Stores a lead twice, delivers while the server is down, and delivers again until it is up, as cron does."""
    lead = {"formKey": "2026-11-27-0019", "lastName": "Łęcka"}
    run.sandbox.control("faults", {"on": {}, "times": 0, "cut": "before"})
    assert run("outbox", "put", form=lead) == run("outbox", "put", form=lead) == "stored as entry 1\n"
    assert run("outbox", "deliver", exits=RUN_AGAIN) == "0 delivered, 0 refused, 1 waiting\n"
    run.sandbox.prepare({"seed": "empty"})
    while (ran := run.attempt("outbox", "deliver")).returncode == RUN_AGAIN:
        assert ran.stdout == "0 delivered, 0 refused, 1 waiting\n"
    assert ran.stdout == "1 delivered, 0 refused, 0 waiting\n"
    assert [created["lastName"] for created in run.sandbox.records("Lead")] == ["Łęcka"]


def kill_and_continue(run: Example) -> None:
    """Kills an import while a create is in flight, and runs it again."""
    numbers = [f"52500010{number:02}" for number in range(30)]
    lines = "".join(f"{nip};Firma {nip};Łódź\n" for nip in numbers)
    (run.folder / "accounts.csv").write_text("nip;name;city\n" + lines, encoding="utf-8")
    run.sandbox.control("faults", {"on": {"action": "create"}, "skip": 12, "hold": "gate"})
    command = [*command_of(run.language)("import"), "accounts.csv"]
    with subprocess.Popen(command, cwd=run.folder, env=run.environment) as importer:
        requests: list[Any] = []
        while [request["action"] for request in requests].count("create") < 13:
            assert importer.poll() is None
            requests = run.sandbox.journal(wait=len(requests) + 1)
        importer.kill()
    run.sandbox.control("await_requests", {"count": 1, "action": "create", "client_gone": True})
    run.sandbox.control("release", "gate")
    # Accounts that were in flight and created are found, and unchanged.
    assert ", 0 rejected" in run("import", "accounts.csv")
    assert sorted(account["nip"] for account in run.sandbox.records("Account")) == numbers
    assert run.writes().count("create") == len(numbers)

"""Certificate authorities from the environment variables of requests and curl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from raw_server import Authority, RawServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = """
import asyncio, json, sys, egito
settings = json.loads(sys.argv[1])

async def asynchronous():
    async with egito.AsyncClient(**settings) as client:
        return await client.accounts.get(1)

try:
    print(egito.Client(**settings).accounts.get(1), asyncio.run(asynchronous()))
except egito.EgitoError as error:
    print(error.code, error)
"""
READ = "{'id': 1} {'id': 1}"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[RawServer]:
    with RawServer(authority) as server:
        yield server


def read_with(server: RawServer, variables: dict[str, object], **settings: str) -> str:
    """Returns what a program with these variables reads from the server, or its error."""
    own = {name: value for name, value in os.environ.items() if "CA_" not in name and not name.startswith("SSL_")}
    environment = {**own, **{name: str(value) for name, value in variables.items()}}
    command = [sys.executable, "-c", PROGRAM, json.dumps({**server.settings, **settings})]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_environment_variable_adds_a_certificate(server: RawServer, authority: Authority, variable: str) -> None:
    assert read_with(server, {variable: authority.file}) == READ


CHANGES_VARIABLE = """
import json, os, sys, egito
settings, values = json.loads(sys.argv[1]), json.loads(sys.argv[2])
clients = []
for value in values:
    os.environ.pop("SSL_CERT_FILE", None)
    if value is not None:
        os.environ["SSL_CERT_FILE"] = value
    try:
        clients.append(egito.Client(**settings))
        print(clients[-1].accounts.get(1))
    except egito.EgitoError as error:
        print(error.code)
print(clients[1].accounts.get(1))
"""


def test_changed_variable_has_effect_on_later_clients(server: RawServer, authority: Authority, tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if "CA_" not in name and not name.startswith("SSL_")}
    values = [None, str(authority.file), None, str(tmp_path / "missing"), str(authority.file), ""]
    command = [sys.executable, "-c", CHANGES_VARIABLE, json.dumps(server.settings), json.dumps(values)]
    out = subprocess.run(command, env=own, check=True, capture_output=True, text=True).stdout
    assert out.splitlines() == ["tls", "{'id': 1}", "tls", "config", "{'id': 1}", "tls", "{'id': 1}"]


def test_certificate_is_refused_without_its_variable(server: RawServer, authority: Authority) -> None:
    assert read_with(server, {}).startswith("tls")
    assert read_with(server, {"NODE_EXTRA_CA_CERTS": authority.file}).startswith("tls")


def test_ca_file_may_be_a_folder(server: RawServer, authority: Authority, tmp_path: Path) -> None:
    hashed = ["openssl", "x509", "-noout", "-hash", "-in", str(authority.file)]
    name = subprocess.run(hashed, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / f"{name}.0").write_bytes(authority.file.read_bytes())
    assert read_with(server, {"SSL_CERT_DIR": tmp_path}) == READ
    assert read_with(server, {"REQUESTS_CA_BUNDLE": tmp_path}) == READ


def test_ca_file_takes_precedence_over_environment_variables(
    server: RawServer, authority: Authority, tmp_path: Path
) -> None:
    nothing = tmp_path / "nothing.pem"
    assert read_with(server, {"REQUESTS_CA_BUNDLE": nothing}, ca_file=str(authority.file)) == READ
    assert read_with(server, {"REQUESTS_CA_BUNDLE": authority.file, "CURL_CA_BUNDLE": nothing}) == READ
    assert read_with(server, {"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": authority.file}) == READ


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_invalid_path_error_names_the_variable(server: RawServer, tmp_path: Path, variable: str) -> None:
    result = read_with(server, {variable: tmp_path / "nothing.pem"})
    assert result.startswith("config") and variable in result and "nothing.pem" in result

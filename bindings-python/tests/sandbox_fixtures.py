"""Fixtures of all tests: one sandbox, and a client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import egito
from egito.testing import Sandbox

PROGRAM = Path(__file__).resolve().parents[2] / "target/debug/egito-sandbox"


@pytest.fixture(scope="session")
def program() -> Iterator[Sandbox]:
    """The sandbox program."""
    with Sandbox(program=PROGRAM) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(program: Sandbox) -> Sandbox:
    """The sandbox, reset."""
    program.reset("empty")
    return program


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[egito.Client]:
    """A client of the sandbox."""
    with egito.Client(**sandbox.settings) as client:
        yield client

"""Fixtures: one sandbox for all tests, a client, and a warehouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox_fixtures import client, program, sandbox
from warehouse import Warehouse

__all__ = ["client", "program", "sandbox", "warehouse"]


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    """A pipeline of dlt into a new DuckDB file."""
    return Warehouse(tmp_path)

"""The fixture `egito_sandbox` for pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from egito.testing import Sandbox


@pytest.fixture(scope="session")
def _egito_sandbox_process() -> Iterator[Sandbox]:
    from egito.testing import Sandbox  # only if a test uses the fixture

    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def egito_sandbox(_egito_sandbox_process: Sandbox) -> Sandbox:
    """A local Egito without records, reset for each test; see `egito.testing.Sandbox`."""
    _egito_sandbox_process.reset("empty")
    return _egito_sandbox_process

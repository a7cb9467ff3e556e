"""Fixtures: one sandbox for all tests, and a client."""

import orjson  # noqa: F401 - egito reads lists with it once it is imported
from sandbox_fixtures import client, program, sandbox

__all__ = ["client", "program", "sandbox"]

"""Starts a sandbox and Chromium for the tests of the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from support import Sandbox, open_page


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that writes the pictures of the README."""
    parser.addoption(
        "--screenshots", metavar="FOLDER", type=Path, help="write screenshots of the page into this folder"
    )


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """Starts one sandbox for all tests."""
    sandbox = Sandbox()
    yield sandbox
    sandbox.stop()


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """Returns the sandbox as it was when it started."""
    running_sandbox.control("reset", {})
    return running_sandbox


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Starts the driver of browsers."""
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Starts Debian's Chromium."""
    program = shutil.which("chromium")
    assert program, "missing: chromium; install it with: sudo apt-get install chromium"
    # Without a sandbox of its own, since CI runs as root. The page is ours.
    browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Returns a browser without memory, in English; an error of the page fails the test."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1200, "height": 800})
    context.set_default_timeout(30_000)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert errors == []


@pytest.fixture
def page(context: BrowserContext, sandbox: Sandbox) -> Page:
    """Returns the page, which follows the journal."""
    page = context.new_page()
    open_page(page, sandbox)
    return page

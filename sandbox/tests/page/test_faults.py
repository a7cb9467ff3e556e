"""Faults that are set by clicks."""

from __future__ import annotations

import http.client

import pytest
from playwright.sync_api import Locator, Page, expect

from support import Sandbox, open_page


@pytest.fixture
def faults(page: Page, sandbox: Sandbox) -> Page:
    """Returns the page with its section of faults."""
    open_page(page, sandbox, "faults")
    return page


def active(page: Page) -> Locator:
    """Returns the rows of active faults."""
    return page.locator("#faults-table tbody tr")


def preset(page: Page, name: str) -> None:
    """Sets a fault for a bad day."""
    page.locator(f"[data-preset={name}]").click()
    expect(active(page)).to_have_count(1)


def test_one_click_makes_the_server_fail_for_every_request(faults: Page, sandbox: Sandbox) -> None:
    preset(faults, "down")
    assert [sandbox.call("Account/get?id=1", token="x").status for _ in range(2)] == [503, 503]
    expect(active(faults).first).to_contain_text("no limit")
    faults.get_by_role("button", name="Remove fault").click()
    expect(faults.locator("#faults-empty")).to_be_visible()
    assert sandbox.call("Account/get?id=1").status == 200


def test_one_click_limits_the_rate_and_shows_what_is_left(faults: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    preset(faults, "limit")
    expect(active(faults).first).to_contain_text("3")
    assert sandbox.call("Account/get?id=1", token=token).status == 429
    expect(active(faults).first.locator("td").nth(3)).to_have_text("2")
    faults.get_by_role("link", name="Journal").click()
    expect(faults.locator("#journal-table")).to_contain_text("429 instead of the response")


def test_one_click_loses_responses(faults: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    preset(faults, "lost")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        sandbox.call("Account/create", {"name": "Zapisana"}, token)
    assert sandbox.call("Account/get?id=21", token=token).json()["name"] == "Zapisana"


def test_one_click_expires_the_token(faults: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    preset(faults, "expired")
    assert sandbox.call("Account/get?id=1", token=token).status == 401


def test_one_click_slows_responses(faults: Page) -> None:
    preset(faults, "slow")
    expect(active(faults).first).to_contain_text("delayed by 3000 ms")


def test_every_kind_has_a_form(faults: Page, sandbox: Sandbox) -> None:
    fields = {"Delay": "delayed by 2000 ms", "Drip": "chunks every 200 ms", "Hold": "held as gate"}
    others = {"Closed connection": "closed before the action", "Expired token": "token expired"}
    for kind, effect in {"Other response": "503 instead of the response", **fields, **others}.items():
        faults.get_by_role("radio", name=kind).check()
        faults.get_by_role("button", name="Add fault").click()
        expect(active(faults).filter(has_text=effect)).to_have_count(1)
    kinds = sandbox.send("GET", "/_sandbox/kinds").json()["faults"]
    assert faults.locator("#fault-form input[type=radio]").count() == len(kinds) == 6
    faults.get_by_role("button", name="Remove all").click()
    expect(active(faults)).to_have_count(0)


def test_the_form_sets_all_parts_of_a_response(faults: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    faults.get_by_label("Status", exact=True).fill("418")
    faults.get_by_label("Headers, one on each line").fill("X-Tea: pot: hot")
    faults.get_by_label("Body: JSON or text").fill('{"tea": true}')
    faults.locator("#fault-form [name=action]").select_option("get")
    faults.get_by_label("Query, such as offset=100").fill("id=2")
    faults.get_by_label("Requests to let through first").fill("1")
    faults.get_by_role("button", name="Add fault").click()
    expect(active(faults)).to_contain_text(["get · id=2"])
    expect(active(faults)).to_contain_text(["1, after 1 others"])
    statuses = [sandbox.call(f"Account/get?id={key}", token=token).status for key in (2, 1, 2, 2)]
    assert statuses == [200, 200, 418, 200]


def test_an_invalid_fault_is_explained(faults: Page) -> None:
    faults.get_by_label("Status", exact=True).fill("99")
    faults.get_by_role("button", name="Add fault").click()
    expect(faults.locator("#error")).to_contain_text("expected 200 to 599, got 99")

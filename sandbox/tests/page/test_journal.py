"""The live journal."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Locator, Page, expect

from support import Sandbox, open_page


def rows(page: Page) -> Locator:
    """Returns the rows of requests."""
    return page.locator("#journal-table tbody tr:not([hidden])", has=page.locator(".request"))


def test_it_fills_while_a_client_works(page: Page, sandbox: Sandbox) -> None:
    expect(page.locator("#journal-empty")).to_be_visible()
    token = sandbox.token()
    expect(rows(page)).to_have_count(1)
    sandbox.call("Account/create", {"name": "Żubr sp. z o.o."}, token)
    sandbox.call("Account/get?id=999", token=token)
    expect(rows(page).first).to_contain_text("GET Account/get?id=999")
    expect(rows(page).first).to_contain_text("404")
    expect(rows(page).nth(1)).to_contain_text("POST Account/create")
    expect(rows(page).nth(1)).to_contain_text("ms")
    expect(page.locator("#journal-empty")).to_be_hidden()


def test_details_have_both_sides_and_no_secret(page: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.call("Account/create", {"name": "Żubr", "note": token}, token)
    rows(page).first.locator(".request").click()
    details = page.locator("td.details")
    expect(details).to_contain_text("authorization: Bearer ***")
    expect(details).to_contain_text('"note": "***"')
    expect(details).to_contain_text('{"id":21}')
    rows(page).last.locator(".request").click()
    expect(details.last).to_contain_text('"access_token":"***"')
    content = page.content()
    secrets = [token, sandbox.settings["client_secret"], "za%C5%BC%C3%B3%C5%82%C4%87"]
    assert [secret for secret in secrets if secret in content] == []


def test_a_request_is_copied_as_curl(page: Page, sandbox: Sandbox) -> None:
    sandbox.call("Account/create?x=1", {"name": "it's"})
    rows(page).first.locator(".request").click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#message")).to_have_text("Copied.")
    command: str = page.evaluate("navigator.clipboard.readText()")
    assert command.startswith(f"curl -i -X POST '{sandbox.address}/services/restapi/json/Account/create?x=1'")
    assert "-H 'authorization: Bearer ***'" in command
    assert """--data-raw '{"name": "it'\\''s"}'""" in command


def test_the_filter_finds_texts_actions_and_results(page: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.call("Account/create", {"name": "Szukana"}, token)
    sandbox.call("Account/get?id=999", token=token)
    sandbox.control("faults", {"response": {"status": 503}})
    sandbox.call("Account/get?id=1", token=token)
    expect(rows(page)).to_have_count(4)
    page.locator("#filter-text").fill("szukana")
    expect(rows(page)).to_have_count(1)
    page.locator("#filter-text").fill("no such text")
    expect(page.locator("#journal-empty")).to_have_text("No request matches the filter.")
    page.locator("#filter-text").fill("")
    page.locator("#filter-action").select_option("get")
    expect(rows(page)).to_have_count(2)
    page.locator("#filter-result").select_option("met by a fault")
    expect(rows(page)).to_have_count(1)
    expect(rows(page).first).to_contain_text("503 instead of the response")


def test_a_held_request_is_waiting_until_it_is_released(page: Page, sandbox: Sandbox) -> None:
    sandbox.control("faults", {"hold": "gate"})
    page.evaluate("void fetch('/services/restapi/json/Account/get?id=1')")
    expect(rows(page).first).to_contain_text("waiting")
    expect(rows(page).first).to_contain_text("held as gate")
    page.get_by_role("link", name="Faults").click()
    page.get_by_role("button", name="Release the requests held as gate").click()
    page.get_by_role("link", name="Journal").click()
    expect(rows(page).first).to_contain_text("401")


def test_pausing_stops_the_table_and_clearing_empties_it(page: Page, sandbox: Sandbox) -> None:
    sandbox.token()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    with page.expect_response("**/_sandbox/kinds"):
        sandbox.token()
        page.evaluate("fetch('kinds')")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="Clear").click()
    expect(rows(page)).to_have_count(0)
    sandbox.token()
    expect(rows(page)).to_have_count(1)


def test_a_flood_of_requests_is_noted_and_loaded_again(page: Page, sandbox: Sandbox) -> None:
    sandbox.flood(3000)
    expect(page.locator("#journal-note")).to_contain_text("the last 200 were loaded again")
    sandbox.call("Account/get?id=last")
    expect(rows(page).first).to_contain_text("id=last")
    assert rows(page).count() <= 300


def test_it_continues_after_the_sandbox_was_started_again(context: BrowserContext) -> None:
    page, sandbox = context.new_page(), Sandbox()
    open_page(page, sandbox)
    sandbox.token()
    sandbox.token()
    expect(rows(page)).to_have_count(2)
    sandbox.stop()
    expect(page.locator("#journal-state")).to_contain_text("disconnected")
    sandbox = Sandbox(int(sandbox.address.rpartition(":")[2]))
    sandbox.call("Account/get?id=1", token="x")
    expect(rows(page)).to_have_count(1, timeout=15_000)
    expect(rows(page)).to_contain_text("401")
    sandbox.stop()

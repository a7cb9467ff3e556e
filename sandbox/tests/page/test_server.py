"""Clock, tokens, reset and configuration."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support import Sandbox, open_page


def test_the_clock_is_advanced_and_tokens_expire(page: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    open_page(page, sandbox, "server")
    expect(page.locator("#tokens-table")).to_contain_text("jan@firma")
    page.get_by_role("button", name="+1 hour").click()
    expect(page.locator("#clock-advanced")).to_contain_text("3600")
    expect(page.locator("#tokens-table td.bad")).to_have_text("no")
    assert sandbox.call("Account/get?id=1", token=token).status == 401


def test_a_token_is_copied_and_expired(page: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    open_page(page, sandbox, "server")
    page.get_by_role("button", name="Copy token 1").click()
    expect(page.locator("#message")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == token
    page.get_by_role("button", name="Expire token 1").click()
    expect(page.get_by_role("button", name="Expire token 1")).to_be_disabled()
    assert sandbox.call("Account/get?id=1", token=token).status == 401


def test_a_reset_asks_first(page: Page, sandbox: Sandbox) -> None:
    open_page(page, sandbox, "server")
    page.get_by_role("button", name="Reset without records").click()
    page.keyboard.press("Escape")
    assert sandbox.call("Account/get?id=1").status == 200
    page.get_by_role("button", name="Reset without records").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset without records").click()
    expect(page.locator("#message")).to_have_text("The sandbox was reset.")
    assert sandbox.call("Account/get?id=1").status == 404


@pytest.fixture
def configuration(page: Page, sandbox: Sandbox) -> Page:
    """Returns the page with its section of configuration."""
    open_page(page, sandbox, "configuration")
    expect(page.get_by_label("page_cap")).to_be_visible()
    return page


def test_the_configuration_is_changed_at_once_and_restored(configuration: Page, sandbox: Sandbox) -> None:
    configuration.get_by_label("page_cap").fill("2")
    configuration.get_by_label("errors_form").select_option("strings")
    configuration.get_by_label("echo_token").uncheck()
    configuration.get_by_label("ignore_filters").fill("city, name")
    configuration.get_by_label("ignore_filters").press("Enter")
    expect(configuration.locator(".setting.changed")).to_have_count(4)
    assert len(sandbox.call("Account/list?max=9").json()) == 2
    config = sandbox.send("GET", "/_sandbox/config").json()
    assert (config["errors_form"], config["echo_token"], config["ignore_filters"]) == (
        "strings",
        False,
        ["city", "name"],
    )
    configuration.get_by_role("button", name="Restore all defaults").click()
    expect(configuration.locator(".setting.changed")).to_have_count(0)
    assert len(sandbox.call("Account/list?max=9").json()) == 9


def test_an_invalid_value_is_explained_and_not_kept(configuration: Page) -> None:
    configuration.get_by_label("page_cap").fill("many")
    configuration.get_by_label("page_cap").press("Enter")
    expect(configuration.locator("#error")).to_contain_text("config page_cap")
    expect(configuration.get_by_label("page_cap")).to_have_value("")


def test_every_configuration_is_explained_in_both_languages(configuration: Page, sandbox: Sandbox) -> None:
    names = list(sandbox.send("GET", "/_sandbox/config").json())
    hints = configuration.locator(".setting p")
    assert configuration.locator(".setting label").all_inner_texts() == names
    english = hints.all_inner_texts()
    configuration.locator("#language").select_option("pl")
    polish = hints.all_inner_texts()
    shown = zip(names, english, polish, strict=True)
    assert [name for name, en, pl in shown if "config." in en or "config." in pl or en == pl] == []

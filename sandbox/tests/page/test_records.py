"""The records as a table."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from support import Sandbox, open_page


def shown(first: int, last: int, total: int) -> str:
    """Returns the text that says which records are shown."""
    return f"{first}\N{EN DASH}{last} of {total}"


@pytest.fixture
def records(page: Page, sandbox: Sandbox) -> Page:
    """Returns the page with its section of records."""
    open_page(page, sandbox, "records")
    expect(page.locator("#records-total")).to_have_text(shown(1, 20, 20))
    return page


def test_a_record_edited_on_the_page_is_seen_by_the_api(records: Page, sandbox: Sandbox) -> None:
    records.get_by_role("button", name="Edit Account 3").click()
    records.get_by_label("Value of name").fill("Smok Zmieniony")
    records.get_by_label("Value of employees").fill("541")
    records.get_by_role("button", name="Save").click()
    expect(records.get_by_role("dialog")).to_be_hidden()
    expect(records.locator("#records-table")).to_contain_text("Smok Zmieniony")
    record = sandbox.call("Account/get?id=3").json()
    assert (record["name"], record["employees"], record["version"]) == ("Smok Zmieniony", 541, 1)
    assert record["city"] == "Kraków"


def test_fields_that_were_not_changed_keep_their_digits(records: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    sandbox.send(
        "POST",
        "/services/restapi/json/Account/create",
        '{"name":"Liczby","big":12345678901234567890.10}',
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    expect(records.locator("#records-table")).to_contain_text("12345678901234567890.10")
    records.get_by_role("button", name="Edit Account 21").click()
    records.get_by_label("Value of name").fill("Liczby 2")
    records.get_by_label("Name of a new field").fill("note")
    records.get_by_role("button", name="Add field").click()
    records.get_by_label("Value of note").fill("x")
    records.get_by_label("Type of note").select_option("JSON")
    records.get_by_label("Value of note").fill('{"a": 9007199254740993}')
    records.get_by_role("button", name="Save").click()
    expect(records.get_by_role("dialog")).to_be_hidden()
    text = sandbox.call("Account/get?id=21", token=token).text
    assert '"big":12345678901234567890.10' in text
    assert '"note":{"a":9007199254740993}' in text


def test_a_record_is_added_and_deleted(records: Page, sandbox: Sandbox) -> None:
    records.get_by_role("button", name="Add", exact=True).click()
    records.get_by_label("Value of name").fill("Nowa")
    records.get_by_role("button", name="Save").click()
    expect(records.locator("#records-total")).to_have_text(shown(1, 21, 21))
    assert sandbox.call("Account/get?id=21").json()["name"] == "Nowa"
    records.get_by_role("button", name="Delete Account 21").click()
    records.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(records.locator("#records-total")).to_have_text(shown(1, 21, 21))
    records.get_by_role("button", name="Delete Account 21").click()
    records.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(records.locator("#records-total")).to_have_text(shown(1, 20, 20))
    assert sandbox.call("Account/get?id=21").status == 404


def test_an_entity_of_any_name_can_be_added(records: Page, sandbox: Sandbox) -> None:
    records.get_by_role("button", name="Add", exact=True).click()
    records.get_by_role("textbox", name="Entity").fill("Offer")
    records.get_by_label("Value of name").fill("Oferta")
    records.get_by_role("button", name="Save").click()
    expect(records.locator("#entity")).to_contain_text("Offer (1)")
    assert sandbox.call("Offer/get?id=1").json()["name"] == "Oferta"


def test_an_error_stays_in_the_dialog(records: Page) -> None:
    records.get_by_role("button", name="Edit Account 1", exact=True).click()
    records.get_by_label("Value of employees").fill("many")
    records.get_by_role("button", name="Save").click()
    expect(records.locator("dialog #error")).to_have_text("Failed: the field employees needs a number")
    records.get_by_label("Value of employees").fill("1")
    records.get_by_label("Value of name").fill("")
    records.get_by_role("button", name="Save").click()
    expect(records.locator("dialog #error")).to_have_text("Failed: missing required fields: name")


def test_the_search_ignores_case_and_pages_follow_each_other(records: Page, sandbox: Sandbox) -> None:
    records.get_by_label("Search").fill("ŻÓŁĆ")
    expect(records.locator("#records-total")).to_have_text(shown(1, 1, 1))
    records.get_by_label("Search").fill("")
    expect(records.locator("#records-total")).to_have_text(shown(1, 20, 20))
    sandbox.control("reset", {"records": {"Account": 120}})
    open_page(records, sandbox, "journal")
    records.get_by_role("link", name="Records").click()
    expect(records.locator("#records-total")).to_have_text(shown(1, 50, 120))
    records.get_by_role("button", name="Next page").click()
    expect(records.locator("#records-total")).to_have_text(shown(51, 100, 120))
    records.get_by_role("button", name="Next page").click()
    expect(records.get_by_role("button", name="Next page")).to_be_disabled()


def test_a_write_of_a_client_appears(records: Page, sandbox: Sandbox) -> None:
    sandbox.call("Account/create", {"name": "Od klienta"})
    expect(records.locator("#records-table")).to_contain_text("Od klienta")

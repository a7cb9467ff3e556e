"""Accessibility, keyboard, languages, color schemes and narrow screens."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from support import SECTIONS, Sandbox, open_page

NARROW: ViewportSize = {"width": 360, "height": 740}


def fill(sandbox: Sandbox) -> None:
    """Makes requests, so that every section shows something."""
    token = sandbox.token()
    sandbox.call("Account/list?city=Krak%C3%B3w&max=10", token=token)
    sandbox.control(
        "faults", {"on": {"action": "create"}, "response": {"status": 503, "headers": {"Retry-After": "1"}}}
    )
    sandbox.call("Account/create", {"name": "Żubr sp. z o.o.", "city": "Kraków"}, token)
    sandbox.call("Account/create", {"name": "Żubr sp. z o.o.", "city": "Kraków"}, token)
    sandbox.call("Account/get?id=999", token=token)
    sandbox.control(
        "faults",
        [
            {"on": {"action": "list"}, "times": 0, "delay_ms": 40},
            {"on": {"action": "delete"}, "cut": "after", "times": 3},
        ],
    )
    sandbox.call("Contact/list?max=2", token=token)


def check(page: Page, shown: str) -> None:
    """Checks what is shown with axe-core."""
    results = Axe().run(page)
    assert results.violations_count == 0, f"{shown}: {results.generate_report()}"


def show(page: Page, sandbox: Sandbox, section: str) -> None:
    """Opens a section and waits until it shows something."""
    open_page(page, sandbox, section)
    filled = {
        "journal": "#journal-table .request",
        "records": "#records-table tbody tr",
        "faults": "#faults-table tbody tr",
        "server": "#tokens-table tbody tr",
        "configuration": ".setting",
        "connect": "#snippet:not(:empty)",
    }
    page.locator(filled[section]).first.wait_for()


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "pl")])
def test_axe_reports_nothing(scheme: str, language: str, page: Page, sandbox: Sandbox) -> None:
    fill(sandbox)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.locator("#language").select_option(language)
    for section in SECTIONS:
        show(page, sandbox, section)
        if section == "journal":
            page.locator(".request").first.click()
        check(page, section)
    show(page, sandbox, "records")
    page.locator("[data-key='edit 1']").click()
    check(page, "dialog")
    page.locator("#dialog [type=submit]").click()
    page.locator("[data-key='delete 1']").click()
    check(page, "question")


def test_everything_is_reached_with_the_keyboard(page: Page, sandbox: Sandbox) -> None:
    fill(sandbox)
    page.goto(sandbox.url)
    expect(page.locator(".request")).to_have_count(6)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.locator(".request").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".request").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("td.details")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Request line and headers")).to_be_focused()

    page.get_by_role("link", name="Records").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#records-title")).to_be_focused()
    edit = page.locator("[data-key='edit 2']")
    edit.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(edit).to_be_focused()

    page.get_by_role("link", name="Faults").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Other response").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Delay")).to_be_focused()
    expect(page.locator("input[name=delay_ms]")).to_be_visible()


def test_the_focus_stays_while_requests_arrive(page: Page, sandbox: Sandbox) -> None:
    fill(sandbox)
    show(page, sandbox, "faults")
    remove = page.get_by_role("button", name="Remove fault").last
    remove.focus()
    sandbox.call("Account/list?max=1")
    expect(page.locator("#journal-table .request")).to_have_count(8)
    expect(remove).to_be_focused()


def test_the_language_is_that_of_the_browser_until_another_is_chosen(browser: Browser, sandbox: Sandbox) -> None:
    with browser.new_context(locale="pl-PL") as context:
        page = context.new_page()
        open_page(page, sandbox)
        expect(page.locator("#journal-title")).to_have_text("Dziennik")
        expect(page.locator("html")).to_have_attribute("lang", "pl")
        page.get_by_label("Język").select_option("English")
        expect(page.locator("#journal-title")).to_have_text("Journal")
        page.reload()
        expect(page.locator("#journal-title")).to_have_text("Journal")
        expect(page).to_have_title("Journal · Egito sandbox")
    with browser.new_context(locale="de-DE") as context:
        page = context.new_page()
        open_page(page, sandbox)
        expect(page.locator("#journal-title")).to_have_text("Journal")


def test_both_languages_have_all_texts(page: Page) -> None:
    keys = page.evaluate("""async () => {
        const names = ['en', 'pl'].map((language) => `/_sandbox/page/texts_${language}.js`);
        const modules = await Promise.all(names.map((name) => import(name)));
        return modules.map((module) => Object.keys(module.default));
    }""")
    english, polish = (set(names) for names in keys)
    same = {name for name in english if name.startswith(("action.", "method."))}
    assert (english - same, len(polish)) == (polish, len(keys[1]))


def test_the_color_scheme_is_that_of_the_system_until_another_is_chosen(page: Page) -> None:
    def is_dark() -> bool:
        color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, color.removeprefix("rgb(").removesuffix(")").split(","))) < 3 * 128

    page.emulate_media(color_scheme="dark")
    assert is_dark()
    page.emulate_media(color_scheme="light")
    assert not is_dark()
    page.get_by_label("Colors").select_option("Dark")
    assert is_dark()
    page.reload()
    assert is_dark()
    page.emulate_media(color_scheme="dark")
    page.get_by_label("Colors").select_option("Light")
    assert not is_dark()


@pytest.mark.parametrize("section", SECTIONS)
def test_nothing_is_wider_than_a_narrow_screen(section: str, page: Page, sandbox: Sandbox) -> None:
    fill(sandbox)
    page.set_viewport_size(NARROW)
    page.locator("#language").select_option("pl")
    show(page, sandbox, section)
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    if section == "journal":
        page.locator(".request").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_screenshots(browser: Browser, sandbox: Sandbox, pytestconfig: pytest.Config) -> None:
    """Writes the pictures of the README, with `--screenshots sandbox/docs`."""
    folder: Path | None = pytestconfig.getoption("--screenshots")
    if folder is None:
        pytest.skip("--screenshots FOLDER writes the pictures of the README")
    folder.mkdir(parents=True, exist_ok=True)
    fill(sandbox)
    pictures = {"light": ("journal", 1000, 560), "dark": ("faults", 1000, 620), "narrow": ("records", 390, 620)}
    for name, (section, width, height) in pictures.items():
        scheme: Literal["light", "dark"] = "dark" if name == "dark" else "light"
        size: ViewportSize = {"width": width, "height": height}
        with browser.new_context(locale="en-GB", color_scheme=scheme, viewport=size) as context:
            page = context.new_page()
            show(page, sandbox, section)
            if section == "journal":
                page.locator(".request", has_text="create").first.click()
            page.screenshot(path=folder / f"page-{name}.png")

"""Text never becomes a part of the page's code, and no other website controls the sandbox."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from support import SECTIONS, Sandbox, open_page

ATTACKS = [
    "<img src=x onerror=\"document.title='attacked'\">",
    "<script>document.title='attacked'</script>",
    "\"><svg onload=document.title='attacked'>",
    "javascript:document.title='attacked'",
]


def test_text_of_records_requests_and_faults_stays_text(page: Page, sandbox: Sandbox) -> None:
    token = sandbox.token()
    for attack in ATTACKS:
        sandbox.call("Account/create", {"name": attack, attack: attack, "nested": {attack: attack}}, token)
        sandbox.control("faults", {"on": {"entity": attack, "path": attack}, "hold": attack})
        sandbox.send("GET", "/", headers={"X-Attack": attack})
    attacking = {"body": ATTACKS[0], "headers": {"X": ATTACKS[0]}}
    sandbox.control("faults", {"on": {"path": "/held"}, "hold": ATTACKS[0]})
    sandbox.control("faults", {"on": {"path": "/faulted"}, "response": attacking})
    page.evaluate("void fetch('/held')")
    sandbox.send("GET", "/faulted")
    open_page(page, sandbox)
    expect(page.locator(".request")).to_have_count(11)
    for request in page.locator(".request").all():
        request.click()
    expect(page.locator("td.details").first).to_contain_text("<img src=x")
    for section in SECTIONS:
        page.goto(f"{sandbox.url}#{section}")
        expect(page.locator(f"#{section}")).to_be_visible()
    page.goto(f"{sandbox.url}#records")
    page.get_by_label("Search").fill("attacked")
    page.get_by_role("button", name="Edit Account 24").click()
    expect(page.get_by_label("Value of name")).to_have_value(ATTACKS[3])
    assert page.locator("main img, main svg, main script, dialog img, dialog svg, dialog script").count() == 0
    assert "attacked" not in page.title()


def test_the_policy_allows_only_what_the_sandbox_serves(page: Page) -> None:
    assert (
        page.evaluate("""() => {
        try { document.body.innerHTML = '<b>x</b>'; } catch (error) { return error.name; }
    }""")
        == "TypeError"
    ), "HTML from text is refused by the browser"
    blocked = page.evaluate("""() => new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        fetch('http://127.0.0.1:1/').catch(() => {});
    })""")
    assert blocked == "connect-src"


@pytest.fixture
def website(browser: Browser) -> Iterator[Page]:
    """Returns a page of another website."""

    class Website(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Website)
    threading.Thread(target=server.serve_forever).start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://localhost:{server.server_address[1]}/")
    yield page
    context.close()
    server.shutdown()
    server.server_close()


def test_another_website_can_neither_control_nor_read(website: Page, sandbox: Sandbox) -> None:
    result = website.evaluate(
        """async (url) => {
            const text = (response) => response.text();
            const read = (path, options) => fetch(url + path, options).then(text, () => 'refused');
            await read('reset', {method: 'POST', mode: 'no-cors', body: '{"seed":"empty"}'});
            await read('faults', {method: 'POST', mode: 'no-cors', body: '{"times":0,"cut":"before"}'});
            return Promise.all([read('secrets'), read('secrets', {mode: 'no-cors'}), read('records/Account')]);
        }""",
        sandbox.url,
    )
    assert result in (["refused"] * 3, ["refused", "", "refused"])
    form = """(url) => {
        document.body.innerHTML = `<form method=post action="${url}reset"></form>`;
        document.forms[0].submit();
    }"""
    with website.expect_response("**/_sandbox/reset") as refused:
        website.evaluate(form, sandbox.url)
    assert refused.value.status == 403
    assert sandbox.send("GET", "/_sandbox/faults").json()["left"] == 0
    assert sandbox.call("Account/get?id=1").status == 200


def test_it_cannot_be_framed(website: Page, sandbox: Sandbox) -> None:
    website.evaluate("(url) => { document.body.innerHTML = `<iframe src='${url}'></iframe>`; }", sandbox.url)
    website.wait_for_function("frames.length === 1")
    website.frames[1].wait_for_load_state()
    assert "sandbox" not in website.frames[1].content().lower()


def test_a_name_that_points_to_this_machine_is_refused(playwright: Playwright, sandbox: Sandbox) -> None:
    rules = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", rules])
    page = browser.new_page()
    response = page.goto(sandbox.url.replace("127.0.0.1", "rebound.example"))
    assert response is not None
    assert (response.status, "rebound.example" in response.text()) == (403, True)
    browser.close()

"""HTTP responses of calls and pages, and their headers."""

import copy
import pickle
from contextlib import aclosing

import pytest

import egito
from egito.testing import Sandbox
from support import run_async

HEADERS = {"X-Request-Id": "r-1", "Link": ["</a>", "</b>"], "Set-Cookie": "JSESSIONID=1"}


@pytest.fixture
def scripted(sandbox: Sandbox) -> Sandbox:
    """A server whose responses to `get` have these headers."""
    sandbox.fault(on={"action": "get"}, times=0, response={"status": 203, "headers": HEADERS, "json": {"id": 7}})
    return sandbox


def test_headers_are_case_insensitive(scripted: Sandbox) -> None:
    headers = scripted.client().accounts.with_response().get(7).headers
    assert headers["x-request-id"] == headers["X-REQUEST-ID"] == headers.get("X-Request-Id") == "r-1"
    assert "Link" in headers and "nothing" not in headers
    assert headers["link"] == "</a>, </b>" and headers.get_all("Link") == ["</a>", "</b>"]
    assert headers.get_all("nothing") == [] and headers.get("nothing") is None
    assert dict(headers)["set-cookie"] == "[removed]"
    assert len(headers) == len(list(headers)) and "r-1" in repr(headers)
    with pytest.raises(KeyError):
        headers["nothing"]


def test_response_is_an_immutable_value(scripted: Sandbox) -> None:
    response = scripted.client().accounts.with_response().get(7)
    assert isinstance(response, egito.Response) and response.value == {"id": 7} and response.status == 203
    assert response.elapsed > 0
    for other in (copy.deepcopy(response), pickle.loads(pickle.dumps(response))):
        assert other == response
    with pytest.raises(AttributeError):
        response.status = 200  # type: ignore[misc]


def test_async_client_returns_the_same_response(scripted: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        response = await client.accounts.with_response().get(7)
        assert (response.value, response.status, response.headers["x-request-id"]) == ({"id": 7}, 203, "r-1")
        assert response.call_id == 1

    run_async(scripted, scenario)


def test_pages_keep_the_options_of_their_list(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Offer": 5})
    offers = sandbox.client(page_overlap=0).entity("Offer").list(page_size=2, fields=["id"])
    pages = list(offers.with_response().pages())
    assert [page.value for page in pages] == [[{"id": 1}, {"id": 2}], [{"id": 3}, {"id": 4}], [{"id": 5}]]
    assert {page.status for page in pages} == {200} and len({page.call_id for page in pages}) == 3
    assert next(iter(offers.pages())) == [{"id": 1}, {"id": 2}]


def test_leaving_async_pages_early(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Offer": 5})

    async def scenario(client: egito.AsyncClient) -> None:
        async with aclosing(client.entity("Offer").list(page_size=2).with_response().pages()) as pages:
            async for response in pages:
                assert [record["id"] for record in response.value] == [1, 2] and response.status == 200
                break

    run_async(sandbox, scenario)

"""Lists: selected fields, ranges, first record, totals, and the requests that they make."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

import egito
from support import Sandbox, run_async

OFFERS: list[dict[str, Any]] = [
    {"id": 1, "name": 'Żubr "duży"', "price": 0.5, "big": 2**70, "tags": ["a", {"b": None}], "ok": True, "none": None},
    {"id": 2, "name": "Łoś", "price": 2, "address": {"city": "Łódź"}, "ok": False},
]


@pytest.fixture
def offers(sandbox: Sandbox) -> None:
    sandbox.add(Offer=OFFERS)


@pytest.mark.usefixtures("offers")
@pytest.mark.parametrize(
    "fields", [["id"], ["name", "price", "big"], ["tags", "address", "ok", "none"], ["unknown"], []]
)
def test_selected_fields_equal_those_of_full_records(client: egito.Client, fields: list[str]) -> None:
    expected = [{name: value for name, value in offer.items() if name in fields} for offer in OFFERS]
    chosen = client.entity("Offer").list(fields=fields)
    assert chosen.to_list() == expected
    assert [list(record) for record in chosen] == [list(record) for record in expected]
    assert chosen.first() == expected[0]
    assert list(chosen.pages()) == [expected]


@pytest.mark.usefixtures("offers")
def test_decimals_of_selected_fields_follow_the_setting(client: egito.Client) -> None:
    for decimals, price in (("float", 0.5), ("string", "0.5"), ("decimal", Decimal("0.5"))):
        offers = client.with_options(decimals=decimals).entity("Offer")  # type: ignore[arg-type]
        got = offers.list(fields=["price", "big"]).to_list()
        assert (got[0], type(got[0]["price"])) == ({"price": price, "big": 2**70}, type(price))
        assert got[1]["price"] == 2


@pytest.mark.usefixtures("offers")
def test_fields_may_come_from_an_iterator(client: egito.Client) -> None:
    assert client.entity("Offer").list(fields=(name for name in ("id",))).to_list() == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize("fields", ["id", ["id", 7], 7])
def test_fields_must_be_a_list_of_strings(client: egito.Client, fields: Any) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.list(fields=fields)
    assert caught.value.setting == "fields"


def test_first_exists_and_total_request_one_record(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 30}, config={"list_form": "rows", "total_key": "total"})
    accounts = client.accounts.list(fields=["id"])
    assert accounts.first() == {"id": 1}
    assert (accounts.exists(), accounts.total(), accounts.count()) == (True, 30, 30)
    empty = client.accounts.list(name="unknown")
    assert (empty.first(), empty.exists(), empty.total(), empty.count()) == (None, False, 0, 0)
    part = client.accounts.list(start=20, limit=7)
    assert (part.total(), part.count()) == (30, 7)
    assert [request["query"]["max"] for request in sandbox.journal(action="list")] == ["1"] * 10
    with egito.Client(page_overlap=1, **sandbox.settings) as overlapping:
        first = overlapping.accounts.list(sort="id").first()  # one record: no overlap is requested
        assert first is not None and first["id"] == 1

    async def scenario(client: egito.AsyncClient) -> None:
        accounts = client.accounts.list(fields=["id"])
        assert (await accounts.first(), await accounts.total()) == ({"id": 1}, 30)
        assert (await accounts.exists(), await client.accounts.list(start=20, limit=7).count()) == (True, 7)
        assert await client.accounts.list(limit=0).first() is None
        assert [record async for record in accounts] == await accounts.to_list() == [{"id": n} for n in range(1, 31)]

    run_async(sandbox, scenario)


def test_count_reads_the_list_if_the_server_sends_no_total(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 3})
    assert (client.accounts.list().total(), client.accounts.list(page_size=2).count()) == (None, 3)


def test_limit_and_start_select_a_range(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 10})

    def ids(**options: Any) -> list[int]:
        return [record["id"] for record in client.accounts.list(page_size=3, **options)]

    assert ids(limit=4) == [1, 2, 3, 4]
    assert ids(start=7) == [8, 9, 10]
    assert [each for start in range(0, 12, 4) for each in ids(start=start, limit=4)] == list(range(1, 11))
    assert (ids(limit=0), ids(start=10)) == ([], [])
    assert len(client.accounts.list(start=2, limit=5).to_arrow()) == 5

    async def scenario(client: egito.AsyncClient) -> None:
        accounts = client.accounts.list(start=4, limit=3, page_size=2, fields=["id"])
        assert await accounts.to_list() == [{"id": 5}, {"id": 6}, {"id": 7}]

    run_async(sandbox, scenario)


@pytest.mark.parametrize(
    "wrong", [{"limit": -1}, {"limit": 1.5}, {"limit": True}, {"start": "5"}, {"start": -1}, {"page_size": 0}]
)
def test_invalid_option_is_refused_before_the_list_is_read(
    sandbox: Sandbox, client: egito.Client, wrong: dict[str, Any]
) -> None:
    with pytest.raises(egito.ConfigError) as caught:
        client.accounts.list(**wrong)
    assert caught.value.setting == next(iter(wrong))

    async def scenario(client: egito.AsyncClient) -> None:
        with pytest.raises(egito.ConfigError):
            client.accounts.list(**wrong)

    run_async(sandbox, scenario)
    assert sandbox.journal(action="list") == []


def test_with_options_affects_only_calls_through_it(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 4})
    assert [len(page) for page in client.with_options(page_size=2, page_overlap=0).accounts.list().pages()] == [2, 2]
    assert [len(page) for page in client.accounts.list().pages()] == [4]
    sandbox.hold("slow", action="get")
    with pytest.raises(egito.TimeoutError) as caught:
        client.with_options(timeout=0.1, max_retries=0).accounts.get(1)
    assert caught.value.limit == "timeout"
    with pytest.raises(egito.ConfigError, match="whole client"):
        client.with_options(password="x")  # type: ignore[call-arg]
    assert len(sandbox.journal(action="login")) == 1

    async def scenario(client: egito.AsyncClient) -> None:
        pages = client.with_options(page_size=3).accounts.list().pages()
        assert [len(page) async for page in pages] == [3, 1]

    run_async(sandbox, scenario)


def test_failed_iterator_raises_again(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 6})
    for read in (iter, egito.RecordList.pages):
        sandbox.fault(on={"action": "list"}, skip=1, response={"status": 403, "json": {"error": "access_denied"}})
        rest: Iterator[Any] = read(client.with_options(prefetch=0).accounts.list(page_size=2))
        with pytest.raises(egito.PermissionError):
            list(rest)
        with pytest.raises(egito.PermissionError):
            next(rest)


def test_unreadable_page_is_an_error_and_is_not_skipped(sandbox: Sandbox, client: egito.Client) -> None:
    deep = "[" * 300 + "]" * 300
    sandbox.fault(on={"action": "list"}, response={"status": 200, "body": f'[{{"id": 1, "x": {deep}}}]'})
    records = iter(client.accounts.list())
    for _ in range(2):
        with pytest.raises(egito.UnexpectedResponseError):
            next(records)


def test_list_has_no_len_and_no_truth_value(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 4})

    async def scenario(other: egito.AsyncClient) -> None:
        for accounts in (client.accounts.list(), other.accounts.list()):
            for ask in (bool, len):
                with pytest.raises(TypeError, match=r"exists\(\).*count\(\)"):
                    ask(accounts)

    run_async(sandbox, scenario)
    assert sandbox.journal() == []
    assert len(list(client.accounts.list())) == 4


def test_list_can_be_iterated_again(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 4})
    accounts = client.accounts.list()
    assert [len(list(accounts)) for _ in range(2)] == [4, 4]


def test_option_names_of_other_libraries_are_refused_as_filters(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 4})
    names = {"order_by": "sort", "per_page": "page_size", "page": "start", "where": "filters"}

    async def scenario(other: egito.AsyncClient) -> None:
        for entity in (client.accounts, other.accounts):
            for wrong, meant in names.items():
                message = f"unknown option `{wrong}`: did you mean `{meant}`"
                with pytest.raises(egito.ConfigError, match=message) as caught:
                    entity.list(**{wrong: "1"})  # type: ignore[arg-type]
                assert caught.value.setting == wrong

    run_async(sandbox, scenario)
    assert client.accounts.list(filters={"page": 1}).to_list() == []
    assert sandbox.journal(action="list")[0]["query"]["page"] == "1"


def test_settings_are_refused_as_filters(sandbox: Sandbox, client: egito.Client) -> None:
    sandbox.reset("empty", records={"Account": 4})
    places = {
        "timeout": "with_options",
        "prefetch": "with_options",
        "page_overlap": "with_options",
        "proxy": "create the client",
    }

    async def scenario(other: egito.AsyncClient) -> None:
        for entity in (client.accounts, other.accounts):
            for name, place in places.items():
                with pytest.raises(
                    egito.ConfigError, match=f"unknown option `{name}`: it is a setting; .*{place}"
                ) as caught:
                    entity.list(**{name: 5})  # type: ignore[arg-type]
                assert caught.value.setting == name

    run_async(sandbox, scenario)
    assert sandbox.journal(action="list") == []
    assert client.accounts.list(filters={"timeout": 5}).to_list() == []
    assert len(client.with_options(timeout=5, prefetch=0).accounts.list().to_list()) == 4
    for name in ("name", "scope", "body"):
        client.accounts.list(**{name: "x"}).to_list()  # type: ignore[arg-type]


def test_closed_client_yields_no_record(sandbox: Sandbox) -> None:
    sandbox.reset("empty", records={"Account": 4})
    with sandbox.client() as client:
        records = iter(client.accounts.list())
        assert next(records)["id"] == 1
    for _ in range(2):
        with pytest.raises(egito.ConfigError, match="closed"):
            next(records)

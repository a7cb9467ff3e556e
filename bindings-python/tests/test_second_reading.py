"""What can be read once says so when it is read again; a closed client gives no record that was read before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import egito
from support import play

if TYPE_CHECKING:
    from collections.abc import Callable

    from egito.testing import Sandbox

ONCE: dict[str, Callable[[Any], Any]] = {
    "records": lambda accounts: iter(accounts.list()),
    "pages": lambda accounts: accounts.list().pages(),
    "batches": lambda accounts: accounts.list().to_arrow_batches(),
    "rows": lambda accounts: accounts.stream_get_many([1, 2, 3]),
}
ASYNC: dict[str, Callable[[Any], Any]] = {**ONCE, "records": lambda accounts: aiter(accounts.list())}


@pytest.fixture(autouse=True)
def accounts(sandbox: Sandbox) -> None:
    sandbox.control("seed", {"entities": {"Account": [{"id": id} for id in (1, 2, 3)]}})


@pytest.mark.parametrize("what", ONCE)
def test_what_was_read_to_its_end_refuses_to_be_read_again(client: egito.Client, what: str) -> None:
    once = ONCE[what](client.accounts)
    next(once)
    for _ in once:  # goes on where it was
        pass
    assert next(once, None) is None
    with pytest.raises(egito.ConfigError, match="was read to its end"):
        list(once)


@pytest.mark.parametrize("what", ASYNC)
def test_what_asyncio_read_to_its_end_refuses_to_be_read_again(sandbox: Sandbox, what: str) -> None:
    async def story(client: egito.AsyncClient) -> None:
        once = ASYNC[what](client.accounts)
        await anext(once)
        async for _ in once:
            pass
        with pytest.raises(egito.ConfigError, match="was read to its end"):
            aiter(once)

    play(sandbox, story)


def test_a_list_itself_can_be_read_again(client: egito.Client) -> None:
    records = client.accounts.list()
    assert list(records) == list(records) == [{"id": 1}, {"id": 2}, {"id": 3}]


def test_arrow_reads_no_second_stream_of_the_same_batches(client: egito.Client) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    batches = client.accounts.list().to_arrow_batches()
    assert sum(len(batch) for batch in batches) == 3
    with pytest.raises(egito.ConfigError, match="was read to its end"):
        pyarrow.RecordBatchReader.from_stream(batches)


def test_rows_that_were_closed_give_no_more(client: egito.Client) -> None:
    rows = client.accounts.stream_get_many([1, 2, 3])
    rows.close()
    assert list(rows) == []


def test_a_closed_client_gives_no_record_of_the_page_in_hand(client: egito.Client) -> None:
    records = iter(client.accounts.list())
    next(records)
    client.close()
    with pytest.raises(egito.ConfigError, match="closed"):
        next(records)


def test_a_closed_async_client_gives_no_record_of_the_page_in_hand(sandbox: Sandbox) -> None:
    async def story(client: egito.AsyncClient) -> None:
        records = aiter(client.accounts.list())
        await anext(records)
        await client.close()
        with pytest.raises(egito.ConfigError, match="closed"):
            await anext(records)

    play(sandbox, story)

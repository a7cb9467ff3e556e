"""Iterators that were read to their end refuse to be read again; closed clients return no buffered records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import egito
from support import run_async

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
def test_iterators_refuse_to_be_read_again(client: egito.Client, what: str) -> None:
    once = ONCE[what](client.accounts)
    next(once)
    for _ in once:  # continues
        pass
    assert next(once, None) is None
    with pytest.raises(egito.ConfigError, match="was read to its end"):
        list(once)


@pytest.mark.parametrize("what", ASYNC)
def test_async_iterators_refuse_to_be_read_again(sandbox: Sandbox, what: str) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        once = ASYNC[what](client.accounts)
        await anext(once)
        async for _ in once:
            pass
        with pytest.raises(egito.ConfigError, match="was read to its end"):
            aiter(once)

    run_async(sandbox, scenario)


def test_list_can_be_read_again(client: egito.Client) -> None:
    records = client.accounts.list()
    assert list(records) == list(records) == [{"id": 1}, {"id": 2}, {"id": 3}]


def test_second_stream_of_the_same_batches_is_refused(client: egito.Client) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    batches = client.accounts.list().to_arrow_batches()
    assert sum(len(batch) for batch in batches) == 3
    with pytest.raises(egito.ConfigError, match="was read to its end"):
        pyarrow.RecordBatchReader.from_stream(batches)


def test_closed_rows_are_empty(client: egito.Client) -> None:
    rows = client.accounts.stream_get_many([1, 2, 3])
    rows.close()
    assert list(rows) == []


def test_closed_client_returns_no_buffered_record(client: egito.Client) -> None:
    records = iter(client.accounts.list())
    next(records)
    client.close()
    with pytest.raises(egito.ConfigError, match="closed"):
        next(records)


def test_closed_async_client_returns_no_buffered_record(sandbox: Sandbox) -> None:
    async def scenario(client: egito.AsyncClient) -> None:
        records = aiter(client.accounts.list())
        await anext(records)
        await client.close()
        with pytest.raises(egito.ConfigError, match="closed"):
            await anext(records)

    run_async(sandbox, scenario)

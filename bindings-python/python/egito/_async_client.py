"""The client for asyncio: settings in, entities out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from egito import _egito
from egito._async_entity import AsyncEntity
from egito._async_record_list import AsyncRecordList
from egito._check import check_text
from egito._events import Stats
from egito._not_copied import NotCopied
from egito._record_type import R
from egito._settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from egito._events import Event
    from egito._generated.settings import CallOptions, Settings
    from egito._types import Record, RecordInput


class AsyncClient(NotCopied):
    """The connection to one customer's Egito, for asyncio.

    The settings are those of `Client`, see `help(egito.Client)`. Calls run on a thread of their own, started by the
    first call and shared by all clients; cancelling a task closes its request. A client may be used from several event
    loops. `on_event` is called on the event loop's thread.

    Raises:
        ConfigError: a setting is missing, unknown or wrong; `setting` names it.

    Example:
        async with egito.AsyncClient.from_env() as client:
            first, second = await asyncio.gather(client.accounts.get(1), client.accounts.get(2))
    """

    _reads_environment = False
    """Whether the settings that are not given come from the environment: `from_env` sets it before `__init__`."""

    def __init__(
        self,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._native = _egito.AsyncClient(settings_of(name, settings), self._reads_environment, on_event)

    @classmethod
    def from_env(
        cls,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client with the settings of the environment, see `Client.from_env`.

        Raises:
            ConfigError: a setting is missing, unknown or wrong; `setting` names it.

        Example:
            client = egito.AsyncClient.from_env(timeout=30)
        """
        client = cls.__new__(cls)
        client._reads_environment = True
        # A class of its own may take fewer arguments: it gets those that were given.
        given: dict[str, Any] = {**settings, **({} if on_event is None else {"on_event": on_event})}
        cls.__init__(client, *(() if name is None else (name,)), **given)
        return client

    def __repr__(self) -> str:
        return f"<egito.AsyncClient {self._native.address()}>"

    @property
    def accounts(self) -> AsyncEntity[Record]:
        """Accounts (kontrahenci)."""
        return AsyncEntity(self._native.entity("Account"), "Account")

    @property
    def contacts(self) -> AsyncEntity[Record]:
        """Contacts."""
        return AsyncEntity(self._native.entity("Contact"), "Contact")

    @property
    def opportunities(self) -> AsyncEntity[Record]:
        """Opportunities (szanse sprzedaży)."""
        return AsyncEntity(self._native.entity("Opportunity"), "Opportunity")

    @property
    def leads(self) -> AsyncEntity[Record]:
        """Leads."""
        return AsyncEntity(self._native.entity("Lead"), "Lead")

    @overload
    def entity(self, name: str, record_type: None = None) -> AsyncEntity[Record]: ...
    @overload
    def entity(self, name: str, record_type: type[R]) -> AsyncEntity[R]: ...
    def entity(self, name: str, record_type: type[Any] | None = None) -> AsyncEntity[Any]:
        """Any entity by its name.

        With a TypedDict of yours as `record_type` type checkers know what records hold. Nothing is checked or changed
        at run time.

        Raises:
            ConfigError: the name is not a letter followed by letters, digits and `_`.

        Example:
            offer = await client.entity("Offer").get(7)
            price = (await client.entity("Offer", Offer).get(7))["price"]  # a float, says the type checker
        """
        del record_type
        check_text("name", name)
        return AsyncEntity(self._native.entity(name), name)

    def dictionary(self, type: str) -> AsyncRecordList[Record]:
        """The entries of a dictionary such as `industry` or `relationshipType`.

        Example:
            industries = await client.dictionary("industry").to_list()
        """
        return AsyncRecordList(self._native.dictionary(check_text("type", type)), type)

    async def call(self, entity: str, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API; see `AsyncEntity.call`.

        Example:
            answer = await client.call("Offer", "print", {"id": 7, "template": "short"})
        """
        return await self.entity(entity).call(action, params, method=method)

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same client with other settings for what is called through it; see `egito.CallOptions`.

        Token, connections, counters and `on_event` are shared, and closing one closes the other.

        Raises:
            ConfigError: a value is wrong, or the setting belongs to the whole client.

        Example:
            await client.with_options(timeout=5, max_retries=0).accounts.get(7)
        """
        client = type(self).__new__(type(self))
        client.__dict__.update(self.__dict__)  # what a class of its own keeps there
        client._native = self._native.with_options(options)
        return client

    def stats(self) -> Stats:
        """What this client has done so far.

        Example:
            print(client.stats().retries)
        """
        return Stats(**self._native.stats())

    async def close(self) -> None:
        """Closes the client: later calls raise ConfigError, and idle connections are closed at once.

        Waits for calls in flight, at most `close_timeout` seconds; what is still in flight then raises
        `CancelledError`, or `OutcomeUnknownError` where a create was sent.
        """
        await self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _panic_for_tests(self) -> None:
        await self._native.panic_for_tests()

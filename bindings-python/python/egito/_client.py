"""Clients: settings in, entities out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito import _egito
from egito._async_entity import AsyncEntity
from egito._entity import Entity
from egito._events import Stats
from egito._record_list import AsyncRecordList, RecordList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from egito._events import Event
    from egito._types import Settings


class Client:
    """The connection to one customer's Egito.

    `name` is your application's name: the server is `https://{name}.egito.pl`. The other settings are keywords, see
    `egito.Settings`; needed are `client_id`, `client_secret`, `username` and `password`. Nothing is sent before the
    first call, which logs in.

    Any number of threads may use one client at a time, and a child made by `fork` may go on using its parent's. Calls
    run on the calling thread without holding the interpreter, and Ctrl-C ends them.

    `on_event` is called with an `Event` at the end of every attempt, on the thread that made it. It should be quick:
    the call waits for it. What it raises goes to `sys.unraisablehook`.

    Raises:
        ConfigError: a setting is missing, unknown or wrong; `setting` names it.

    Example:
        with egito.Client("firma", client_id="…", client_secret="…", username="jan@firma", password="…") as client:
            id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._native = _egito.Client({"name": name, **settings}, False, on_event)

    @classmethod
    def from_env(
        cls,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """A client with the settings of the environment; those given here come before them.

        Read are `EGITO_NAME` or `EGITO_BASE_URL`, `EGITO_API_ID` (client id), `EGITO_API_SECRET` (client secret),
        `EGITO_USERNAME` and `EGITO_PASSWORD`.

        Raises:
            ConfigError: a setting is missing, unknown or wrong; `setting` names it.

        Example:
            client = egito.Client.from_env(timeout=30)
        """
        client = cls.__new__(cls)
        client._native = _egito.Client({"name": name, **settings}, True, on_event)
        return client

    @property
    def accounts(self) -> Entity:
        """Accounts (kontrahenci)."""
        return Entity(self._native, "Account")

    @property
    def contacts(self) -> Entity:
        """Contacts."""
        return Entity(self._native, "Contact")

    @property
    def opportunities(self) -> Entity:
        """Opportunities (szanse sprzedaży)."""
        return Entity(self._native, "Opportunity")

    @property
    def leads(self) -> Entity:
        """Leads."""
        return Entity(self._native, "Lead")

    def entity(self, name: str) -> Entity:
        """Any entity by its name.

        Raises:
            ConfigError: the name is not a letter followed by letters, digits and `_`.

        Example:
            offer = client.entity("Offer").get(7)
        """
        self._native.check_entity(name)
        return Entity(self._native, name)

    def dictionary(self, type: str) -> RecordList:
        """The entries of a dictionary such as `industry` or `relationshipType`.

        Example:
            industries = client.dictionary("industry").to_list()
        """
        return RecordList(self._native.dictionary(type))

    def call(self, entity: str, action: str, params: Mapping[str, Any] | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API; see `Entity.call`.

        Example:
            answer = client.call("Offer", "print", {"id": 7, "template": "short"})
        """
        return self.entity(entity).call(action, params, method=method)

    def stats(self) -> Stats:
        """What this client has done so far.

        Example:
            print(client.stats().retries)
        """
        return Stats(**self._native.stats())

    def close(self) -> None:
        """Close idle connections. Later calls raise ConfigError; those under way go on."""
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _panic_for_tests(self) -> None:
        self._native.panic_for_tests()


class AsyncClient:
    """The connection to one customer's Egito, for asyncio.

    The settings are those of `Client`. Calls run on a thread of their own, started by the first call and shared by all
    clients; cancelling a task closes its request. A client may be used from several event loops. `on_event` is called
    on the event loop's thread.

    Raises:
        ConfigError: a setting is missing, unknown or wrong; `setting` names it.

    Example:
        async with egito.AsyncClient.from_env() as client:
            first, second = await asyncio.gather(client.accounts.get(1), client.accounts.get(2))
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._native = _egito.AsyncClient({"name": name, **settings}, False, on_event)

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
        client._native = _egito.AsyncClient({"name": name, **settings}, True, on_event)
        return client

    @property
    def accounts(self) -> AsyncEntity:
        """Accounts (kontrahenci)."""
        return AsyncEntity(self._native, "Account")

    @property
    def contacts(self) -> AsyncEntity:
        """Contacts."""
        return AsyncEntity(self._native, "Contact")

    @property
    def opportunities(self) -> AsyncEntity:
        """Opportunities (szanse sprzedaży)."""
        return AsyncEntity(self._native, "Opportunity")

    @property
    def leads(self) -> AsyncEntity:
        """Leads."""
        return AsyncEntity(self._native, "Lead")

    def entity(self, name: str) -> AsyncEntity:
        """Any entity by its name.

        Raises:
            ConfigError: the name is not a letter followed by letters, digits and `_`.

        Example:
            offer = await client.entity("Offer").get(7)
        """
        self._native.check_entity(name)
        return AsyncEntity(self._native, name)

    def dictionary(self, type: str) -> AsyncRecordList:
        """The entries of a dictionary such as `industry` or `relationshipType`.

        Example:
            industries = await client.dictionary("industry").to_list()
        """
        return AsyncRecordList(self._native.dictionary(type))

    async def call(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None, *, method: str = "POST"
    ) -> Any:
        """Any other action of the API; see `AsyncEntity.call`.

        Example:
            answer = await client.call("Offer", "print", {"id": 7, "template": "short"})
        """
        return await self.entity(entity).call(action, params, method=method)

    def stats(self) -> Stats:
        """What this client has done so far.

        Example:
            print(client.stats().retries)
        """
        return Stats(**self._native.stats())

    async def close(self) -> None:
        """Later calls raise ConfigError; those under way go on."""
        self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def _panic_for_tests(self) -> None:
        await self._native.panic_for_tests()

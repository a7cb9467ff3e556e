"""The client: settings in, entities out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from egito import _egito
from egito._check import check_text
from egito._entity import Entity
from egito._not_copied import NotCopied
from egito._record_list import RecordList
from egito._record_type import R
from egito._settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self, Unpack

    from egito._events import Event, Stats
    from egito._types import CallOptions, Record, RecordInput, Settings


class Client(NotCopied):
    """The connection to one customer's Egito.

    `name` is your application's name: the server is `https://{name}.egito.pl`. The other settings are keywords; needed
    are `client_id`, `client_secret`, `username` and `password`. Nothing is sent before the first call, which logs in.

    Any number of threads may use one client at a time, and a child made by `fork` may go on using its parent's. Calls
    run on the calling thread without holding the interpreter, and Ctrl-C ends them.

    `on_event` is called with an `Event` at the end of every attempt, on the thread that made it. It should be quick:
    the call waits for it, and it can make no other call on that thread. What it raises goes to `sys.unraisablehook`.

    Settings, with their defaults (durations in seconds; None is the default as well):
        name: Your application's name: the server is `https://{name}.egito.pl`.
        base_url: The server's address, instead of `name`.
        client_id, client_secret: Keys of the integration.
        username, password: The user, `login@firma`.
        refresh_token: Used only where no password is given.
        token_store="memory": Where tokens are kept; or the path of a file that processes share.
        timeout=120: A whole call with its repeats and pauses; for a list, each page.
        connect_timeout=10: Opening a connection.
        read_timeout=60: Silence between two pieces of an answer.
        max_retries=4: Repeats after the first attempt, where repeating is safe.
        backoff_base=0.5: Upper bound of the first pause before a repeat; it doubles with each.
        backoff_max=20: Upper bound of any such pause.
        retry_after_max=120: Longest pause that the server may ask for.
        close_timeout=5: How long `close` waits for calls of other threads.
        max_concurrency=64: Most requests at one time.
        requests_per_second=None: Most requests in a second.
        page_size=500: Records asked for in one request of a list.
        prefetch=2: Pages of a list asked for before they are wanted.
        page_overlap=1: Records that each page has in common with the one before; 0 turns it off.
        decimals="float": Or `"string"` or `"decimal"`, exactly as the server wrote them.
        proxy=None: Address of a proxy, or `"env"`.
        ca_file=None: PEM file of more certificate authorities.
        max_response_bytes=268435456: Largest answer that is read.
        start_events=None: `True` if `on_event` shall also hear of the start of each attempt.
        headers=None: HTTP headers that every request has besides the client's own.
        user_agent="egito-sdk/{version}": The header `User-Agent`.
        accept_language=None: The header `Accept-Language`, the language of the server's messages.
        form_decimal=".": Or `","`: the decimal separator in form bodies.
        scope=None, token_params="form", token_in="header", body="json", read_method="GET", delete_method="POST",
        id_param="id", limit_param="max", offset_param="offset", sort_param="sort", order_param="order",
        default_sort="id", list_key=None: For servers that differ from the usual, see `egito.Settings`.

    Raises:
        ConfigError: a setting is missing, unknown or wrong; `setting` names it.

    Example:
        with egito.Client("firma", client_id="…", client_secret="…", username="jan@firma", password="…") as client:
            id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
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
        self._native = _egito.Client(settings_of(name, settings), self._reads_environment, on_event)

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
        client._reads_environment = True
        # A class of its own may take fewer arguments: it gets those that were given.
        given: dict[str, Any] = {**settings, **({} if on_event is None else {"on_event": on_event})}
        cls.__init__(client, *(() if name is None else (name,)), **given)
        return client

    def __repr__(self) -> str:
        return f"<egito.Client {self._native.address()}>"

    @property
    def accounts(self) -> Entity[Record]:
        """Accounts (kontrahenci)."""
        return Entity(self._native.entity("Account"), "Account")

    @property
    def contacts(self) -> Entity[Record]:
        """Contacts."""
        return Entity(self._native.entity("Contact"), "Contact")

    @property
    def opportunities(self) -> Entity[Record]:
        """Opportunities (szanse sprzedaży)."""
        return Entity(self._native.entity("Opportunity"), "Opportunity")

    @property
    def leads(self) -> Entity[Record]:
        """Leads."""
        return Entity(self._native.entity("Lead"), "Lead")

    @overload
    def entity(self, name: str, record_type: None = None) -> Entity[Record]: ...
    @overload
    def entity(self, name: str, record_type: type[R]) -> Entity[R]: ...
    def entity(self, name: str, record_type: type[Any] | None = None) -> Entity[Any]:
        """Any entity by its name.

        With a TypedDict of yours as `record_type` type checkers know what records hold. Nothing is checked or changed
        at run time.

        Raises:
            ConfigError: the name is not a letter followed by letters, digits and `_`.

        Example:
            offer = client.entity("Offer").get(7)
            price = (client.entity("Offer", Offer).get(7))["price"]  # a float, says the type checker
        """
        del record_type
        check_text("name", name)
        return Entity(self._native.entity(name), name)

    def dictionary(self, type: str) -> RecordList[Record]:
        """The entries of a dictionary such as `industry` or `relationshipType`.

        Example:
            industries = client.dictionary("industry").to_list()
        """
        return RecordList(self._native.dictionary(check_text("type", type)), type)

    def call(self, entity: str, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Any other action of the API; see `Entity.call`.

        Example:
            answer = client.call("Offer", "print", {"id": 7, "template": "short"})
        """
        return self.entity(entity).call(action, params, method=method)

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """The same client with other settings for what is called through it; see `egito.CallOptions`.

        Token, connections, counters and `on_event` are shared, and closing one closes the other.

        Raises:
            ConfigError: a value is wrong, or the setting belongs to the whole client.

        Example:
            client.with_options(timeout=5, max_retries=0).accounts.get(7)
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
        from egito._events import Stats

        return Stats(**self._native.stats())

    def close(self) -> None:
        """Closes the client: later calls raise ConfigError, and idle connections are closed at once.

        Waits for calls of other threads, at most `close_timeout` seconds; what is still in flight then raises
        `CancelledError`, or `OutcomeUnknownError` where a create was sent.
        """
        self._native.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _panic_for_tests(self) -> None:
        self._native.panic_for_tests()

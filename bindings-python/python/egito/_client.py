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
    from egito._generated.settings import CallOptions, Settings
    from egito._types import Record, RecordInput


class Client(NotCopied):
    """The connection to one customer's Egito.

    `name` is your application's name: the server is `https://{name}.egito.pl`. The other settings are keywords; needed
    are `client_id`, `client_secret`, `username` and `password`. Nothing is sent before the first call, which logs in.

    Any number of threads may use one client at a time, and a child made by `fork` may go on using its parent's. Calls
    run on the calling thread without holding the interpreter, and Ctrl-C ends them.

    `on_event` is called with an `Event` at the end of every attempt, on the thread that made it. It should be quick:
    the call waits for it, and it can make no other call on that thread. What it raises goes to `sys.unraisablehook`.

    Settings, with their defaults (durations in seconds; None is the default as well):
        name: Application name of the customer: the server is `https://{name}.egito.pl`.
        base_url: Address of the server, instead of `name`.
        client_id: Client id of the integration.
        client_secret: Client secret of the integration.
        username: User name, `login@firma`.
        password: Password of the user.
        refresh_token: Refresh token, used only if no password is given.
        token_store="memory": Where tokens are kept: `memory`, or the path of a file that the processes of one
            machine share (mode 0600, locked while one of them logs in).
        timeout=120: Maximum time for a whole call, retries and pauses included; for a list, for each page.
        connect_timeout=10: Maximum time to open a connection.
        read_timeout=60: Maximum time without data: until the response begins (connecting and sending included), and
            between two parts of it.
        max_retries=4: Maximum number of retries after the first attempt of a call, made only if repeating it is
            safe.
        backoff_base=0.5: Upper bound of the random pause before the first retry; it doubles with every retry.
        backoff_max=20: Upper bound of every pause before a retry.
        retry_after_max=120: Longest pause that the server may ask for with `Retry-After`.
        close_timeout=5: Maximum time that closing a client waits for its calls in flight.
        max_concurrency=64: Maximum number of requests in flight.
        requests_per_second: Maximum number of requests per second, evenly spaced.
        page_size=500: Records requested per page of a list.
        prefetch=2: Maximum number of pages fetched ahead, from the second page on.
        page_overlap=1: Records that each page has in common with the one before, so that records deleted while a
            list is read hide no others.
        decimals="float": How decimals are returned: `float`, the language's double; `string`, a string with every
            digit; or `decimal`, the language's exact decimal, which is written back as the same number (`Decimal` in
            Python and Node.js, `Number` in PHP; in other languages like `float`).
        proxy: Address of an HTTP proxy, with `user:password@` if it asks for a login; or `env` to read
            `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
        ca_file: PEM file, or folder of such files, with certificates to trust in addition to the system's:
            authorities, or a server's own self-signed one.
        max_response_bytes=268435456: Maximum size of a response in bytes, after decompression.
        start_events=False: Whether event hooks also get an event at the start of each attempt, for instance to open
            a span.
        headers: HTTP headers that every request has besides the client's own, logins included, such as
            `traceparent`.
        user_agent="egito-sdk/{version}": Value of the header `User-Agent`.
        accept_language: Value of the header `Accept-Language`, such as `en`: the language of the server's messages.
        form_decimal=".", scope, token_params="form", token_in="header", body="json", read_method="GET",
        delete_method="POST", id_param="id", limit_param="max", offset_param="offset", sort_param="sort",
        order_param="order", default_sort="id", list_key: For a server that differs from Egito's documentation, see
        `egito.Settings`.

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

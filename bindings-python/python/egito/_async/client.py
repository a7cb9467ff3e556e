"""The client for asyncio: it connects a program with the Egito of one customer."""

from __future__ import annotations

from egito import _egito
from egito._async.entity import AsyncEntity
from egito._async.record_list import AsyncRecordList
from egito._check import check_path, check_string
from egito._not_copied import NotCopied
from egito._settings import settings_dict
from egito._typing import TYPE_CHECKING, R, overload

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Any, Literal

    from typing_extensions import Self, Unpack

    from egito._async.outbox import AsyncOutbox
    from egito._events import Event, Stats
    from egito._generated.settings import CallOptions, Settings
    from egito._probe import ProbeReport
    from egito._types import Record, RecordInput


class AsyncClient(NotCopied):
    """A connection to the Egito of one customer, for asyncio.

    `name` is the application name of the customer: the server is `https://{name}.egito.pl`. The other settings are
    keywords. Required are `client_id`, `client_secret`, `username` and `password`. Nothing is sent before the first
    call, which logs in.

    Calls run on one background thread, which the first call starts and all clients share. Cancelling a task cancels its
    request. A client may be used from several event loops, and in child processes made by `fork`.

    `on_event` is called with an `Event` at the end of every attempt, on the thread of the event loop. It should return
    quickly. Exceptions that it raises go to `sys.unraisablehook`.

    Settings, with their defaults (durations in seconds; None is the default as well):
        name: Application name of the customer: the server is `https://{name}.egito.pl`.
        base_url: Address of the server, instead of `name`.
        client_id: Client id of the integration.
        client_secret: Client secret of the integration.
        username: User name, such as `login@firma`.
        password: Password of the user.
        refresh_token: Refresh token, used only if no password is given.
        token_store="memory": Storage of tokens: `memory`, or the path of a file that the processes of one machine
            share (mode 0600, locked while one of them logs in).
        timeout=120: Maximum time of a call, retries and backoff included; for a list, of each page.
        connect_timeout=10: Maximum time to open a connection.
        read_timeout=60: Maximum time without data: until the response begins (connecting and sending included), and
            between two chunks of it.
        max_retries=4: Maximum number of retries of a call.
        backoff_base=0.5: Maximum backoff before the first retry; doubles with every retry.
        backoff_max=20: Maximum backoff before any retry.
        retry_after_max=120: Maximum delay that the server may request with `Retry-After`.
        close_timeout=5: Maximum time that closing a client waits for its calls in flight.
        max_concurrency=64: Maximum number of requests in flight.
        requests_per_second: Maximum number of requests per second, evenly spaced.
        page_size=500: Number of records to request per page of a list.
        prefetch=2: Maximum number of pages to fetch ahead, from the second page on.
        page_overlap=1: Number of records that each page has in common with the previous one, so that no record is
            missed if others are deleted while a list is read.
        decimals="float": Type of returned decimals: `float`, the language's double; `string`, a string with every
            digit; or `decimal`, the language's exact decimal, which is sent back as the same number (`Decimal` in
            Python and Node.js, `Number` in PHP; in other languages like `float`).
        proxy: Address of an HTTP proxy, with `user:password@` if it requires a login; or `env` to read
            `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`.
        ca_file: PEM file, or folder of such files, with certificates to trust in addition to the system's: those of
            certificate authorities, or a server's own self-signed one.
        max_response_bytes=268435456: Maximum size of a response in bytes, after decompression.
        start_events=False: Whether event hooks also receive an event at the start of each attempt, for example to
            open a span.
        headers: Additional HTTP headers of every request, logins included, such as `traceparent`.
        user_agent="egito-sdk/{version}": Value of the header `User-Agent`.
        accept_language: Value of the header `Accept-Language`, such as `en`: the language of the server's messages.
        form_decimal=".", scope, token_params="form", token_in="header", body="json", read_method="GET",
        delete_method="POST", id_param="id", limit_param="max", offset_param="offset", sort_param="sort",
        order_param="order", default_sort="id", list_key: For a server that differs from Egito's documentation, see
        `egito.Settings`.

    Raises:
        ConfigError: A setting is missing, unknown or invalid; `setting` names it.

    Example:
        async with egito.AsyncClient(
            "firma", client_id="…", client_secret="…", username="jan@firma", password="…"
        ) as client:
            id = await client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
    """

    _reads_environment = False
    """Whether settings that are not given are read from the environment. `from_env` sets it before `__init__`."""
    _settings_file: str | None = None
    """File of settings that are not given. `from_file` sets it before `__init__`."""

    def __init__(
        self,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        given = settings_dict(name, settings)
        self._native = _egito.AsyncClient(given, self._reads_environment, self._settings_file, on_event)

    @classmethod
    def from_env(
        cls,
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """Returns a client with settings from the environment. Settings given here take precedence.

        The variables are `EGITO_NAME` or `EGITO_BASE_URL`, `EGITO_API_ID` (client id), `EGITO_API_SECRET` (client
        secret), `EGITO_USERNAME` and `EGITO_PASSWORD`. `EGITO_CONFIG` names a file for other settings, see `from_file`,
        and each of them has a variable, such as `EGITO_PAGE_SIZE`.

        Raises:
            ConfigError: A setting is missing, unknown or invalid; `setting` names it.

        Example:
            client = egito.AsyncClient.from_env(timeout=30)
        """
        client = cls.__new__(cls)
        client._reads_environment = True
        client._init_given(name, on_event, settings)
        return client

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        name: str | None = None,
        *,
        on_event: Callable[[Event], object] | None = None,
        **settings: Unpack[Settings],
    ) -> Self:
        """Returns a client with settings from a TOML file. Settings given here take precedence.

        The environment is not read. `from_env` reads both: the file that `EGITO_CONFIG` names, and the variables. A
        file with secrets should be readable by its owner only (mode 0600).

        Raises:
            ConfigError: The file is not TOML, or a setting is missing, unknown or invalid; the message has the line.

        Example:
            client = egito.AsyncClient.from_file("egito.toml", timeout=30)
        """
        client = cls.__new__(cls)
        client._settings_file = check_path("path", path)
        client._init_given(name, on_event, settings)
        return client

    def _init_given(self, name: str | None, on_event: object, settings: Settings) -> None:
        """Calls `__init__` of a subclass, which may have fewer parameters, with only the arguments that were given."""
        given: dict[str, Any] = {**settings, **({} if on_event is None else {"on_event": on_event})}
        type(self).__init__(self, *(() if name is None else (name,)), **given)

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
        """Returns any entity by its name.

        `record_type` is a TypedDict for type checkers: the fields that records have. It has no effect at run time.

        Raises:
            ConfigError: The name does not start with a letter, or has other characters than letters, digits and `_`.

        Example:
            offer = await client.entity("Offer").get(7)
            price = (await client.entity("Offer", Offer).get(7))["price"]  # a float to type checkers
        """
        del record_type
        check_string("name", name)
        return AsyncEntity(self._native.entity(name), name)

    def dictionary(self, type: str) -> AsyncRecordList[Record]:
        """Returns the entries of a dictionary such as `industry` or `relationshipType`.

        Example:
            industries = await client.dictionary("industry").to_list()
        """
        return AsyncRecordList(self._native.dictionary(check_string("type", type)), type)

    def outbox(
        self,
        path: str | os.PathLike[str],
        *,
        keep_days: float = 30.0,
        concurrency: int = 8,
        lookup: Literal["filter", "scan", "auto"] | None = None,
    ) -> AsyncOutbox:
        """Returns the outbox in this file, which its first use creates: writes are stored there first, and sent later.

        The file has the records that wait, and those that were delivered in the last `keep_days` days. Only its owner
        can read it. It must be on a local disk, and belongs to one server. A delivery has at most `concurrency` calls
        in flight. With `lookup`, it looks for records in this way, instead of that of each entry.

        Raises:
            ConfigError: The path is not that of a file in an existing folder (`setting` is `outbox`), or an option is
                invalid. Problems of the file itself are errors of its first use.

        Example:
            async with client.outbox("egito-outbox.db") as outbox:
                await outbox.put("Lead", {"formKey": "f-1", "lastName": "Ryś"}, key="formKey")
        """
        from egito._async.outbox import AsyncOutbox  # seldom needed

        file = check_path("outbox", path)
        options = {"keep_days": keep_days, "concurrency": concurrency, "lookup": lookup}
        return AsyncOutbox(self._native.outbox(file, options))

    async def call(self, entity: str, action: str, params: RecordInput | None = None, *, method: str = "POST") -> Any:
        """Calls a custom action of the API; see `AsyncEntity.call`.

        Example:
            result = await client.call("Offer", "print", {"id": 7, "template": "short"})
        """
        return await self.entity(entity).call(action, params, method=method)

    async def probe(
        self,
        *,
        entities: Sequence[str] | None = None,
        write: str | None = None,
        record: RecordInput | None = None,
        timeout: float | None = None,
    ) -> ProbeReport:
        """Checks the settings on the server, and finds those that it needs.

        It logs in two or three times and sends about 25 reads. It reads the lists of `entities` (default: `Account`,
        `Contact`, `Lead` and `Opportunity`) within `timeout` seconds (default: 120). With `write`, it also creates,
        changes and deletes one marked test record of this entity; `record` replaces its fields. Failed checks are part
        of the report.

        Raises:
            ConfigError: An option is invalid, or the client is closed.

        Example:
            report = await client.probe()
            print(report.to_text())
        """
        from egito._probe import probe_options, probe_report  # seldom needed

        return probe_report(await self._native.probe(probe_options(entities, write, record, timeout)))

    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """Returns the same client with other settings for the calls made through it; see `egito.CallOptions`.

        Both share the token, the connections, the counters and `on_event`. Closing one closes the other.

        Raises:
            ConfigError: A value is invalid, or the setting applies to whole clients only.

        Example:
            await client.with_options(timeout=5, max_retries=0).accounts.get(7)
        """
        client = type(self).__new__(type(self))
        client.__dict__.update(self.__dict__)  # with the attributes of a subclass
        client._native = self._native.with_options(options)
        return client

    def stats(self) -> Stats:
        """Returns the counters of this client.

        Example:
            print(client.stats().retries)
        """
        from egito._events import Stats

        return Stats(**self._native.stats())

    async def close(self) -> None:
        """Closes the client: later calls raise ConfigError, and idle connections are closed at once.

        Waits for calls in flight, at most `close_timeout` seconds. Calls that are in flight after that raise
        `CancelledError`, or `OutcomeUnknownError` if a create was sent.
        """
        await self._native.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

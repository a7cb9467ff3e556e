"""Types that users see in signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, TypeAlias, TypedDict

if TYPE_CHECKING:
    import datetime
    import decimal
    import enum
    import os
    import uuid
    from dataclasses import Field

Record: TypeAlias = dict[str, Any]
"""One object of the CRM, with the server's own field names."""

RecordId: TypeAlias = int | str
"""Key of a record, as the server wrote it: `7` and `"7"` are different ids."""

Filter: TypeAlias = "str | int | float | bool | decimal.Decimal | datetime.date | uuid.UUID | enum.Enum"
"""One value that a list can be filtered by."""

Filters: TypeAlias = Mapping[str, Any]
"""Filters by field: to each name a `Filter`, or a list of them, which means any of these.

The values are `Any`, since type checkers take `{"city": "Kraków", "employees": 5}` for a dict of objects; what cannot
be sent is a `ConfigError`.
"""


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Model(Protocol):
    """A pydantic model, or what looks like one."""

    def model_dump(self, *, by_alias: bool | None = ..., exclude_unset: bool = ...) -> dict[str, Any]:
        """The fields that are sent."""
        ...


RecordInput: TypeAlias = Mapping[str, Any] | Dataclass | Model
"""What can be sent as a record: a dict or other mapping, a dataclass, a pydantic model."""

Changes: TypeAlias = Mapping[int, RecordInput] | Mapping[str, RecordInput] | Mapping[RecordId, RecordInput]
"""The changed fields by the ids of their records. A mapping of ints is none of ints and texts to a type checker."""


class Frame(Protocol):
    """A DataFrame of pandas or polars, or a table of pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface, which all of them have."""
        ...


class CallOptions(TypedDict, total=False):
    """Settings that single calls may have of their own, see `Client.with_options`."""

    timeout: float | None
    max_retries: int | None
    backoff_base: float | None
    backoff_max: float | None
    retry_after_max: float | None
    page_size: int | None
    prefetch: int | None
    page_overlap: int | None
    decimals: Literal["float", "string", "decimal"] | None
    default_sort: str | None
    list_key: str | None
    headers: Mapping[str, str] | None


class Settings(TypedDict, total=False):
    """Keywords of a client, beside `name`. Durations are seconds."""

    base_url: str | None
    """The server's address, instead of `name`. Plain `http://` is taken for loopback only."""
    client_id: str | None
    """Client id of the integration."""
    client_secret: str | None
    """Client secret of the integration."""
    username: str | None
    """User name, `login@firma`."""
    password: str | None
    """The user's password."""
    refresh_token: str | None
    """Used only where no password is given."""
    token_store: str | os.PathLike[str] | None
    """Where tokens are kept: `"memory"` (default), or the path of a file that processes of one machine share."""

    timeout: float | None
    """A whole call with its repeats and pauses; for a list, each page. Default 120."""
    connect_timeout: float | None
    """Opening a connection. Default 10."""
    read_timeout: float | None
    close_timeout: float | None
    """Silence before the first piece of an answer (connecting and sending included) and between two. Default 60."""

    max_retries: int | None
    """Repeats after the first attempt, where repeating is safe. Default 4; 0 means none."""
    backoff_base: float | None
    """Upper bound of the first pause before a repeat; it doubles with each. Default 0.5."""
    backoff_max: float | None
    """Upper bound of any such pause. Default 20."""
    retry_after_max: float | None
    """Longest pause that the server may ask for; beyond it the error comes at once. Default 120."""
    max_concurrency: int | None
    """Most requests at one time. Default 64."""
    requests_per_second: float | None
    """Most requests in a second, evenly spaced. Default: no limit."""

    page_size: int | None
    """Records asked for in one request of a list. Default 500."""
    prefetch: int | None
    """Pages of a list asked for before they are wanted, once the second one is. Default 2; 0 means none."""
    page_overlap: int | None
    """Records that each page shall have in common with the one before, so that rows which are deleted meanwhile hide
    none. Default 1; 0 turns it off."""
    decimals: Literal["float", "string", "decimal"] | None
    """How decimals come: as `float` (default), as `str` digit by digit, or as `decimal.Decimal`."""
    proxy: str | None
    """Address of a proxy, or `"env"` for the usual environment variables. Default: none."""
    ca_file: str | os.PathLike[str] | None
    """PEM file of certificate authorities that are trusted besides the system's."""
    max_response_bytes: int | None
    """Largest answer that is read, in bytes after decompression. Default 256 MiB."""
    start_events: bool | None
    """Whether `on_event` also hears of the start of each attempt. Default False."""
    headers: Mapping[str, str] | None
    """HTTP headers that every request has besides the client's own, logins included, such as `traceparent`."""
    user_agent: str | None
    """The header `User-Agent`."""

    accept_language: str | None
    """The header `Accept-Language`, such as "en": the language of the server's messages. None is sent by default."""
    form_decimal: Literal[".", ","] | None
    """Decimal separator in form parameters; a server whose language is Polish reads ","."""
    scope: str | None
    """`scope` of the token request. Default: none."""
    token_params: Literal["form", "query"] | None
    """Where the token request carries its parameters. Default `"form"`."""
    token_in: Literal["header", "query", "form"] | None
    """Where a call carries its token. Default `"header"`; `"form"` needs `body="form"`."""
    body: Literal["json", "form"] | None
    """How calls carry a record. Default `"json"`."""
    read_method: Literal["GET", "POST"] | None
    """Method of `get`. Default `"GET"`."""
    delete_method: Literal["POST", "GET", "DELETE"] | None
    """Method of `delete`. Default `"POST"`."""
    id_param: str | None
    """Parameter with the id. Default `"id"`."""
    limit_param: str | None
    """Parameter with the page size. Default `"max"`."""
    offset_param: str | None
    """Parameter with the offset. Default `"offset"`."""
    sort_param: str | None
    """Parameter with the field to sort by. Default `"sort"`."""
    order_param: str | None
    """Parameter with the direction. Default `"order"`."""
    default_sort: str | None
    """Field that lists are sorted by where none is named. Default `"id"`; empty turns it off."""
    list_key: str | None
    """Key of the array in a list's answer. Default: detected."""

"""HTTP responses of calls, from `with_response`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)
"""Type of a response's value."""


class Headers(Mapping[str, str]):
    """The headers of a response: a mapping with case-insensitive names.

    The values of a header that the server sent several times are joined with commas; `get_all` returns each of them.
    Secrets are replaced by `[removed]`, and so is the whole value of `set-cookie`, `www-authenticate` and the like.

    Example:
        headers = client.accounts.with_response().get(7).headers
        print(headers["Content-Type"], headers.get("x-request-id"))
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value)

    def get_all(self, name: str) -> list[str]:
        """Returns each value of a header, or an empty list without the header.

        Example:
            links = client.accounts.with_response().get(7).headers.get_all("link")
        """
        return list(self._values.get(name.lower(), ()))

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"egito.Headers({dict(self)!r})"


@dataclass(frozen=True, slots=True)
class Response(Generic[T_co]):
    """The result of a call or a page of a list, with its HTTP response. See `Entity.with_response`.

    Example:
        response = client.accounts.with_response().get(7)
        print(response.status, response.headers.get("x-request-id"), response.value["name"])
    """

    value: T_co
    """Result of the call, or the records of the page."""
    status: int
    """HTTP status of the last response."""
    headers: Headers
    """Headers of the last response, without secrets."""
    attempts: int
    """Number of requests made for the call."""
    call_id: int
    """Number of the call: the `call` of its events."""
    elapsed: float
    """Seconds from the start of the call to the last response, including earlier attempts and pauses."""


def make(value: Any, status: int, headers: list[tuple[str, str]], *more: Any) -> Response[Any]:
    """Creates a response. The native module calls it."""
    return Response(value, status, Headers(headers), *more)

"""What a client tells about its work: an event for every attempt, and counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Event:
    """The end of one attempt, or with the setting `start_events` also its start, as `on_event` is called with it.

    It holds no secret, record or filter.
    """

    kind: Literal["start", "end"]
    """Whether the attempt starts or has ended."""
    call: int
    """Number of the call, counted by the client. Its attempts have the same, and so has the login that it needed."""
    action: str
    """`create`, `get` …, or `login`."""
    entity: str | None
    """Entity of the call; None for a login."""
    method: str
    """HTTP method of the request."""
    host: str
    """Host of the server, with its port if it is not the usual one."""
    attempt: int
    """The first is 1."""
    status: int | None
    """HTTP status, where there was an answer."""
    code: str | None
    """The error's code, where the attempt failed."""
    elapsed: float
    """Seconds that the attempt took; 0 at its start."""
    bytes: int
    """Bytes of the response's body; 0 for a login and at a start."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a client has done since it was made."""

    calls: int
    """Calls that were begun; each page of a list is one."""
    attempts: int
    """Requests of these calls, repeats included, logins not."""
    retries: int
    """Attempts after a pause, because the one before failed."""
    logins: int
    """Requests to the token address."""
    bytes_sent: int
    """Bytes of request bodies."""
    bytes_received: int
    """Bytes of response bodies, after decompression."""

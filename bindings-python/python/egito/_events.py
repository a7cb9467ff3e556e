"""Events for every attempt, and counters of a client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Event:
    """The end of one attempt, or its start (setting `start_events`). `on_event` is called with it.

    It contains no secret, record or filter.
    """

    kind: Literal["start", "end"]
    """Whether the attempt starts or has ended."""
    call: int
    """Number of the call, counted by the client. All attempts of a call have it, and so does a login that it needed."""
    action: str
    """`create`, `get` …, or `login`."""
    entity: str | None
    """Entity of the call; None for a login."""
    entry: int | None
    """Id of the outbox entry that the call belongs to; None for other calls and for a login."""
    method: str
    """HTTP method of the request."""
    host: str
    """Host of the server, with its port unless it is the default one."""
    attempt: int
    """Number of the attempt, from 1."""
    status: int | None
    """HTTP status, or None without a response."""
    code: str | None
    """Error code, or None if the attempt succeeded."""
    elapsed: float
    """Duration of the attempt in seconds; 0 at its start."""
    bytes: int
    """Size of the response body in bytes; 0 for a login and at a start."""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counters of a client since it was created."""

    calls: int
    """Calls that were started. Each page of a list is a call."""
    attempts: int
    """Requests of these calls, including retries, without logins."""
    retries: int
    """Attempts after a failed attempt of the same call."""
    logins: int
    """Token requests."""
    bytes_sent: int
    """Bytes of request bodies."""
    bytes_received: int
    """Bytes of response bodies, after decompression."""

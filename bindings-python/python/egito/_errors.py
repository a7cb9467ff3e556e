"""What can be raised.

    EgitoError                       every failure
     ├─ ConfigError                  a setting or argument is missing, unknown or wrong; nothing was sent
     ├─ AuthError                    login refused, or a call whose new tokens were refused
     ├─ PermissionError              the user lacks a right; also a builtin PermissionError
     ├─ NotFoundError                there is no such record
     ├─ ValidationError              the server refused the record: see `errors`
     ├─ RateLimitedError             too many requests: see `retry_after`
     ├─ ServerError                  the server failed
     ├─ UnexpectedResponseError      not an answer of the API
     ├─ ConnectionError              no connection, or it broke; also a builtin ConnectionError
     ├─ TlsError                     certificate refused
     ├─ TimeoutError                 too slow; also a builtin TimeoutError
     ├─ OutcomeUnknownError          a create or other call that may have been done: see `record`
     ├─ PaginationError              a list cannot be read completely
     ├─ CancelledError               the call was given up
     └─ InternalError                a bug in this library

The same codes and fields are in every language of this SDK.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from egito._field_error import FieldError
    from egito._types import Record, RecordId


class EgitoError(Exception):
    """Every failure of this library. `str(error)` is one sentence that says what to do next.

    Decide by the class or by `code`, never by the text. What does not apply is `None` or empty.
    """

    code: ClassVar[str] = ""
    """Stable word for the kind of failure, the same in every language of this SDK."""

    message: str
    """The sentence that `str(error)` gives."""
    retryable: bool
    """Whether repeating the same call is harmless and may help."""
    outcome: Literal["not_sent", "rejected", "unknown"] | None
    """What is known about the server's state after a failed write: it saw nothing of it (`not_sent`), it did not do it
    (`rejected`), or it may have done it (`unknown`). `None` for reads."""
    status: int | None
    """HTTP status of the last answer."""
    entity: str | None
    """Entity of the call."""
    action: str | None
    """Action of the call, `login` for the token."""
    id: RecordId | None
    """Id of the record that the call was about."""
    attempts: int
    """How many requests were made for the call."""
    elapsed: float | None
    """Seconds from the call's start to this error."""
    category: Literal["CREATE", "READ", "UPDATE", "DELETE"] | None
    """The right that is missing."""
    setting: str | None
    """The setting or argument that is wrong; inside a record its path, such as `record.phones[0]`."""
    errors: Sequence[FieldError]
    """The server's complaints."""
    retry_after: float | None
    """Seconds that the server asked to wait."""
    oauth_error: str | None
    """`error` of the token address, such as `invalid_grant`."""
    oauth_description: str | None
    """`error_description` of the token address, without secrets."""
    content_type: str | None
    """Content type of the answer."""
    body_start: str | None
    """The first 200 characters of the answer, without secrets."""
    record: Record | None
    """The record that was sent and whose fate is unknown."""
    limit: Literal["timeout", "connect_timeout", "read_timeout"] | None
    """The time limit that was reached."""
    seen: str | None
    """What was seen of a list that cannot be read completely."""
    cause: str | None
    """The causes below this error, as text without secrets. Of a connection or a time limit also an OSError, as
    `__cause__`: with the system's number that of its kind, such as ConnectionRefusedError."""
    os_error: int | None
    """The operating system's number of the error among the causes, as in `errno`."""

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        for name in _DETAILS:
            setattr(self, name, details.pop(name, None))
        self.retryable = bool(self.retryable)
        self.attempts = self.attempts or 0
        self.errors = tuple(_field_error(each) for each in self.errors or ())
        if details:
            raise TypeError(f"an EgitoError has no {', '.join(map(repr, details))}")
        if self.cause and self.code in _OF_THE_SYSTEM:
            self.__cause__ = OSError(self.cause) if self.os_error is None else OSError(self.os_error, self.cause)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # By hand, since exceptions are otherwise copied and pickled by their positional arguments alone. What was added
        # to this one (notes, attributes) goes along.
        details = {name: value for name, value in self.__dict__.items() if name not in {"message", *_DETAILS}}
        return (_rebuild, (type(self), self.message, {name: getattr(self, name) for name in _DETAILS}), details or None)


class ConfigError(EgitoError):
    """A setting or argument is missing, unknown or wrong: see `setting`. Nothing was sent."""

    code = "config"


class AuthError(EgitoError):
    """The login was refused: see `oauth_error`. Do not repeat it in a loop: that can lock the user."""

    code = "auth"


class PermissionError(EgitoError, builtins.PermissionError):
    """The user or the integration lacks a right: see `category`."""

    code = "permission"


class NotFoundError(EgitoError):
    """There is no record with this `id`."""

    code = "not_found"


class ValidationError(EgitoError):
    """The server refused the record: see `errors`."""

    code = "validation"


class RateLimitedError(EgitoError):
    """Too many requests, still so after the last attempt: see `retry_after`."""

    code = "rate_limited"


class ServerError(EgitoError):
    """The server failed, still so after the last attempt: see `status` and, after a write, `outcome`."""

    code = "server"


class UnexpectedResponseError(EgitoError):
    """A redirect, an HTML page, broken JSON …: not an answer of the API. See `status` and `body_start`."""

    code = "unexpected_response"


class ConnectionError(EgitoError, builtins.ConnectionError):
    """There was no connection, or it broke: see `cause`. Reads, updates and deletes may be repeated."""

    code = "connection"


class TlsError(EgitoError):
    """The server's certificate was refused: see `cause`."""

    code = "tls"


class TimeoutError(EgitoError, builtins.TimeoutError):
    """Too slow: see `limit`. Never raised for a create that may have been done."""

    code = "timeout"


class OutcomeUnknownError(EgitoError):
    """A create or other call that may have been done: look in Egito before you send `record` again."""

    code = "outcome_unknown"


class PaginationError(EgitoError):
    """The list cannot be read completely: see `seen`."""

    code = "pagination"


class CancelledError(EgitoError):
    """The call was given up, for instance because Python was about to end."""

    code = "cancelled"


class InternalError(EgitoError):
    """A bug in this library; please report it with its `cause`."""

    code = "internal"


CLASSES: Mapping[str, type[EgitoError]] = {each.code: each for each in EgitoError.__subclasses__()}
"""The class of every code."""

_DETAILS = tuple(name for name in EgitoError.__annotations__ if name not in {"code", "message"})


_OF_THE_SYSTEM = {"connection", "tls", "timeout", "outcome_unknown"}


def from_details(details: dict[str, Any]) -> EgitoError:
    """The exception for the details that the core tells."""
    return CLASSES[details.pop("code")](**details)


def _field_error(complaint: FieldError | dict[str, Any]) -> FieldError:
    from egito._field_error import FieldError  # seldom needed, and not quick to import

    return complaint if isinstance(complaint, FieldError) else FieldError(**complaint)


def _rebuild(cls: type[EgitoError], message: str, details: dict[str, Any]) -> EgitoError:
    return cls(message, **details)

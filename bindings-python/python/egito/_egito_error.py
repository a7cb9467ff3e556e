"""The base class of all exceptions."""

from __future__ import annotations

from egito._generated.error_details import ErrorDetails
from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, ClassVar

    from egito._field_error import FieldError


_DETAILS = tuple(ErrorDetails.__annotations__)

_CODES_WITH_OS_ERROR = {"connection", "tls", "timeout", "outcome_unknown"}


class EgitoError(ErrorDetails, Exception):
    """Base class of all errors of this library. `str(error)` says what failed and what to do.

    Decide by the class or by `code`, not by the message. Details that do not apply are `None` or empty.
    """

    code: ClassVar[str] = ""
    """Stable name of the kind of error, the same in every language of this SDK."""

    message: str
    """The message: the same as `str(error)`."""

    def __init__(self, message: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        for name in _DETAILS:
            setattr(self, name, details.pop(name, None))
        self.retryable = bool(self.retryable)
        self.invalid_record = bool(self.invalid_record)
        self.attempts = self.attempts or 0
        self.errors = tuple(_field_error(each) for each in self.errors or ())
        if details:
            raise TypeError(f"an EgitoError has no {', '.join(map(repr, details))}")
        if self.cause and self.code in _CODES_WITH_OS_ERROR:
            self.__cause__ = OSError(self.cause) if self.os_error is None else OSError(self.os_error, self.cause)

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions are otherwise copied and pickled by their positional arguments alone. Keeps added notes and
        # attributes.
        details = {name: value for name, value in self.__dict__.items() if name not in {"message", *_DETAILS}}
        return (_rebuild, (type(self), self.message, {name: getattr(self, name) for name in _DETAILS}), details or None)


def _field_error(error: FieldError | dict[str, Any]) -> FieldError:
    from egito._field_error import FieldError  # seldom needed, and slow to import

    return error if isinstance(error, FieldError) else FieldError(**error)


def _rebuild(cls: type[EgitoError], message: str, details: dict[str, Any]) -> EgitoError:
    return cls(message, **details)

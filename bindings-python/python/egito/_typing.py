"""What classes need of `typing` at run time. Importing `typing` itself takes longer than the rest of this package."""

from __future__ import annotations

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Generic as Generic
    from typing import TypeVar
    from typing import overload as overload

    R = TypeVar("R")
    """Type of a record for type checkers: `Record`, or a TypedDict given to `Client.entity`."""
else:
    R = object

    class Generic:
        """Base class of classes with type parameters. `Entity[Account]` is an annotation without other effects."""

        __slots__ = ()
        __class_getitem__ = classmethod(type(list[R]))

    def overload(function: object) -> object:
        """Returns the function. Overloads have a meaning for type checkers only."""
        return function

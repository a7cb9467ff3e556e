"""Base class of objects that belong to the connections of one process."""

from __future__ import annotations

from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn, SupportsIndex


class NotCopied:
    """Refuses to be copied or pickled, with a message that says what to do instead."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        name = type(self).__name__
        message = (
            f"{name} cannot be copied or pickled, because it uses connections of this process. Share one client "
            "between threads, use `client.with_options(…)` for other settings, and create a client in each "
            "process, such as `egito.Client.from_env()`. With the setting `token_store` processes share one login."
        )
        raise TypeError(message)

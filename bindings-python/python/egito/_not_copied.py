"""What belongs to the connections of one process, and is neither copied nor pickled."""

from __future__ import annotations

from typing import NoReturn, SupportsIndex


class NotCopied:
    """Says what to do instead."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        name = type(self).__name__
        message = (
            f"{name} cannot be copied or pickled, because it belongs to the connections of this process. Threads share "
            "one client, and `client.with_options(…)` gives it other settings. Another process makes a client of its "
            "own, for instance with `egito.Client.from_env()`; with the setting `token_store` they share one login."
        )
        raise TypeError(message)

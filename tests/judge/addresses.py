"""Addresses on loopback where a connection fails: `refused` at once, `hanging` never answered."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from types import TracebackType


class Addresses:
    """Opens what a case asks for, and keeps it until the case is over, so that nobody else gets the port."""

    def __init__(self, sandbox: str) -> None:
        self._known = {"sandbox": sandbox, "sandbox/": f"{sandbox}/"}
        self._open = ExitStack()

    def __enter__(self) -> Addresses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def __call__(self, name: str) -> str:
        """The address of that name, as a base URL."""
        if name not in self._known:
            self._known[name] = f"http://127.0.0.1:{self._refused() if name == 'refused' else self._hanging()}"
        return self._known[name]

    def _refused(self) -> int:
        """A port that is taken and does not listen."""
        return self._port(self._bound())

    def _hanging(self) -> int:
        """A port whose queue of connections is full and never read: the next one waits for ever."""
        listener = self._bound()
        listener.listen(0)
        for _ in range(8):
            filler = self._open.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self._port(listener)))
        return self._port(listener)

    def _bound(self) -> socket.socket:
        taken = self._open.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))
        return taken

    @staticmethod
    def _port(taken: socket.socket) -> int:
        return int(taken.getsockname()[1])

"""Provides addresses on loopback where a connection fails: `refused` at once, `hanging` without a response."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from types import TracebackType


class Addresses:
    """Opens the ports of a case, and keeps them until its end, so that no other program gets them."""

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
        """Returns the address of that name, as a base URL."""
        if name not in self._known:
            self._known[name] = f"http://127.0.0.1:{self._refused() if name == 'refused' else self._hanging()}"
        return self._known[name]

    def _refused(self) -> int:
        """Returns a port that is bound and does not listen."""
        return self._port(self._bound())

    def _hanging(self) -> int:
        """Returns a port whose backlog is full and never read, so the next connection hangs."""
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

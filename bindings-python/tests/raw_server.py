"""A small HTTP server, plain or with TLS and its own certificate authority, that can close connections early."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

TOKEN = b'{"access_token": "t", "token_type": "bearer", "expires_in": 3000}'


class Authority:
    """Creates a certificate authority, and a certificate for localhost."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "authority.pem"
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        key = folder / "authority.key"
        _openssl("-keyout", key, "-out", self.file, "-subj", "/CN=Test authority")
        extensions = ("-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE")
        _openssl(
            "-keyout",
            self.key,
            "-out",
            self.certificate,
            "-subj",
            "/CN=localhost",
            "-CA",
            self.file,
            "-CAkey",
            key,
            *extensions,
        )


def _openssl(*options: object) -> None:
    begin = ("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    subprocess.run([*begin, *map(str, options)], check=True, capture_output=True)


class RawServer:
    """Responds to logins, and to other requests with a record, or with the body that `respond` returns for their head.

    `hang_up` closes connections after the request head.
    """

    def __init__(
        self,
        authority: Authority | None = None,
        hang_up: Literal["fin", "rst"] | None = None,
        respond: Callable[[bytes], bytes] = lambda _: b'{"id": 1}',
    ) -> None:
        self._hang_up = hang_up
        self._respond = respond
        self._tls: ssl.SSLContext | None = None
        if authority is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(authority.certificate, authority.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme, host = ("https", "localhost") if authority else ("http", "127.0.0.1")
        login = {"client_id": "a", "client_secret": "b", "username": "c", "password": "d"}
        self.settings = {"base_url": f"{scheme}://{host}:{self._listener.getsockname()[1]}", **login, "max_retries": 0}
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> RawServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # the connection was closed
            while True:
                threading.Thread(target=self._talk, args=(self._listener.accept()[0],), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), self._wrapped(connection) as stream:
            while head := _read_head(stream):
                is_login = b"/oauth/token" in head
                if self._hang_up and not is_login:
                    _hang_up(stream, reset=self._hang_up == "rst")
                    return
                body = TOKEN if is_login else self._respond(head)
                length = b"Content-Length: %d\r\n\r\n" % len(body)
                stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length + body)

    def _wrapped(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection


def _read_head(stream: socket.socket) -> bytes:
    """Returns the head of the next request. Reads and drops its body if it is short."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        piece = stream.recv(65536)
        if not piece:
            return b""
        seen += piece
    head, _, body = seen.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:")), 0)
    while len(body) < length < 100_000:
        body += stream.recv(65536)
    return head


def _hang_up(stream: socket.socket, *, reset: bool) -> None:
    if reset:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    else:
        socket.socket.shutdown(stream, socket.SHUT_RDWR)
    stream.close()

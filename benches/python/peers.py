"""Clients as people write them with common libraries: one login, kept connections; no retries, renewal or checks."""

from __future__ import annotations

import http.client
import io
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

PATH = "/services/restapi/json/Account"
LOGIN = ("client_id", "client_secret", "username", "password")


class Peer:
    """The address of the server, and the headers with the token."""

    def __init__(self, settings: dict[str, str]) -> None:
        address = urlsplit(settings["base_url"])
        self.path = address.path + PATH
        self.base = settings["base_url"] + PATH
        self.host = address.netloc
        form = urlencode({"grant_type": "password"} | {name: settings[name] for name in LOGIN})
        connection = http.client.HTTPConnection(self.host)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", f"{address.path}/oauth/token", form, headers)
        token = orjson.loads(connection.getresponse().read())["access_token"]
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def get(self, id: int) -> Any:
        """Returns a record."""
        return orjson.loads(self.read(f"/get?id={id}"))

    def pages(self, size: int) -> Iterator[bytes]:
        """Yields the bytes of every page."""
        offset = 0
        while True:
            body = self.read(f"/list?sort=id&order=asc&max={size}&offset={offset}")
            if body.startswith((b"[]", b'{"list":[]')):
                return
            yield body
            offset += size

    def read(self, path: str) -> bytes:
        """Sends a GET and returns the body."""
        raise NotImplementedError


class Requests(Peer):
    """requests."""

    def __init__(self, settings: dict[str, str]) -> None:
        import requests
        from requests.adapters import HTTPAdapter

        super().__init__(settings)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(self.headers)
        self.session.mount("http://", HTTPAdapter(pool_connections=64, pool_maxsize=64))

    def read(self, path: str) -> bytes:
        """Sends a GET and returns the body."""
        response = self.session.get(self.base + path, timeout=60)
        response.raise_for_status()
        return bytes(response.content)

    def create(self, record: dict[str, Any]) -> int:
        """Creates a record and returns its id."""
        headers = {"Content-Type": "application/json"}
        response = self.session.post(f"{self.base}/create", data=orjson.dumps(record), headers=headers, timeout=60)
        response.raise_for_status()
        return int(orjson.loads(response.content)["id"])


class HttpClient(Peer):
    """http.client of the standard library."""

    def __init__(self, settings: dict[str, str]) -> None:
        super().__init__(settings)
        self.connection = http.client.HTTPConnection(self.host)

    def read(self, path: str) -> bytes:
        """Sends a GET and returns the body."""
        self.connection.request("GET", self.path + path, headers=self.headers)
        return self._body()

    def create(self, record: dict[str, Any]) -> int:
        """Creates a record and returns its id."""
        headers = {**self.headers, "Content-Type": "application/json"}
        self.connection.request("POST", f"{self.path}/create", orjson.dumps(record), headers)
        return int(orjson.loads(self._body())["id"])

    def _body(self) -> bytes:
        response = self.connection.getresponse()
        body = response.read()
        if response.status != http.HTTPStatus.OK:
            raise OSError(f"{response.status}: {body!r}")
        return body


class Pycurl(Peer):
    """pycurl, with one handle for reads and one for writes."""

    def __init__(self, settings: dict[str, str]) -> None:
        import pycurl

        super().__init__(settings)
        headers = [f"{name}: {value}" for name, value in self.headers.items()]
        self.reader, self.writer = pycurl.Curl(), pycurl.Curl()
        self.reader.setopt(pycurl.HTTPHEADER, headers)
        self.writer.setopt(pycurl.HTTPHEADER, [*headers, "Content-Type: application/json"])
        self.writer.setopt(pycurl.URL, f"{self.base}/create")
        for curl in (self.reader, self.writer):
            curl.setopt(pycurl.NOPROXY, "*")
            curl.setopt(pycurl.FAILONERROR, True)

    def read(self, path: str) -> bytes:
        """Sends a GET and returns the body."""
        self.reader.setopt(self.reader.URL, self.base + path)
        return self._body(self.reader)

    def create(self, record: dict[str, Any]) -> int:
        """Creates a record and returns its id."""
        self.writer.setopt(self.writer.POSTFIELDS, orjson.dumps(record))
        return int(orjson.loads(self._body(self.writer))["id"])

    def _body(self, curl: Any) -> bytes:
        body = io.BytesIO()
        curl.setopt(curl.WRITEDATA, body)
        curl.perform()
        return body.getvalue()


class Aiohttp(Peer):
    """aiohttp."""

    async def __aenter__(self) -> Aiohttp:
        import aiohttp

        connector = aiohttp.TCPConnector(limit=64)
        self.session = aiohttp.ClientSession(headers=self.headers, connector=connector, raise_for_status=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def get(self, id: int) -> Any:
        """Returns a record."""
        async with self.session.get(f"{self.base}/get?id={id}") as response:
            return orjson.loads(await response.read())

    async def dicts(self, size: int) -> list[Any]:
        """Returns all records."""
        records: list[Any] = []
        while True:
            query = f"sort=id&order=asc&max={size}&offset={len(records)}"
            async with self.session.get(f"{self.base}/list?{query}") as response:
                page = records_of(await response.read())
            if not page:
                return records
            records += page


def records_of(body: bytes) -> Any:
    """Returns the records of a page of either shape."""
    page = orjson.loads(body)
    return page if isinstance(page, list) else page["list"]


def dicts(pages: Iterator[bytes]) -> list[Any]:
    """Returns the records of all pages."""
    records: list[Any] = []
    for body in pages:
        records += records_of(body)
    return records


def polars_frame(pages: Iterator[bytes]) -> Any:
    """Returns the records of all pages as a frame of polars."""
    import polars

    def frame(body: bytes) -> Any:
        page = polars.read_json(io.BytesIO(body), infer_schema_length=None)
        return page.get_column("list").explode().struct.unnest() if "list" in page.columns else page

    return polars.concat(map(frame, pages), how="diagonal_relaxed")


BLOCKING: dict[str, Callable[[dict[str, str]], Any]] = {
    "requests + orjson": Requests,
    "http.client + orjson": HttpClient,
    "pycurl + orjson": Pycurl,
}

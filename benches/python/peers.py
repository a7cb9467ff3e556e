"""Clients as people write them with common libraries: one login, kept connections; no retries, renewal or checks."""

from __future__ import annotations

import http.client
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

PATH = "/services/restapi/json/Account"


class Peer:
    """The address of the sandbox, and the header with the token."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.base = settings["base_url"]
        names = ("client_id", "client_secret", "username", "password")
        form = {"grant_type": "password"} | {name: settings[name] for name in names}
        connection = http.client.HTTPConnection(urlsplit(self.base).netloc)
        connection.request(
            "POST", "/oauth/token", urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        token = json.load(connection.getresponse())["access_token"]
        self.headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def get(self, id: int) -> Any:
        """Returns a record."""
        raise NotImplementedError

    def create(self, record: dict[str, Any]) -> Any:
        """Creates a record and returns its id."""
        raise NotImplementedError


class Requests(Peer):
    """requests and its json()."""

    def __init__(self, settings: dict[str, str]) -> None:
        import requests

        super().__init__(settings)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update(self.headers)
        adapter = requests.adapters.HTTPAdapter(pool_connections=64, pool_maxsize=64)
        self.session.mount("http://", adapter)

    def get(self, id: int) -> Any:
        return self.session.get(f"{self.base}{PATH}/get", params={"id": id}, timeout=60).json()

    def create(self, record: dict[str, Any]) -> Any:
        return self.session.post(f"{self.base}{PATH}/create", json=record, timeout=60).json()["id"]

    def pages(self, size: int) -> Iterator[bytes]:
        """Yields the bytes of every page."""
        offset = 0
        while True:
            query: dict[str, Any] = {"max": size, "offset": offset, "sort": "id", "order": "asc"}
            body = self.session.get(f"{self.base}{PATH}/list", params=query, timeout=60).content
            if body == b"[]":
                return
            yield body
            offset += size


class Httpx(Peer):
    """httpx and its json()."""

    def __init__(self, settings: dict[str, str]) -> None:
        import httpx

        super().__init__(settings)
        self.client = httpx.Client(headers=self.headers, base_url=self.base, trust_env=False)

    def get(self, id: int) -> Any:
        return self.client.get(f"{PATH}/get", params={"id": id}).json()

    def create(self, record: dict[str, Any]) -> Any:
        return self.client.post(f"{PATH}/create", json=record).json()["id"]


class Bare(Peer):
    """http.client of the standard library, with orjson."""

    def __init__(self, settings: dict[str, str]) -> None:
        super().__init__(settings)
        self.connection = http.client.HTTPConnection(urlsplit(self.base).netloc)

    def get(self, id: int) -> Any:
        self.connection.request("GET", f"{PATH}/get?id={id}", headers=self.headers)
        return orjson.loads(self.connection.getresponse().read())

    def create(self, record: dict[str, Any]) -> Any:
        headers = {**self.headers, "Content-Type": "application/json"}
        self.connection.request("POST", f"{PATH}/create", orjson.dumps(record), headers)
        return orjson.loads(self.connection.getresponse().read())["id"]


class Pycurl(Peer):
    """pycurl, with orjson."""

    def __init__(self, settings: dict[str, str]) -> None:
        import pycurl

        super().__init__(settings)
        headers = [f"{name}: {value}" for name, value in self.headers.items()]
        self.reader, self.writer = pycurl.Curl(), pycurl.Curl()
        self.reader.setopt(pycurl.HTTPHEADER, headers)
        self.writer.setopt(pycurl.HTTPHEADER, [*headers, "Content-Type: application/json"])
        self.writer.setopt(pycurl.URL, f"{self.base}{PATH}/create")
        for curl in (self.reader, self.writer):
            curl.setopt(pycurl.NOPROXY, "*")

    def get(self, id: int) -> Any:
        body = io.BytesIO()
        self.reader.setopt(self.reader.URL, f"{self.base}{PATH}/get?id={id}")
        self.reader.setopt(self.reader.WRITEDATA, body)
        self.reader.perform()
        return orjson.loads(body.getvalue())

    def create(self, record: dict[str, Any]) -> Any:
        body = io.BytesIO()
        self.writer.setopt(self.writer.POSTFIELDS, orjson.dumps(record))
        self.writer.setopt(self.writer.WRITEDATA, body)
        self.writer.perform()
        return orjson.loads(body.getvalue())["id"]


class Aiohttp(Peer):
    """aiohttp, with orjson."""

    async def open(self) -> None:
        """Opens the session, which needs a running loop."""
        import aiohttp

        connector = aiohttp.TCPConnector(limit=64)
        self.session = aiohttp.ClientSession(headers=self.headers, connector=connector)

    async def get(self, id: int) -> Any:
        async with self.session.get(f"{self.base}{PATH}/get?id={id}") as response:
            return orjson.loads(await response.read())

"""A small adapter for the tests of the judge: plain HTTP, just enough for simple cases.

It is not a model of a client: the rules for paging, retries and token renewal are missing.
"""

from __future__ import annotations

import http.client
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

CODES = (
    *("config", "auth", "permission", "not_found", "validation", "rate_limited", "server", "unexpected_response"),
    *("connection", "tls", "timeout", "outcome_unknown", "pagination", "cancelled", "internal"),
)
CLASSES = {code: "".join(word.title() for word in code.split("_")) + "Error" for code in CODES}
KNOWN_SETTINGS = {"base_url", "client_id", "client_secret", "username", "password", "page_size"}
SUITE_SETTINGS = {"backoff_base_ms", "backoff_max_ms", "max_retries", "prefetch"}
Objects = list[dict[str, Any]]
Lists = list[list[int]]
SHORTCUTS = {"Account", "Contact", "Opportunity", "Lead"}


class Failure(Exception):
    """An error of this client."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.reply = {"code": code, "message": f"{code}: see the details", "class": CLASSES[code], **details}


class Client:
    """A client that logs in at its first call."""

    def __init__(self, settings: dict[str, Any], recorded: Objects | None = None) -> None:
        if unknown := settings.keys() - KNOWN_SETTINGS - SUITE_SETTINGS:
            raise Failure("config", setting=sorted(unknown)[0], outcome="not_sent")
        self.settings = settings
        self.token = ""
        self.recorded = recorded
        self.counted = dict.fromkeys(("calls", "attempts", "retries", "logins", "bytes_sent", "bytes_received"), 0)

    def create(self, entity: str, record: dict[str, Any], **_: Any) -> Any:
        """Creates a record and returns its id."""
        response = self.request("POST", entity, "create", body=record)
        if "id" not in response:
            raise Failure("unexpected_response", action="create", entity=entity)
        return response["id"]

    def get(self, entity: str, id: Any, **_: Any) -> Any:  # noqa: A002 (the protocol's name)
        """Returns the record."""
        return self.request("GET", entity, "get", {"id": id})

    def update(self, entity: str, id: Any, record: dict[str, Any], **_: Any) -> Any:  # noqa: A002
        """Updates a record and returns its id."""
        self.request("POST", entity, "update", body={**record, "id": id})
        return id

    def delete(self, entity: str, id: Any, **_: Any) -> Any:  # noqa: A002
        """Deletes a record and returns its id."""
        self.request("POST", entity, "delete", body={"id": id})
        return id

    def pages(self, entity: str, **_: Any) -> list[Any]:
        """Returns every page up to an empty one."""
        size, offset, pages = self.settings.get("page_size", 100), 0, []
        while page := self.page(entity, size, offset):
            pages.append(page)
            offset += len(page)
        return pages

    def list(self, entity: str, take: int | None = None, **_: Any) -> Any:
        """Returns every record."""
        return [record for page in self.pages(entity) for record in page][:take]

    def page(self, entity: str, size: int, offset: int) -> Any:
        """Returns one page of a list."""
        response = self.request("GET", entity, "list", {"max": size, "offset": offset, "sort": "id", "order": "asc"})
        if isinstance(response, list):
            return response
        return next(each for each in response.values() if isinstance(each, list))

    def create_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Creates each record."""
        return self.bulk(inputs, lambda record: {"id": self.create(entity, record)}, **more)

    def get_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Reads each record."""
        return self.bulk(inputs, lambda id: {"id": id, "record": self.get(entity, id)}, **more)  # noqa: A006

    def update_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Updates each record."""
        return self.bulk(inputs, lambda pair: {"id": self.update(entity, *pair)}, **more)

    def delete_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Deletes each record."""
        return self.bulk(inputs, lambda id: {"id": self.delete(entity, id)}, **more)  # noqa: A006

    def bulk(self, inputs: Sequence[Any], one: Callable[[Any], dict[str, Any]], **more: Any) -> Any:
        """Runs one input after the other, and returns the rows and the progress."""
        rows: Objects = []
        progress: Lists = []
        for index, each in enumerate(inputs[: more.get("stop_after")]):
            try:
                outcome = one(each)
            except Failure as failure:
                outcome = {"error": failure.reply}
            rows.append({"index": index, "input": each, **outcome})
            progress.append([len(rows), sum("error" in row for row in rows)])
        return {"rows": rows} if "stop_after" in more else {"rows": rows, "progress": progress}

    def stats(self) -> dict[str, int]:
        """Returns the counters."""
        return self.counted

    def events(self) -> Objects:
        """Returns the recorded events. Fails if the client was opened without events."""
        if self.recorded is None:
            raise ValueError("the client was opened without events")
        return self.recorded

    def request(self, method: str, entity: str, action: str, query: Any = None, body: Any = None) -> Any:
        """Sends a request with a token, and returns the JSON of the response."""
        self.token = self.token or self.login()
        path = f"/services/restapi/json/{quote(entity)}/{action}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        text = None
        if body is not None:
            text, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        status, content = self.send(method, path, text, headers)
        self.counted["calls"] += 1
        self.counted["attempts"] += 1
        self.record(action=action, entity=entity, status=status, code="not_found" if status == 404 else None)
        value = json.loads(content) if content else {}
        if status == 404:
            raise Failure("not_found", status=status, entity=entity, action=action, attempts=1)
        if isinstance(value, dict) and value.get("errors"):
            raise Failure(
                "validation", status=status, entity=entity, action=action, errors=field_errors(value["errors"])
            )
        if status >= 300:
            raise Failure("server", status=status, entity=entity, action=action, attempts=1)
        return value

    def login(self) -> str:
        """Logs in and returns the token."""
        names = ("client_id", "client_secret", "username", "password")
        form = {"grant_type": "password", **{name: self.settings[name] for name in names}}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        status, content = self.send("POST", "/oauth/token", urlencode(form).encode(), headers)
        value = json.loads(content)
        self.counted["logins"] += 1
        self.record(action="login", status=status)
        if status != 200:
            raise Failure("auth", status=status, oauth_error=value.get("error"), outcome="not_sent")
        return str(value["access_token"])

    def record(self, **event: Any) -> None:
        """Records the event of an attempt."""
        if self.recorded is not None:
            self.recorded.append({"attempt": 1, "elapsed": 0.0, "bytes": 0, **event})

    def send(self, method: str, path: str, text: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Sends a request and returns status and body."""
        host = urlsplit(self.settings["base_url"])
        connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=10)
        try:
            connection.request(method, path, text, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except OSError as error:
            raise Failure("connection", outcome="not_sent", cause=str(error)) from error
        finally:
            connection.close()


def field_errors(errors: Any) -> list[dict[str, Any]]:
    """Returns the elements of `errors`, with the names of the protocol."""
    names = {"field": "field", "message": "message", "rejected-value": "rejected_value", "object": "object"}
    return [{**{to: each.get(name) for name, to in names.items()}, "raw": each} for each in errors]


class Adapter:
    """Reads commands and writes replies. A bad adapter overrides a method."""

    name = "reference"

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}

    def run(self) -> None:
        """Replies to commands until standard input closes."""
        self.say({"hello": self.hello()})
        for line in sys.stdin:
            command = json.loads(line)
            self.say({"seq": command["seq"], **self.respond(command)})

    def hello(self) -> dict[str, Any]:
        """Returns the name, the language and the error codes."""
        version = ".".join(map(str, sys.version_info[:3]))
        return {"adapter": self.name, "language": f"Python {version}", "version": "0", "protocol": 1, "codes": CLASSES}

    def respond(self, command: dict[str, Any]) -> dict[str, Any]:
        """Returns the reply to one command."""
        try:
            return self.do(command)
        except Failure as failure:
            return {"error": failure.reply}
        except Exception as error:
            return {"crashed": repr(error)}

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Runs one command."""
        match command["do"]:
            case "open":
                self.clients[command["client"]] = Client(command["settings"], [] if command.get("events") else None)
                return {"result": None}
            case "close":
                self.clients.pop(command["client"], None)
                return {"result": None}
            case "call":
                return self.call(command)
            case "parallel":
                return {"results": [self.respond({"do": "call", **call}) for call in command["calls"]]}
        return {"unknown": f"do {command['do']}"}

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """Calls a method of a client."""
        method = getattr(self.clients[command["client"]], command["method"], None)
        if method is None:
            return {"unknown": f"method {command['method']}"}
        return {"result": method(**command["args"])}

    def say(self, line: dict[str, Any]) -> None:
        """Writes one line to the judge."""
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    Adapter().run()

"""A small adapter for the judge's own tests: plain HTTP, enough of a client that honest cases pass.

It is no model of a client. What it does not do (paging rules, retries, renewal) is the library's to do.
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
    """An error of this little client."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.reply = {"code": code, "message": f"{code}: see the details", "class": CLASSES[code], **details}


class Client:
    """One client: logs in at its first call."""

    def __init__(self, settings: dict[str, Any], told: Objects | None = None) -> None:
        if strange := settings.keys() - KNOWN_SETTINGS - SUITE_SETTINGS:
            raise Failure("config", setting=sorted(strange)[0], outcome="not_sent")
        self.settings = settings
        self.token = ""
        self.told = told
        self.counted = dict.fromkeys(("calls", "attempts", "retries", "logins", "bytes_sent", "bytes_received"), 0)

    def create(self, entity: str, record: dict[str, Any], **_: Any) -> Any:
        """The new id."""
        answer = self.request("POST", entity, "create", body=record)
        if "id" not in answer:
            raise Failure("unexpected_response", action="create", entity=entity)
        return answer["id"]

    def get(self, entity: str, id: Any, **_: Any) -> Any:  # noqa: A002 (the protocol's word)
        """The record."""
        return self.request("GET", entity, "get", {"id": id})

    def update(self, entity: str, id: Any, record: dict[str, Any], **_: Any) -> Any:  # noqa: A002
        """The id."""
        self.request("POST", entity, "update", body={**record, "id": id})
        return id

    def delete(self, entity: str, id: Any, **_: Any) -> Any:  # noqa: A002
        """The id."""
        self.request("POST", entity, "delete", body={"id": id})
        return id

    def pages(self, entity: str, **_: Any) -> list[Any]:
        """Every page, until an empty one."""
        size, offset, pages = self.settings.get("page_size", 100), 0, []
        while page := self.page(entity, size, offset):
            pages.append(page)
            offset += len(page)
        return pages

    def list(self, entity: str, take: int | None = None, **_: Any) -> Any:
        """Every record."""
        return [record for page in self.pages(entity) for record in page][:take]

    def page(self, entity: str, size: int, offset: int) -> Any:
        """One page of a list."""
        answer = self.request("GET", entity, "list", {"max": size, "offset": offset, "sort": "id", "order": "asc"})
        return answer if isinstance(answer, list) else next(each for each in answer.values() if isinstance(each, list))

    def create_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Each is created."""
        return self.bulk(inputs, lambda record: {"id": self.create(entity, record)}, **more)

    def get_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Each is read."""
        return self.bulk(inputs, lambda id: {"id": id, "record": self.get(entity, id)}, **more)  # noqa: A006

    def update_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Each is changed."""
        return self.bulk(inputs, lambda pair: {"id": self.update(entity, *pair)}, **more)

    def delete_many(self, entity: str, inputs: Sequence[Any], **more: Any) -> Any:
        """Each is deleted."""
        return self.bulk(inputs, lambda id: {"id": self.delete(entity, id)}, **more)  # noqa: A006

    def bulk(self, inputs: Sequence[Any], one: Callable[[Any], dict[str, Any]], **more: Any) -> Any:
        """One input after the other, its row, and the progress."""
        rows: Objects = []
        progress: Lists = []
        for index, each in enumerate(inputs[: more.get("stop_after")]):
            try:
                came = one(each)
            except Failure as failure:
                came = {"error": failure.reply}
            rows.append({"index": index, "input": each, **came})
            progress.append([len(rows), sum("error" in row for row in rows)])
        return {"rows": rows} if "stop_after" in more else {"rows": rows, "progress": progress}

    def stats(self) -> dict[str, int]:
        """What was counted."""
        return self.counted

    def events(self) -> Objects:
        """What was told; a mistake where nobody asked for it."""
        if self.told is None:
            raise ValueError("the client was opened without events")
        return self.told

    def request(self, method: str, entity: str, action: str, query: Any = None, body: Any = None) -> Any:
        """One HTTP request with a token, its answer as JSON."""
        self.token = self.token or self.login()
        path = f"/services/restapi/json/{quote(entity)}/{action}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        text = None
        if body is not None:
            text, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        status, answer = self.send(method, path, text, headers)
        self.counted["calls"] += 1
        self.counted["attempts"] += 1
        self.tell(action=action, entity=entity, status=status, code="not_found" if status == 404 else None)
        value = json.loads(answer) if answer else {}
        if status == 404:
            raise Failure("not_found", status=status, entity=entity, action=action, attempts=1)
        if isinstance(value, dict) and value.get("errors"):
            raise Failure("validation", status=status, entity=entity, action=action, errors=complaints(value["errors"]))
        if status >= 300:
            raise Failure("server", status=status, entity=entity, action=action, attempts=1)
        return value

    def login(self) -> str:
        """A token for the password."""
        names = ("client_id", "client_secret", "username", "password")
        form = {"grant_type": "password", **{name: self.settings[name] for name in names}}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        status, answer = self.send("POST", "/oauth/token", urlencode(form).encode(), headers)
        value = json.loads(answer)
        self.counted["logins"] += 1
        self.tell(action="login", status=status)
        if status != 200:
            raise Failure("auth", status=status, oauth_error=value.get("error"), outcome="not_sent")
        return str(value["access_token"])

    def tell(self, **event: Any) -> None:
        """An attempt has ended."""
        if self.told is not None:
            self.told.append({"attempt": 1, "elapsed": 0.0, "bytes": 0, **event})

    def send(self, method: str, path: str, text: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body."""
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


def complaints(errors: Any) -> list[dict[str, Any]]:
    """The elements of `errors`, each as the protocol names its parts."""
    names = {"field": "field", "message": "message", "rejected-value": "rejected_value", "object": "object"}
    return [{**{to: each.get(name) for name, to in names.items()}, "raw": each} for each in errors]


class Adapter:
    """Commands in, replies out. A bad adapter overrides what it does badly."""

    name = "reference"

    def __init__(self) -> None:
        self.clients: dict[str, Client] = {}

    def run(self) -> None:
        """Until standard input closes."""
        self.say({"hello": self.hello()})
        for line in sys.stdin:
            command = json.loads(line)
            self.say({"seq": command["seq"], **self.answer(command)})

    def hello(self) -> dict[str, Any]:
        """Who I am."""
        version = ".".join(map(str, sys.version_info[:3]))
        return {"adapter": self.name, "language": f"Python {version}", "version": "0", "protocol": 1, "codes": CLASSES}

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """The reply to one command."""
        try:
            return self.do(command)
        except Failure as failure:
            return {"error": failure.reply}
        except Exception as error:
            return {"crashed": repr(error)}

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry a command out."""
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
                return {"results": [self.answer({"do": "call", **call}) for call in command["calls"]]}
        return {"unknown": f"do {command['do']}"}

    def call(self, command: dict[str, Any]) -> dict[str, Any]:
        """One method of one client."""
        method = getattr(self.clients[command["client"]], command["method"], None)
        if method is None:
            return {"unknown": f"method {command['method']}"}
        return {"result": method(**command["args"])}

    def say(self, line: dict[str, Any]) -> None:
        """One line to the judge."""
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    Adapter().run()

"""Adapter of the suite for egito.Client, or with the argument `async` for egito.AsyncClient."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import islice
from typing import Any

import egito

with contextlib.suppress(ImportError):  # then lists are read with it
    import orjson  # noqa: F401

VALUES = (egito.FoundOrCreated, egito.Upserted, egito.OutboxEntry, egito.OutboxCounts, egito.Delivery)
SHORTCUTS = {"Account": "accounts", "Contact": "contacts", "Opportunity": "opportunities", "Lead": "leads"}
LIST_OPTIONS = ("filters", "sort", "order", "page_size", "limit", "start")
SCALARS = ("first", "exists", "total", "count")
DETAILS = (
    *("code", "message", "outcome", "status", "entity", "action", "id", "attempts", "elapsed", "category", "setting"),
    *("retry_after", "oauth_error", "oauth_description", "content_type", "body_start", "record", "limit"),
    *("cause", "retryable", "invalid_record"),
)
BULK_OPTIONS = ("concurrency", "max_failures", "outage_timeout", "cancel_grace", "key", "lookup", "journal")
OF_KEYS = ["change", "fields", "duplicates"]
"""What rows of bulks with a key have."""
BULKS = ("create_many", "get_many", "update_many", "delete_many", "upsert_many", "plan_upsert")
CALLS = {
    "create": ("record",),
    "get": ("id",),
    "update": ("id", "record"),
    "delete": ("id",),
    "ids": (),
    "deleted": ("ids",),
}
EVENTS: dict[str, list[egito.Event] | None] = {}


class Skipped(Exception):
    """A command that Python refuses before the library sees it."""


class Unknown(Exception):
    """A command that this adapter does not support."""


def entity(client: Any, args: dict[str, Any]) -> Any:
    """Returns the entity of a call."""
    name, with_response = args.pop("entity"), args.pop("with_response", False)
    found = getattr(client, SHORTCUTS[name]) if args.pop("shortcut", False) else client.entity(name)
    return found.with_response() if with_response else found


def record_list(client: Any, method: str, args: dict[str, Any]) -> tuple[Any, int | None]:
    """Returns the list of a call, and how many records or pages to read."""
    if method == "dictionary":
        return client.dictionary(args.pop("type")), None
    take = args.pop("take", None)
    options = {name: args.pop(name) for name in LIST_OPTIONS if name in args}
    with_response = args.pop("with_response", False)
    found = entity(client, args).list(**options)
    return found.with_response() if with_response else found, take


def changes(client: Any, args: dict[str, Any]) -> Any:
    """Returns the changes of a call."""
    options = {name: args.pop(name) for name in ("since", "by", "page_size", "filters") if name in args}
    if "lag_ms" in args:
        options["lag"] = args.pop("lag_ms") / 1000
    return finish(entity(client, args).changes(**options), args)


def bulk(client: Any, method: str, args: dict[str, Any]) -> tuple[Any, int | None, bool, list[list[int]]]:
    """Starts a bulk: an eager one with its progress, or a lazy one to read its first rows."""
    inputs, stop_after, progress = args.pop("inputs"), args.pop("stop_after", None), []
    rest = args.pop("rest", False)
    if method == "get_many" and "journal" in args:
        raise Skipped("get_many has no option `journal`, and Python refuses it as a keyword")
    options = bulk_options(args)
    if stop_after is None:
        options["progress"] = lambda so_far: progress.append(list(so_far))
    else:
        method = f"stream_{method}"
    started = getattr(entity(client, args), method)(inputs, **options)
    return finish(started, args), stop_after, rest, progress


def bulk_options(args: dict[str, Any]) -> dict[str, Any]:
    """Returns the options of a bulk."""
    options: dict[str, Any] = {name: args.pop(name) for name in BULK_OPTIONS if name in args}
    return options | ({"settle": args.pop("settle_ms") / 1000} if "settle_ms" in args else {})


def upsert_to_plan(client: Any, args: dict[str, Any]) -> tuple[Any, Any, Any, dict[str, Any], list[list[int]]]:
    """Returns the entity of a plan, that to which it is applied, the inputs and options of both, and the progress."""
    inputs, options, progress = args.pop("inputs"), bulk_options(args), []
    apply_to = args.pop("apply_to", None)
    of = finish(entity(client, args), args)
    return of, of if apply_to is None else client.entity(apply_to), inputs, options, progress


def ended_bulk(client: Any, method: str, args: dict[str, Any]) -> tuple[Any, int, int]:
    """Starts a lazy bulk. Returns also after how many rows it is cancelled, and its client closed."""
    cancel_after, close_after = args.pop("cancel_after", -1), args.pop("close_after", -1)
    rows, *_ = bulk(client, method, {**args, "stop_after": -1})
    return rows, cancel_after, close_after


def row(each: egito.BulkRow[Any], *more: str) -> dict[str, Any]:
    """Returns a row as the judge reads it, with more of its parts."""
    error = {"error": None} if each.error is None else failure(each.error)
    return {name: getattr(each, name) for name in ("index", "input", "id", "record", *more)} | error


def parts_of_rows(args: dict[str, Any]) -> list[str]:
    """Returns which parts the rows of a bulk have in addition."""
    return [*(OF_KEYS if "key" in args else ()), *(["resumed"] if "journal" in args else ())]


def report(rows: list[Any], more: list[str], progress: list[list[int]] | None) -> dict[str, Any]:
    """Returns the result of a bulk as the judge reads it."""
    report: dict[str, Any] = {"rows": [row(each, *more) for each in rows]}
    return report if progress is None else report | {"progress": progress}


def applied(plan: list[Any], rows: list[Any], progress: list[list[int]]) -> dict[str, Any]:
    """Returns the report of a plan that was applied. The input of a row is that of the plan."""
    rows = [dataclasses.replace(each, input=each.input.input) for each in rows]
    return {"plan": report(plan, OF_KEYS, None)["rows"], **report(rows, OF_KEYS, progress)}


STEPS = {
    "put": ("entity", "record", "key"),
    "put_upsert": ("entity", "record", "key"),
    "put_update": ("entity", "id", "record"),
    "put_delete": ("entity", "id"),
    "get": ("id",),
    "retry": ("id",),
    "edit": ("id", "record"),
    "discard": ("id",),
    "deliver": (),
    "entries": (),
    "counts": (),
}
"""What the steps of an outbox pass by position. The rest are options."""


def outbox_step(outbox: Any, step: dict[str, Any]) -> Any:
    """Begins one step of an outbox."""
    name = step.pop("do")
    values = [step.pop(argument) for argument in STEPS[name]]
    return getattr(outbox, name)(*values, **step)


def delete_all(client: Any, args: dict[str, Any]) -> list[Any]:
    """Reads a list, and deletes each record before the next one is read."""
    deleted = []
    of = entity(client, {"entity": args["entity"]})
    for record in record_list(client, "list", args)[0]:
        of.delete(record["id"])
        deleted.append(record)
    return deleted


async def delete_all_async(client: Any, args: dict[str, Any]) -> list[Any]:
    """The same for asyncio."""
    deleted = []
    of = entity(client, {"entity": args["entity"]})
    async for record in record_list(client, "list", args)[0]:
        await of.delete(record["id"])
        deleted.append(record)
    return deleted


class Sync:
    """Calls egito.Client; parallel calls run in threads."""

    name = "python"

    def open(self, settings: dict[str, Any], **options: Any) -> Any:
        """Creates a client."""
        return egito.Client(**settings, **options)

    def close(self, client: Any) -> None:
        """Closes a client."""
        client.close()

    def calls(self, calls: list[tuple[Any, str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """Makes several calls at the same time."""
        if len(calls) == 1:
            return [reply(self.call, *calls[0])]
        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(lambda call: reply(self.call, *call), calls))

    def call(self, client: Any, method: str, args: dict[str, Any]) -> Any:
        """Makes one call."""
        if "cancel_after" in args or "close_after" in args:
            return self.ended(client, *ended_bulk(client, method, args))
        if args.pop("apply", False):
            return self.plan_and_apply(client, args)
        if method in BULKS:
            more = parts_of_rows(args)
            rows, stop_after, rest, progress = bulk(client, method, args)
            read = list(islice(rows, stop_after))
            return report(read + rows.rest() if rest else read, more, progress if stop_after is None else None)
        if method in SCALARS:
            return finish(getattr(record_list(client, method, args)[0], method)(), args)
        if method in ("changes", "outbox"):
            return getattr(self, method)(client, args)
        if method in ("list", "pages", "dictionary"):
            if args.pop("delete", False):
                return delete_all(client, args)
            records, take = record_list(client, method, args)
            return list(islice(records.pages() if method == "pages" else records, take))
        return finish(begin(client, method, args), args)

    def plan_and_apply(self, client: Any, args: dict[str, Any]) -> Any:
        """Plans an upsert, and applies the plan."""
        of, to, inputs, options, progress = upsert_to_plan(client, args)
        plan = of.plan_upsert(inputs, **options)
        rows = to.apply_upsert(plan, **options, progress=lambda so_far: progress.append(list(so_far)))
        return applied(plan, rows, progress)

    def changes(self, client: Any, args: dict[str, Any]) -> Any:
        """Reads changes to their end."""
        changed = changes(client, args)
        return {"records": list(changed), "mark": changed.mark}

    def outbox(self, client: Any, args: dict[str, Any]) -> Any:
        """Does the steps of an outbox."""
        with client.outbox(args["path"]) as outbox:
            return [step_result(reply(outbox_step, outbox, step)) for step in args["steps"]]

    def ended(self, client: Any, rows: Any, cancel_after: int, close_after: int) -> Any:
        """Reads the rows of a bulk that is cancelled, or whose client is closed, and the code of its last error."""
        read: list[Any] = []
        try:
            while True:
                if len(read) == cancel_after:
                    rows.cancel()
                if len(read) == close_after:
                    client.close()
                read.append(row(next(rows)))
        except (StopIteration, egito.CancelledError) as end:
            return {"rows": read, "ended": getattr(end, "code", None)}


class Async:
    """Calls egito.AsyncClient; parallel calls are tasks of one event loop."""

    name = "python-async"

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def open(self, settings: dict[str, Any], **options: Any) -> Any:
        """Creates a client."""
        return egito.AsyncClient(**settings, **options)

    def close(self, client: Any) -> None:
        """Closes a client."""
        self.loop.run_until_complete(client.close())

    def calls(self, calls: list[tuple[Any, str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """Makes several calls at the same time."""

        async def together() -> list[dict[str, Any]]:
            results = await asyncio.gather(*(self.call(*call) for call in calls), return_exceptions=True)
            return [failure(each) if isinstance(each, BaseException) else {"result": each} for each in results]

        return self.loop.run_until_complete(together())

    async def call(self, client: Any, method: str, args: dict[str, Any]) -> Any:
        """Makes one call."""
        if "cancel_after" in args or "close_after" in args:
            return await self.ended(client, *ended_bulk(client, method, args))
        if args.pop("apply", False):
            return await self.plan_and_apply(client, args)
        if method in BULKS:
            more = parts_of_rows(args)
            rows, stop_after, rest, progress = bulk(client, method, args)
            if stop_after is None:
                return report(await rows, more, progress)
            read = await first(rows, stop_after)
            return report(read + await rows.rest() if rest else read, more, None)
        if method in SCALARS:
            return await finish(getattr(record_list(client, method, args)[0], method)(), args)
        if method in ("changes", "outbox"):
            return await getattr(self, method)(client, args)
        if method == "stats":
            return finish(begin(client, method, args), args)
        if method not in ("list", "pages", "dictionary"):
            return await finish(begin(client, method, args), args)
        if args.pop("delete", False):
            return await delete_all_async(client, args)
        records, take = record_list(client, method, args)
        return await first(records.pages() if method == "pages" else records, take)

    async def plan_and_apply(self, client: Any, args: dict[str, Any]) -> Any:
        """The same as `Sync.plan_and_apply`."""
        of, to, inputs, options, progress = upsert_to_plan(client, args)
        plan = await of.plan_upsert(inputs, **options)
        rows = await to.apply_upsert(plan, **options, progress=lambda so_far: progress.append(list(so_far)))
        return applied(plan, rows, progress)

    async def changes(self, client: Any, args: dict[str, Any]) -> Any:
        """The same as `Sync.changes`."""
        changed = changes(client, args)
        return {"records": await first(changed, None), "mark": changed.mark}

    async def outbox(self, client: Any, args: dict[str, Any]) -> Any:
        """The same as `Sync.outbox`."""
        async with client.outbox(args["path"]) as outbox:
            return [step_result(await reply_async(outbox_step(outbox, step))) for step in args["steps"]]

    async def ended(self, client: Any, rows: Any, cancel_after: int, close_after: int) -> Any:
        """The same as `Sync.ended`."""
        read: list[Any] = []
        try:
            while True:
                if len(read) == cancel_after:
                    rows.cancel()
                if len(read) == close_after:
                    await client.close()
                read.append(row(await anext(rows)))
        except (StopAsyncIteration, egito.CancelledError) as end:
            return {"rows": read, "ended": getattr(end, "code", None)}


async def first(iterator: Any, take: int | None) -> list[Any]:
    """Reads the first items of an iterator; None means all."""
    read: list[Any] = []
    async for each in iterator:
        read.append(each)
        if len(read) == take:
            break
    return read


def begin(client: Any, method: str, args: dict[str, Any]) -> Any:
    """Makes a call that returns no list. Returns its result, or an awaitable of it."""
    if method in CALLS:
        values = [args.pop(name) for name in CALLS[method]]
        return getattr(entity(client, args), method)(*values)
    match method:
        case "panic":
            return client._native.panic_for_tests()
        case "stats":
            return dataclasses.asdict(client.stats())
        case "create_once" | "upsert":
            options = {name: args.pop(name) for name in ("key", "lookup") if name in args}
            if "settle_ms" in args:
                options["settle"] = args.pop("settle_ms") / 1000
            return getattr(entity(client, args), method)(args.pop("record"), **options)
        case "call":
            options = {"method": args.pop("method")} if "method" in args else {}
            return entity(client, args).call(args.pop("action"), args.pop("params", None), **options)
    raise Unknown(f"method {method}")


def finish(result: Any, args: dict[str, Any]) -> Any:
    """Returns the result, if every argument was used."""
    if args:
        raise Unknown(f"argument {', '.join(args)}")
    return result


def reply(play: Any, *args: Any) -> dict[str, Any]:
    """Returns the result of a call as the judge reads it."""
    try:
        return {"result": play(*args)}
    except Exception as error:
        return failure(error)


async def reply_async(call: Any) -> dict[str, Any]:
    """The same for asyncio."""
    try:
        return {"result": await call}
    except Exception as error:
        return failure(error)


def step_result(reply: dict[str, Any]) -> Any:
    """Returns the result of a step, or its error."""
    return reply.get("result", reply)


def failure(error: BaseException) -> dict[str, Any]:
    """Returns an error as the judge reads it."""
    match error:
        case egito.EgitoError():
            details = {name: getattr(error, name) for name in DETAILS}
            errors = [dataclasses.asdict(each) for each in error.errors]
            return {"error": {**details, "errors": errors, "class": type(error).__name__}}
        case Unknown():
            return {"unknown": str(error)}
        case Skipped():
            return {"skipped": str(error)}
    return {"crashed": f"{type(error).__name__}: {error}"}


def number(digits: str) -> float | Decimal:
    """Returns a float if it has exactly these digits, or else a Decimal."""
    return as_float if repr(as_float := float(digits)) == digits else Decimal(digits)


def respond(player: Sync | Async, clients: dict[str, Any], command: dict[str, Any]) -> dict[str, Any]:
    """Returns the response to one command."""
    match command:
        case {"do": "open", "client": name, "settings": settings}:
            seen = EVENTS[name] = [] if command.get("events") else None
            options = {} if seen is None else {"on_event": seen.append}
            return reply(lambda: clients.update({name: player.open(settings, **options)}))
        case {"do": "call", "client": name, "method": "events", "args": {}}:
            return {"result": [dataclasses.asdict(each) for each in EVENTS[name] or ()]}
        case {"do": "close", "client": name}:
            return reply(player.close, clients[name])
        case {"do": "call", "client": name, "method": method, "args": args}:
            return player.calls([(clients[name], method, args)])[0]
        case {"do": "parallel", "calls": calls}:
            return {"results": player.calls([(clients[one["client"]], one["method"], one["args"]) for one in calls])}
    return {"unknown": f"do {command.get('do')}"}


def plain(value: Any) -> Any:
    """Converts a value without a JSON type."""
    if isinstance(value, VALUES):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, egito.EgitoError):
        return failure(value)["error"]
    if not isinstance(value, egito.Response):
        return str(value)
    values = {name: value.headers.get_all(name) for name in value.headers}
    return {name: getattr(value, name) for name in value.__slots__} | {"headers": values}


def say(line: dict[str, Any]) -> None:
    """Writes one line to the judge."""
    print(json.dumps(line, default=plain), flush=True)


def main() -> None:
    """Responds to the judge until it closes the pipe."""
    player = Async() if sys.argv[1:] == ["async"] else Sync()
    clients: dict[str, Any] = {}
    codes = {each.code: each.__name__ for each in egito.EgitoError.__subclasses__()}
    about = {"adapter": player.name, "language": f"Python {platform.python_version()}", "version": egito.__version__}
    say({"hello": {**about, "protocol": 1, "codes": codes}})
    for line in sys.stdin:
        command = json.loads(line, parse_float=number)
        say({"seq": command["seq"], **respond(player, clients, command)})


if __name__ == "__main__":
    main()

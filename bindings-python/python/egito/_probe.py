"""The report of a probe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class ProbeCheck:
    """One check of a `ProbeReport`."""

    name: str
    """Stable name, such as `list_offset`."""
    entity: str | None
    """The entity that was checked, if the check is about one."""
    status: Literal["ok", "skipped", "unknown", "warning", "problem"]
    """Result: `ok`; `skipped`, the message says why; `unknown`, the server does not show it; `warning`, it works with a
    restriction; `problem`, it does not work."""
    message: str
    """The observation."""
    advice: str | None
    """What to do about it."""
    mark: str
    """Mark in the wire contract: `A` if the check is about an assumption; empty otherwise."""


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """The result of `Client.probe`. It contains no secrets and no data of the customer.

    Example:
        report = client.probe()
        print(report.to_text() if report.is_ok else report.to_json())
    """

    version: str
    """Version of this library."""
    checks: tuple[ProbeCheck, ...]
    """The checks."""
    settings: dict[str, Any]
    """The settings that this server needs and whose defaults differ, by name."""
    facts: dict[str, Any]
    """Observations, such as `list_form` and `page_cap`, by name."""
    requests: int
    """Number of requests that were sent, logins included."""
    elapsed: float
    """Duration of the probe in seconds."""
    is_ok: bool
    """Whether no check found a problem."""
    snippets: dict[str, str]
    """The settings for this server in each form: `toml`, `env` (environment variables), and code that creates a client
    in `python`, `node`, `rust` and other languages."""
    _json: dict[str, Any] = field(repr=False, compare=False)
    _text: str = field(repr=False, compare=False)
    _toml: str = field(repr=False, compare=False)

    def check(self, name: str) -> ProbeCheck | None:
        """Returns the first check with this name.

        Example:
            offset = client.probe().check("list_offset")
        """
        return next((check for check in self.checks if check.name == name), None)

    def to_text(self) -> str:
        """Returns the report as text for people.

        Example:
            print(client.probe().to_text())
        """
        return self._text

    def to_toml(self) -> str:
        """Returns the settings for this server as a TOML file, for `Client.from_file`.

        It has no address and no credentials.

        Example:
            print(client.probe().to_toml())
        """
        return self._toml

    def to_json(self) -> str:
        """Returns the report as one JSON object.

        Example:
            print(client.probe().to_json())
        """
        import json

        return json.dumps(self._json, ensure_ascii=False)


def probe_options(entities: object, write: object, record: object, timeout: object) -> dict[str, object]:
    """Returns the options that were given."""
    given = {"entities": entities, "write": write, "record": record, "timeout": timeout}
    return {name: value for name, value in given.items() if value is not None}


def probe_report(result: dict[str, Any]) -> ProbeReport:
    """Converts the report of the core."""
    texts = {f"_{name}": result.pop(name) for name in ("text", "toml")}
    is_ok, snippets = result.pop("is_ok"), result.pop("snippets")
    checks = tuple(ProbeCheck(**check) for check in result["checks"])
    return ProbeReport(**{**result, "checks": checks}, is_ok=is_ok, snippets=snippets, _json=result, **texts)

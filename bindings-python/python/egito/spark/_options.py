"""Options of a read or write: strings, whose names Spark has converted to lower case."""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from egito._egito import settings_from_env
from egito._errors import ConfigError
from egito._generated.settings import Settings
from egito.spark._spelling import squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_CREATE = (
    "Spark may run a task twice, and a plain create would then create its records twice; "
    'set `operation` to "upsert" or "create_once", and `key` to the field that identifies a record'
)
NO_STREAM = (
    "the format cannot write streams; write each batch with `foreachBatch`: "
    'frame.write.format("egito").mode("append")…save("Account")'
)


@dataclass
class Options:
    """Options of the data source. The settings of the client include those of the driver's environment."""

    entity: str = ""
    num_partitions: int = 4
    filters: dict[str, Any] = field(default_factory=dict)
    sample_size: int = 1000
    push_filters: bool = False
    since: str | None = None
    by: str = "lastUpdated"
    lag: float = 300.0
    operation: str = "create"
    key: str = ""
    lookup: str = "filter"
    settle: float = 10.0
    concurrency: int = 8
    nan: str = "error"
    nulls: str = "send"
    settings: dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, given: Mapping[str, str]) -> Options:
        """Returns the options, or raises ConfigError for one that is unknown or invalid."""
        own = {each.name: str(each.type) for each in fields(cls) if each.name != "settings"}
        settings = {"name": "str"} | {name: _annotation(kind) for name, kind in Settings.__annotations__.items()}
        names = {squeezed(name): name for name in (*own, *settings)} | {"path": "entity"}
        options = cls()
        if "checkpointlocation" in map(squeezed, given):  # of `writeStream`
            raise no_stream()
        for name, text in given.items():
            known = names.get(squeezed(name))
            if known is None:
                raise _unknown(name, names)
            if known in own:
                setattr(options, known, _typed(_documented(known), own[known], text))
            else:
                options.settings[known] = _typed(known, settings[known], text)
        options.settings = settings_from_env(options.settings)
        if not options.entity:
            raise _invalid("entity", 'the name of an entity, such as .load("Account")', "")
        if not 1 <= options.num_partitions <= 1000:
            raise _invalid("numPartitions", "a number from 1 to 1000", str(options.num_partitions))
        if options.sample_size < 2:
            raise _invalid("sampleSize", "a number of records, at least 2", str(options.sample_size))
        return options

    def check_write(self) -> None:
        """Raises ConfigError if a task that runs twice would create records twice."""
        if self.operation == "create":
            raise ConfigError(f"invalid `operation`: {NO_CREATE}", setting="operation", outcome="not_sent")
        if self.operation not in ("upsert", "create_once"):
            raise _invalid("operation", '"upsert" or "create_once"', self.operation)
        if self.nulls not in ("send", "omit"):
            raise _invalid("nulls", '"send" or "omit"', self.nulls)
        if not self.keys:
            raise _invalid("key", "the field that identifies a record, or several, separated by commas", self.key)

    @property
    def keys(self) -> list[str]:
        """The fields that identify a record."""
        return [name.strip() for name in self.key.split(",") if name.strip()]


def no_stream() -> ConfigError:
    """Returns the error of a stream that is written."""
    return ConfigError(NO_STREAM, setting="format", outcome="not_sent")


def _documented(name: str) -> str:
    """Returns the name of an option in the guide: those of the data source are in camelCase, as Spark's own."""
    return {"num_partitions": "numPartitions", "sample_size": "sampleSize", "push_filters": "pushFilters"}.get(
        name, name
    )


def _annotation(kind: Any) -> str:
    return str(getattr(kind, "__forward_arg__", kind))


def _typed(name: str, kind: str, text: str) -> Any:
    """Returns the value of an option."""
    try:
        if kind.startswith("int"):
            return int(text)
        if kind.startswith("float"):
            return float(text)
        if kind.startswith("bool"):
            return {"true": True, "false": False}[text.lower()]
        if kind.startswith(("dict", "Mapping")):
            return _object(text)
    except (KeyError, ValueError):
        expected = {"i": "a whole number", "f": "a number", "b": '"true" or "false"'}.get(kind[0], "a JSON object")
        raise _invalid(name, expected, text) from None
    return text


def _object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(text)  # noqa: TRY004 - the caller reports it
    return value


def _unknown(name: str, names: Mapping[str, str]) -> ConfigError:
    close = difflib.get_close_matches(squeezed(name), names, 1)
    hint = f": did you mean `{_documented(names[close[0]])}`?" if close else ""
    return ConfigError(f"unknown option `{name}`{hint}", setting=name, outcome="not_sent")


def _invalid(name: str, expected: str, text: str) -> ConfigError:
    message = f'invalid `{name}`: expected {expected}, got the string "{text}"'
    return ConfigError(message, setting=name, outcome="not_sent")

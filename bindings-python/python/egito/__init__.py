"""Client for the Egito CRM.

    with egito.Client.from_env() as client:
        id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        for account in client.accounts.list(city="Kraków"):
            print(account["name"])

`AsyncClient` has the same methods for asyncio. Every error is an `EgitoError`.
"""

from __future__ import annotations

from egito._egito import __version__
from egito._generated.error_classes import (
    AuthError,
    CancelledError,
    ConfigError,
    ConnectionError,
    EgitoError,
    InternalError,
    NotFoundError,
    OutcomeUnknownError,
    PaginationError,
    PermissionError,
    RateLimitedError,
    ServerError,
    TimeoutError,
    TlsError,
    UnexpectedResponseError,
    ValidationError,
)
from egito._sync.client import Client
from egito._sync.entity import Entity
from egito._sync.record_list import RecordList
from egito._typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

    from egito._arrow.tables import ArrowBatch, ArrowBatches, ArrowTable
    from egito._arrow.text_columns import ColumnTypeWarning
    from egito._async.client import AsyncClient
    from egito._async.entity import AsyncEntity
    from egito._async.outbox import AsyncOutbox
    from egito._async.record_changes import AsyncRecordChanges
    from egito._async.record_list import AsyncRecordList
    from egito._async.with_response import AsyncEntityWithResponse, AsyncRecordListWithResponse
    from egito._bulk.asynchronous import AsyncBulkRows
    from egito._bulk.blocking import BulkRows
    from egito._bulk.rows import BulkRow, Progress
    from egito._events import Event, Stats
    from egito._field_error import FieldError
    from egito._found_or_created import FoundOrCreated
    from egito._generated.settings import CallOptions, Settings
    from egito._outbox_values import Delivery, OutboxCounts, OutboxEntry
    from egito._probe import ProbeCheck, ProbeReport
    from egito._response import Headers, Response
    from egito._sync.outbox import Outbox
    from egito._sync.record_changes import RecordChanges
    from egito._sync.with_response import EntityWithResponse, RecordListWithResponse
    from egito._types import Record, RecordId, RecordInput
    from egito._upserted import Upserted

__all__ = [
    "ArrowBatch",
    "ArrowBatches",
    "ArrowTable",
    "AsyncBulkRows",
    "AsyncClient",
    "AsyncEntity",
    "AsyncEntityWithResponse",
    "AsyncOutbox",
    "AsyncRecordChanges",
    "AsyncRecordList",
    "AsyncRecordListWithResponse",
    "AuthError",
    "BulkRow",
    "BulkRows",
    "CallOptions",
    "CancelledError",
    "Client",
    "ColumnTypeWarning",
    "ConfigError",
    "ConnectionError",
    "Delivery",
    "EgitoError",
    "Entity",
    "EntityWithResponse",
    "Event",
    "FieldError",
    "FoundOrCreated",
    "Headers",
    "InternalError",
    "NotFoundError",
    "Outbox",
    "OutboxCounts",
    "OutboxEntry",
    "OutcomeUnknownError",
    "PaginationError",
    "PermissionError",
    "ProbeCheck",
    "ProbeReport",
    "Progress",
    "RateLimitedError",
    "Record",
    "RecordChanges",
    "RecordId",
    "RecordInput",
    "RecordList",
    "RecordListWithResponse",
    "Response",
    "ServerError",
    "Settings",
    "Stats",
    "TimeoutError",
    "TlsError",
    "UnexpectedResponseError",
    "Upserted",
    "ValidationError",
    "__version__",
]

# Imported on first use, because their imports (dataclasses, asyncio) take longer than all the rest.
_LAZY = {
    "ArrowBatch": "egito._arrow.tables",
    "ArrowBatches": "egito._arrow.tables",
    "ArrowTable": "egito._arrow.tables",
    "AsyncBulkRows": "egito._bulk.asynchronous",
    "AsyncClient": "egito._async.client",
    "AsyncEntity": "egito._async.entity",
    "AsyncEntityWithResponse": "egito._async.with_response",
    "AsyncOutbox": "egito._async.outbox",
    "AsyncRecordChanges": "egito._async.record_changes",
    "AsyncRecordList": "egito._async.record_list",
    "AsyncRecordListWithResponse": "egito._async.with_response",
    "BulkRow": "egito._bulk.rows",
    "BulkRows": "egito._bulk.blocking",
    "CallOptions": "egito._generated.settings",
    "ColumnTypeWarning": "egito._arrow.text_columns",
    "Delivery": "egito._outbox_values",
    "EntityWithResponse": "egito._sync.with_response",
    "Event": "egito._events",
    "FieldError": "egito._field_error",
    "FoundOrCreated": "egito._found_or_created",
    "Headers": "egito._response",
    "Outbox": "egito._sync.outbox",
    "OutboxCounts": "egito._outbox_values",
    "OutboxEntry": "egito._outbox_values",
    "ProbeCheck": "egito._probe",
    "ProbeReport": "egito._probe",
    "Progress": "egito._bulk.rows",
    "Record": "egito._types",
    "RecordChanges": "egito._sync.record_changes",
    "RecordId": "egito._types",
    "RecordInput": "egito._types",
    "RecordListWithResponse": "egito._sync.with_response",
    "Response": "egito._response",
    "Settings": "egito._generated.settings",
    "Stats": "egito._events",
    "Upserted": "egito._upserted",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    public = globals()[name] = _with_public_module(getattr(import_module(_LAZY[name]), name))
    return public


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})


def _with_public_module(public: Any) -> Any:
    """Sets `__module__` of a class to the module that users import it from: for tracebacks, pickles and help()."""
    if isinstance(public, type) and public.__module__.startswith("egito."):
        public.__module__ = __name__
    return public


for _public in list(globals().values()):
    _with_public_module(_public)

"""Client for the Egito CRM.

    with egito.Client.from_env() as client:
        id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        for account in client.accounts.list(city="Kraków"):
            print(account["name"])

`AsyncClient` is the same with `await`, `async with` and `async for`. Every failure is an `EgitoError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from egito._client import Client
from egito._egito import __version__
from egito._entity import Entity
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
from egito._record_list import RecordList

if TYPE_CHECKING:
    from egito._arrow import ArrowBatch, ArrowBatches, ArrowTable
    from egito._async_bulk import AsyncBulkRows
    from egito._async_client import AsyncClient
    from egito._async_entity import AsyncEntity
    from egito._async_record_list import AsyncRecordList
    from egito._async_with_response import AsyncEntityWithResponse, AsyncRecordListWithResponse
    from egito._bulk import BulkRow, BulkRows, Progress
    from egito._events import Event, Stats
    from egito._field_error import FieldError
    from egito._generated.settings import CallOptions, Settings
    from egito._response import Headers, Response
    from egito._text_columns import ColumnTypeWarning
    from egito._types import Record, RecordId, RecordInput
    from egito._with_response import EntityWithResponse, RecordListWithResponse

__all__ = [
    "ArrowBatch",
    "ArrowBatches",
    "ArrowTable",
    "AsyncBulkRows",
    "AsyncClient",
    "AsyncEntity",
    "AsyncEntityWithResponse",
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
    "EgitoError",
    "Entity",
    "EntityWithResponse",
    "Event",
    "FieldError",
    "Headers",
    "InternalError",
    "NotFoundError",
    "OutcomeUnknownError",
    "PaginationError",
    "PermissionError",
    "Progress",
    "RateLimitedError",
    "Record",
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
    "ValidationError",
    "__version__",
]

# Imported when first asked for, because what they need (dataclasses, asyncio) takes longer than all the rest.
_LATER = {
    "Settings": "egito._generated.settings",
    "RecordInput": "egito._types",
    "RecordId": "egito._types",
    "Record": "egito._types",
    "CallOptions": "egito._generated.settings",
    "ArrowBatch": "egito._arrow",
    "ArrowBatches": "egito._arrow",
    "ArrowTable": "egito._arrow",
    "AsyncBulkRows": "egito._async_bulk",
    "AsyncClient": "egito._async_client",
    "AsyncEntity": "egito._async_entity",
    "AsyncEntityWithResponse": "egito._async_with_response",
    "AsyncRecordList": "egito._async_record_list",
    "AsyncRecordListWithResponse": "egito._async_with_response",
    "BulkRow": "egito._bulk",
    "BulkRows": "egito._bulk",
    "ColumnTypeWarning": "egito._text_columns",
    "EntityWithResponse": "egito._with_response",
    "Event": "egito._events",
    "FieldError": "egito._field_error",
    "Headers": "egito._response",
    "Progress": "egito._bulk",
    "RecordListWithResponse": "egito._with_response",
    "Response": "egito._response",
    "Stats": "egito._events",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    public = globals()[name] = _named_as_users_do(getattr(import_module(_LATER[name]), name))
    return public


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})


def _named_as_users_do(public: Any) -> Any:
    """Tracebacks, pickles and documentation name a class as it is imported."""
    if isinstance(public, type) and public.__module__.startswith("egito."):
        public.__module__ = __name__
    return public


for _public in list(globals().values()):
    _named_as_users_do(_public)

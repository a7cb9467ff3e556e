"""Client for the Egito CRM.

    with egito.Client.from_env() as client:
        id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        for account in client.accounts.list(city="Kraków"):
            print(account["name"])

`AsyncClient` is the same with `await`, `async with` and `async for`. Every failure is an `EgitoError`.
"""

from egito._arrow import ArrowTable
from egito._async_client import AsyncClient
from egito._async_entity import AsyncEntity
from egito._async_record_list import AsyncRecordList
from egito._bulk import BulkRow, Progress
from egito._client import Client
from egito._egito import __version__
from egito._entity import Entity
from egito._errors import (
    AuthError,
    CancelledError,
    ConfigError,
    ConnectionError,
    EgitoError,
    FieldError,
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
from egito._events import Event, Stats
from egito._record_list import RecordList
from egito._types import CallOptions, Record, RecordId, RecordInput, Settings

__all__ = [
    "ArrowTable",
    "AsyncClient",
    "AsyncEntity",
    "AsyncRecordList",
    "AuthError",
    "BulkRow",
    "CallOptions",
    "CancelledError",
    "Client",
    "ConfigError",
    "ConnectionError",
    "EgitoError",
    "Entity",
    "Event",
    "FieldError",
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
    "ServerError",
    "Settings",
    "Stats",
    "TimeoutError",
    "TlsError",
    "UnexpectedResponseError",
    "ValidationError",
    "__version__",
]


def _name_as_users_do() -> None:
    """Tracebacks, pickles and documentation name a class as it is imported."""
    for name in __all__:
        public = globals()[name]
        if isinstance(public, type) and public.__module__.startswith("egito."):
            public.__module__ = __name__


_name_as_users_do()

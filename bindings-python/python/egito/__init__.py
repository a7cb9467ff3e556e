"""Client for the Egito CRM.

    with egito.Client.from_env() as client:
        id = client.accounts.create({"name": "Żubr sp. z o.o.", "city": "Kraków"})
        for account in client.accounts.list(city="Kraków"):
            print(account["name"])

`AsyncClient` is the same with `await`, `async with` and `async for`. Every failure is an `EgitoError`.
"""

from egito._async_entity import AsyncEntity
from egito._bulk import BulkRow, Progress
from egito._client import AsyncClient, Client
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
from egito._record_list import AsyncRecordList, RecordList
from egito._types import Record, RecordId, Settings

__all__ = [
    "AsyncClient",
    "AsyncEntity",
    "AsyncRecordList",
    "AuthError",
    "BulkRow",
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

# Tracebacks, pickles and documentation name classes as users do.
for _name in __all__:
    if getattr(_public := globals()[_name], "__module__", "").startswith("egito."):
        _public.__module__ = __name__
del _name, _public

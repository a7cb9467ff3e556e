"""The core's error table: the one place where the judge knows which codes exist."""

CODES = (
    "config",
    "auth",
    "permission",
    "not_found",
    "validation",
    "rate_limited",
    "server",
    "unexpected_response",
    "connection",
    "tls",
    "timeout",
    "outcome_unknown",
    "pagination",
    "cancelled",
    "internal",
)

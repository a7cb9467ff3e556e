"""The error codes, written by hand as a second opinion on the table of the core."""

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

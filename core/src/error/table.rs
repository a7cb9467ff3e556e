//! The error table: every code once, as data. Each language's classes are checked against it.

use serde::{Deserialize, Serialize};

/// What went wrong, as a stable word (`as_str`) and a stable number (`as u8`, used by the C API).
///
/// ```
/// use egito::Code;
///
/// assert_eq!((Code::NotFound.as_str(), Code::NotFound as u8), ("not_found", 4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[repr(u8)]
pub enum Code {
    /// A setting or argument is missing, unknown or wrong; nothing was sent.
    Config = 1,
    /// The login was refused, or new tokens were refused as well.
    Auth = 2,
    /// The user lacks a right (403, `access_denied`, `insufficient_scope`).
    Permission = 3,
    /// There is no such record.
    NotFound = 4,
    /// The server answered with `errors`.
    Validation = 5,
    /// 429 after the last attempt.
    RateLimited = 6,
    /// 5xx after the last attempt.
    Server = 7,
    /// A redirect, HTML, broken JSON, no id, too large: not an answer of the API.
    UnexpectedResponse = 8,
    /// No connection, or it broke.
    Connection = 9,
    /// The server's certificate was refused.
    Tls = 10,
    /// Too slow.
    Timeout = 11,
    /// A `create` or other call that may have been done: its answer was lost or unreadable, a 5xx or a redirect, or it was cancelled
    /// after it was sent. What was met stands in the message, the status and the cause.
    OutcomeUnknown = 12,
    /// The list cannot be read completely.
    Pagination = 13,
    /// The caller gave up.
    Cancelled = 14,
    /// A bug in the library: a panic caught at the border.
    Internal = 15,
}

/// One row of the error table.
///
/// ```
/// let info = egito::Code::RateLimited.info();
/// assert_eq!((info.name, info.carries), ("rate_limited", &["retry_after"][..]));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CodeInfo {
    /// The code itself.
    pub code: Code,
    /// Its stable word, e.g. `not_found`.
    pub name: &'static str,
    /// Name of its class in Python and Node.js, e.g. `NotFoundError`.
    pub class: &'static str,
    /// When it occurs, in a few words.
    pub when: &'static str,
    /// Which of [`Details`](crate::Details)'s fields it carries beyond those of every error.
    pub carries: &'static [&'static str],
}

/// The error table, in the order of the numbers.
///
/// ```
/// for info in egito::CODES {
///     println!("{}: {}", info.name, info.when);
/// }
/// ```
#[rustfmt::skip]
pub const CODES: &[CodeInfo] = &[
    row(Code::Config, "config", "ConfigError", "a setting or argument is missing, unknown or wrong; nothing was sent", &["setting"]),
    row(Code::Auth, "auth", "AuthError", "login refused, or a call whose new tokens were refused", &["oauth_error", "oauth_description"]),
    row(Code::Permission, "permission", "PermissionError", "403: the user or the integration lacks a right", &["category", "errors", "oauth_error", "oauth_description"]),
    row(Code::NotFound, "not_found", "NotFoundError", "404, or an empty answer to get", &["id", "errors"]),
    row(Code::Validation, "validation", "ValidationError", "the answer has errors", &["errors"]),
    row(Code::RateLimited, "rate_limited", "RateLimitedError", "429 after the last attempt", &["retry_after"]),
    row(Code::Server, "server", "ServerError", "5xx after the last attempt (never for a create that may have been done)", &["body_start"]),
    row(Code::UnexpectedResponse, "unexpected_response", "UnexpectedResponseError", "redirect, HTML, broken JSON, too large; never for a create that may have been done", &["content_type", "body_start"]),
    row(Code::Connection, "connection", "ConnectionError", "no connection, or it broke", &["cause"]),
    row(Code::Tls, "tls", "TlsError", "certificate refused", &["cause"]),
    row(Code::Timeout, "timeout", "TimeoutError", "too slow (never for a create that may have been done)", &["limit"]),
    row(Code::OutcomeUnknown, "outcome_unknown", "OutcomeUnknownError", "a create or other call that may have been done: answer lost, 5xx, unreadable 2xx, redirect, or cancelled", &["record", "cause"]),
    row(Code::Pagination, "pagination", "PaginationError", "the list cannot be read completely", &["seen"]),
    row(Code::Cancelled, "cancelled", "CancelledError", "the caller gave up", &[]),
    row(Code::Internal, "internal", "InternalError", "a bug in the library", &["cause"]),
];

impl Code {
    /// Returns the stable word, e.g. `not_found`.
    ///
    /// ```
    /// assert_eq!(egito::Code::OutcomeUnknown.as_str(), "outcome_unknown");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.info().name
    }

    /// Returns this code's row of the table.
    ///
    /// ```
    /// assert_eq!(egito::Code::Tls.info().when, "certificate refused");
    /// ```
    #[must_use]
    pub fn info(self) -> &'static CodeInfo {
        &CODES[self as usize - 1]
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

const fn row(
    code: Code,
    name: &'static str,
    class: &'static str,
    when: &'static str,
    carries: &'static [&'static str],
) -> CodeInfo {
    CodeInfo { code, name, class, when, carries }
}

//! The table of error codes. `cargo xtask generate` writes the classes of the other languages from it.

use serde::{Deserialize, Serialize};

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
    /// The stable name, such as `not_found`.
    pub name: &'static str,
    /// Name of the class in Python and Node.js, such as `NotFoundError`.
    pub class: &'static str,
    /// When the error occurs.
    pub when: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// The fields of [`Details`](crate::Details) that this error has in addition to those of every error.
    pub carries: &'static [&'static str],
}

/// Defines [`Code`] and [`CODES`] from lines of `Code = number "name" ["details"], "when it occurs" "what to do"`.
macro_rules! codes {
    ($($code:ident = $number:literal $name:literal [$($carries:literal),*], $when:literal $advice:literal;)*) => {
        /// The code of an error: a stable name (`as_str`) and a stable number (`as u8`, used by the C API).
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
            $(#[doc = concat!("Means: ", $when, ". ", $advice)] $code = $number,)*
        }

        /// The error table, in the order of the numbers.
        ///
        /// ```
        /// for info in egito::CODES {
        ///     println!("{}: {}", info.name, info.when);
        /// }
        /// ```
        pub const CODES: &[CodeInfo] = &[$(CodeInfo {
            code: Code::$code,
            name: $name,
            class: concat!(stringify!($code), "Error"),
            when: $when,
            advice: $advice,
            carries: &[$($carries),*],
        },)*];
    };
}

codes! {
    Config = 1 "config" ["setting"],
        "a setting or argument is missing, unknown or invalid; nothing was sent"
        "Correct the setting or argument that `setting` names.";
    Auth = 2 "auth" ["oauth_error", "oauth_description"],
        "the login was refused, or a call was refused even with a new token"
        "Check the credentials. Do not retry in a loop: that can lock the user's account.";
    Permission = 3 "permission" ["category", "errors", "oauth_error", "oauth_description"],
        "the user or the integration lacks a right (HTTP 403)"
        "Ask your Egito administrator for the right that `category` names.";
    NotFound = 4 "not_found" ["id", "errors"],
        "no record has this id (HTTP 404, or an empty response to `get`)"
        "Check the id and the entity name.";
    Validation = 5 "validation" ["errors"],
        "the server refused the record"
        "Correct the fields in `errors` and send the record again.";
    RateLimited = 6 "rate_limited" ["retry_after"],
        "too many requests (HTTP 429), even after retries"
        "Wait `retry_after` seconds, or lower `requests_per_second`.";
    Server = 7 "server" ["body_start"],
        "the server failed (HTTP 5xx), even after retries; never for a create that may have been done"
        "Try again later.";
    UnexpectedResponse = 8 "unexpected_response" ["content_type", "body_start"],
        "a redirect, HTML, broken JSON, or a response that is too large; never for a create that may have been done"
        "Check `name` or `base_url`.";
    Connection = 9 "connection" ["cause"],
        "no connection to the server, or it was lost; never for a create that may have been done"
        "Check the network. It is safe to retry reads, updates and deletes.";
    Tls = 10 "tls" ["cause"],
        "the server's certificate is invalid or not trusted"
        "See the message: check the clock, the host name or the certificate authority.";
    Timeout = 11 "timeout" ["limit"],
        "a time limit was reached; never for a create that may have been done"
        "Retry later, or raise the setting that `limit` names.";
    OutcomeUnknown = 12 "outcome_unknown" ["record", "cause"],
        "a create or custom action that may have been done: response lost, 5xx, unreadable 2xx, redirect, or cancelled"
        "Look in Egito whether it was done before you send `record` again.";
    Pagination = 13 "pagination" ["reason"],
        "the list cannot be read completely"
        "See `reason`, and the guide to paging.";
    Cancelled = 14 "cancelled" [],
        "the caller cancelled the call"
        "Make the call again if you need its result.";
    Internal = 15 "internal" ["cause"],
        "a bug in this library"
        "Report it with its `cause`.";
}

impl Code {
    /// Returns the stable name, such as `not_found`.
    ///
    /// ```
    /// assert_eq!(egito::Code::OutcomeUnknown.as_str(), "outcome_unknown");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.info().name
    }

    /// Returns the row of this code in [`CODES`].
    ///
    /// ```
    /// assert_eq!(egito::Code::Validation.info().when, "the server refused the record");
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

//! The error table: every code once, as data. Each language's classes are checked against it.

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
    /// Its stable word, e.g. `not_found`.
    pub name: &'static str,
    /// Name of its class in Python and Node.js, e.g. `NotFoundError`.
    pub class: &'static str,
    /// When it occurs, in a few words.
    pub when: &'static str,
    /// What to do about it, as sentences.
    pub advice: &'static str,
    /// Which of [`Details`](crate::Details)'s fields it carries beyond those of every error.
    pub carries: &'static [&'static str],
}

/// Defines [`Code`] and [`CODES`] from lines of `Code = number "name" ["what it carries"], "when it occurs" "what to do"`.
macro_rules! codes {
    ($($code:ident = $number:literal $name:literal [$($carries:literal),*], $when:literal $advice:literal;)*) => {
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
        "Correct what `setting` names.";
    Auth = 2 "auth" ["oauth_error", "oauth_description"],
        "the login was refused, or a call was refused with a new token, too"
        "Check the credentials. Do not repeat it in a loop: that can lock the user.";
    Permission = 3 "permission" ["category", "errors", "oauth_error", "oauth_description"],
        "the user or the integration lacks a right (HTTP 403)"
        "Ask your Egito administrator for the right that `category` names.";
    NotFound = 4 "not_found" ["id", "errors"],
        "no record has this id (HTTP 404, or an empty response to `get`)"
        "Check the id and the entity name.";
    Validation = 5 "validation" ["errors"],
        "the server refused the record"
        "Correct the fields that `errors` names and send it again.";
    RateLimited = 6 "rate_limited" ["retry_after"],
        "too many requests (HTTP 429), after the last retry, too"
        "Wait `retry_after` seconds.";
    Server = 7 "server" ["body_start"],
        "the server failed (HTTP 5xx), after the last retry, too; never for a create that may have been done"
        "Try again later.";
    UnexpectedResponse = 8 "unexpected_response" ["content_type", "body_start"],
        "a redirect, HTML, broken JSON, or a response that is too large; never for a create that may have been done"
        "Check `name` or `base_url`.";
    Connection = 9 "connection" ["cause"],
        "no connection, or it broke; never for a create that may have been done"
        "Check the network. Reads, updates and deletes can be repeated.";
    Tls = 10 "tls" ["cause"],
        "the server's certificate was refused"
        "Do what the message says: clock, host name or certificate authority.";
    Timeout = 11 "timeout" ["limit"],
        "a time limit was reached; never for a create that may have been done"
        "Raise the limit that `limit` names.";
    OutcomeUnknown = 12 "outcome_unknown" ["record", "cause"],
        "a create or other action that may have been done: response lost, 5xx, unreadable 2xx, redirect, or cancelled"
        "Look in Egito whether it was done before you send `record` again.";
    Pagination = 13 "pagination" ["reason"],
        "the list cannot be read completely"
        "`reason` says why; see the guide to paging.";
    Cancelled = 14 "cancelled" [],
        "the caller cancelled the call"
        "Repeat it if you need its result.";
    Internal = 15 "internal" ["cause"],
        "a bug in this library"
        "Report it with its `cause`.";
}

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

//! The details of an error. `cargo xtask generate` writes the types of the other languages from this table.

use super::{Cause, Code, FieldError, Outcome};
use crate::id::RecordId;
use serde::Serialize;
use serde_json::value::RawValue;

/// One field of [`Details`], for the bindings.
///
/// ```
/// assert_eq!(egito::binding::DETAILS[0].doc.trim(), "Whether a retry of the same call is safe and may succeed.");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DetailInfo {
    /// The name, in `snake_case`.
    pub name: &'static str,
    /// The documentation.
    pub doc: &'static str,
    /// The type of the value.
    pub kind: DetailKind,
}

/// The type of a detail.
///
/// ```
/// use egito::binding::{DETAILS, DetailKind};
///
/// assert_eq!(DETAILS[0].kind, DetailKind::Flag);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetailKind {
    /// A string, or null.
    Text,
    /// One of these strings, or null.
    OneOf(&'static [&'static str]),
    /// True or false.
    Flag,
    /// An integer, 0 or more.
    Count,
    /// An integer, or null.
    Integer,
    /// A number of seconds, or null.
    Seconds,
    /// A record's id, or null.
    Id,
    /// A record, or null.
    Record,
    /// A list of field errors.
    Errors,
}

/// Defines [`Details`] and [`DETAILS`] from lines of `name: type, kind`.
macro_rules! details {
    (
        $(#[$about:meta])*
        pub struct Details {
            $($(#[doc = $doc:literal])* $field:ident: $type:ty, $kind:ident$(($($word:literal),*))?;)*
        }
    ) => {
        $(#[$about])*
        pub struct Details {
            /// The code.
            pub code: Code,
            /// A sentence for people: what happened, and what to do.
            pub message: String,
            $($(#[doc = $doc])* pub $field: $type,)*
            /// Number of further field errors that are not kept in `errors`.
            #[serde(skip)]
            pub(crate) more_errors: usize,
            /// Whether the input of a bulk is not the one that an earlier run with the same journal has sent.
            #[serde(skip)]
            pub(crate) changed_input: bool,
        }

        impl Details {
            pub(super) fn new(code: Code, message: String) -> Self {
                Self { code, message, $($field: Default::default(),)* more_errors: 0, changed_input: false }
            }
        }

        /// The details of an error except its code and its message, in the order of [`Details`].
        ///
        /// ```
        /// assert_eq!(egito::binding::DETAILS[2].name, "outcome");
        /// ```
        pub const DETAILS: &[DetailInfo] = &[$(DetailInfo {
            name: stringify!($field),
            doc: concat!($($doc),*),
            kind: DetailKind::$kind$((&[$($word),*]))?,
        },)*];
    };
}

details! {
    /// The data of an error. Fields that do not apply are `None` or empty.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let error = client.accounts().get(7_000_000).await.unwrap_err();
    /// let details = error.details();
    /// assert_eq!((details.status, details.entity.as_deref()), (Some(404), Some("Account")));
    /// assert_eq!(details.id, Some(egito::RecordId::from(7_000_000)));
    /// # Ok(()) });
    /// ```
    #[derive(Clone, Debug, Serialize)]
    #[non_exhaustive]
    pub struct Details {
        /// Whether a retry of the same call is safe and may succeed.
        retryable: bool, Flag;
        /// Whether the record or its key is invalid: the server refused it (`validation`), or it was refused before it was sent
        /// (`config`). The same record would be refused again.
        invalid_record: bool, Flag;
        /// Outcome of a failed write: it was not sent (`not_sent`), was not done (`rejected`), or may have been done (`unknown`). Reads
        /// have no outcome.
        outcome: Option<Outcome>, OneOf("not_sent", "rejected", "unknown");
        /// HTTP status of the last response.
        status: Option<u16>, Integer;
        /// Entity of the call.
        entity: Option<String>, Text;
        /// Action of the call; `login` for a token request.
        action: Option<String>, Text;
        /// Id of the record of the call.
        id: Option<RecordId>, Id;
        /// Number of requests of the call, without logins.
        attempts: u32, Count;
        /// Seconds from the start of the call to this error.
        elapsed: Option<f64>, Seconds;
        /// Missing right of the user.
        category: Option<&'static str>, OneOf("CREATE", "READ", "UPDATE", "DELETE");
        /// Invalid setting or argument; inside a record its path, such as `record.phones[0]`.
        setting: Option<String>, Text;
        /// Field errors of the server.
        errors: Vec<FieldError>, Errors;
        /// Seconds to wait before a retry, as the server asked.
        retry_after: Option<f64>, Seconds;
        /// OAuth error code of the token response, or of the response that refused the token, such as `invalid_grant`.
        oauth_error: Option<String>, Text;
        /// OAuth error description of that response, without secrets.
        oauth_description: Option<String>, Text;
        /// Content type of the response.
        content_type: Option<String>, Text;
        /// First 200 characters of the response, without secrets.
        body_start: Option<String>, Text;
        /// Record that was sent and may have been saved.
        record: Option<Box<RawValue>>, Record;
        /// Time limit that was reached.
        limit: Option<&'static str>, OneOf("timeout", "connect_timeout", "read_timeout");
        /// Why the list cannot be read completely.
        reason: Option<String>, Text;
        /// Underlying errors, as text without secrets.
        cause: Option<Cause>, Text;
        /// Error number of the operating system, such as 111 for a refused connection on Linux.
        os_error: Option<i32>, Integer;
    }
}

impl Details {
    /// Adds the field errors to the message. Their secrets must have been removed.
    pub(crate) fn append_field_errors(&mut self) {
        let summary = FieldError::summary(&self.errors, self.more_errors);
        self.message = format!("{}: {summary}. Correct this and send it again", self.message);
    }

    /// Returns the texts that may come from the server or the network, except the field errors and the start of the body.
    pub(crate) fn untrusted_texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [
            Some(&mut self.message),
            self.oauth_error.as_mut(),
            self.oauth_description.as_mut(),
            self.content_type.as_mut(),
            self.reason.as_mut(),
            self.cause.as_mut().map(Cause::text_mut),
        ]
        .into_iter()
        .flatten()
    }
}

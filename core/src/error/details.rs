//! What an error carries: one list, which the bindings read as data.

use super::{Cause, Code, FieldError, Outcome};
use crate::id::RecordId;
use serde::Serialize;
use serde_json::value::RawValue;

/// One field of [`Details`], for the bindings.
///
/// ```
/// assert_eq!(egito::binding::DETAILS[0].doc.trim(), "Whether repeating the same call is harmless and may help.");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DetailInfo {
    /// Its name, in `snake_case`.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// What its value is.
    pub kind: DetailKind,
}

/// What the value of an error's detail is.
///
/// ```
/// use egito::binding::{DETAILS, DetailKind};
///
/// assert_eq!(DETAILS[0].kind, DetailKind::Flag);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DetailKind {
    /// A text, or null.
    Text,
    /// One of these words, or null.
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
    /// A list of the server's complaints.
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
            /// What went wrong.
            pub code: Code,
            /// One sentence for people: what happened, and what to do.
            pub message: String,
            $($(#[doc = $doc])* pub $field: $type,)*
            /// How many more complaints the server had than are kept.
            #[serde(skip)]
            pub(crate) more_errors: usize,
        }

        impl Details {
            pub(super) fn new(code: Code, message: String) -> Self {
                Self { code, message, $($field: Default::default(),)* more_errors: 0 }
            }
        }

        /// The details of an error besides its code and its message, in the order of [`Details`].
        ///
        /// ```
        /// assert_eq!(egito::binding::DETAILS[1].name, "outcome");
        /// ```
        pub const DETAILS: &[DetailInfo] = &[$(DetailInfo {
            name: stringify!($field),
            doc: concat!($($doc),*),
            kind: DetailKind::$kind$((&[$($word),*]))?,
        },)*];
    };
}

details! {
    /// Everything an error carries. What does not apply is `None` or empty.
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
        /// Whether repeating the same call is harmless and may help.
        retryable: bool, Flag;
        /// What is known about the server's state after a failed write: the server saw nothing of it (`not_sent`), did not do it
        /// (`rejected`), or may have done it (`unknown`). Reads have none.
        outcome: Option<Outcome>, OneOf("not_sent", "rejected", "unknown");
        /// HTTP status of the last response.
        status: Option<u16>, Integer;
        /// Entity of the call.
        entity: Option<String>, Text;
        /// Action of the call; `login` for a token request.
        action: Option<String>, Text;
        /// Id of the record that the call was about.
        id: Option<RecordId>, Id;
        /// Number of requests made for the call, not counting logins.
        attempts: u32, Count;
        /// Seconds from the start of the call to this error.
        elapsed: Option<f64>, Seconds;
        /// The right that is missing.
        category: Option<&'static str>, OneOf("CREATE", "READ", "UPDATE", "DELETE");
        /// The setting or argument that is invalid; inside a record its path, such as `record.phones[0]`.
        setting: Option<String>, Text;
        /// The server's complaints about the record.
        errors: Vec<FieldError>, Errors;
        /// Seconds that the server asked to wait.
        retry_after: Option<f64>, Seconds;
        /// `error` of the token response, or of the response that refused the token, such as `invalid_grant`.
        oauth_error: Option<String>, Text;
        /// `error_description` of that response, without secrets.
        oauth_description: Option<String>, Text;
        /// Content type of the response.
        content_type: Option<String>, Text;
        /// The first 200 characters of the response, without secrets.
        body_start: Option<String>, Text;
        /// The record that was sent and may have been stored.
        record: Option<Box<RawValue>>, Record;
        /// The time limit that was reached.
        limit: Option<&'static str>, OneOf("timeout", "connect_timeout", "read_timeout");
        /// Why the list cannot be read completely.
        reason: Option<String>, Text;
        /// The lower errors that caused this one, as text without secrets.
        cause: Option<Cause>, Text;
        /// Number of the operating system's error among the causes, such as 111 for a refused connection on Linux.
        os_error: Option<i32>, Integer;
    }
}

impl Details {
    /// Names the complaints in the message, once their secrets are gone.
    pub(crate) fn append_field_errors(&mut self) {
        let told = FieldError::sentence(&self.errors, self.more_errors);
        self.message = format!("{}: {told}. Correct this and send it again", self.message);
    }

    /// Returns the texts that may come from the server or the network, except the complaints and the start of the body.
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

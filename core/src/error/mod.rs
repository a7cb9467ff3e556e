//! The error type: a code, a message that says what to do, and details.

mod cause;
mod details;
mod field_error;
mod predicates;
#[cfg(feature = "outbox")]
mod stored;
mod table;

pub use cause::Cause;
pub(crate) use cause::{chain, without_link};
pub use details::{DETAILS, DetailInfo, DetailKind, Details};
pub use field_error::FieldError;
pub use table::{CODES, Code, CodeInfo};

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The result of the calls of this crate.
///
/// ```
/// fn name(client: &egito::blocking::Client, id: i64) -> egito::Result<Option<String>> {
///     Ok(client.accounts().get(id)?.raw("name").map(str::to_owned))
/// }
/// ```
pub type Result<T> = std::result::Result<T, Error>;

/// The error of a call: a [`Code`], a message that says what to do, and [`Details`].
///
/// Match on [`code`](Self::code), or use a method such as [`is_not_found`](Self::is_not_found). Do not match on the message: it may
/// change. Cheap to clone.
///
/// ```
/// # egito_test_support::run(async |client| {
/// match client.accounts().create(&serde_json::json!({"name": "Żubr"})).await {
///     Ok(id) => println!("created {id}"),
///     Err(error) if error.is_validation() => println!("invalid: {:?}", error.details().errors),
///     Err(error) if error.is_outcome_unknown() => println!("look in Egito before you send it again: {error}"),
///     Err(error) if error.is_retryable() => println!("try again later: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(()) });
/// ```
#[derive(Clone)]
pub struct Error(Arc<Details>);

/// The outcome of a failed write: whether the server has done it, as far as that is known. Reads have no outcome.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let error = client.accounts().create(&serde_json::json!({"city": "Łomża"})).await.unwrap_err();
/// assert_eq!(error.outcome(), Some(egito::Outcome::Rejected)); // an account needs a name
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// Not done: the request did not reach the server, or its token was refused.
    NotSent,
    /// Not done: the server responded with an error.
    Rejected,
    /// May have been done.
    Unknown,
}

/// What the message of the error `outcome_unknown` says about a create or custom action.
///
/// ```
/// assert!(egito::binding::OUTCOME_UNKNOWN_ADVICE.contains("look in Egito"));
/// ```
pub const OUTCOME_UNKNOWN_ADVICE: &str = "it may have been done, so look in Egito before you send it again";

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Arc::new(Details::new(code, message.into()))).with(|_| ())
    }

    /// Creates an error `config`: an argument or setting is missing, unknown or invalid.
    ///
    /// ```
    /// let error = egito::Error::config("record", "line 7 of the file is not JSON");
    /// assert_eq!((error.code(), error.to_string().as_str()), (egito::Code::Config, "line 7 of the file is not JSON"));
    /// ```
    pub fn config(setting: impl Into<String>, message: impl Into<String>) -> Self {
        let setting = setting.into();
        Self::new(Code::Config, message).with(|d| {
            d.setting = Some(setting);
            d.outcome = Some(Outcome::NotSent);
        })
    }

    /// Creates an error `config`: a value that was read does not have the type that the caller asks for. It has no outcome, since
    /// nothing was to be sent, and since the record may be the result of a call that was done.
    pub(crate) fn wrong_type(path: impl Into<String>, message: impl Into<String>) -> Self {
        let path = path.into();
        Self::new(Code::Config, message).with(|d| d.setting = Some(path))
    }

    /// Creates an error `timeout`. `limit` is the name of the setting.
    pub(crate) fn timed_out(limit: &'static str, outcome: Outcome, message: impl Into<String>) -> Self {
        Self::new(Code::Timeout, message).with(|d| {
            d.limit = Some(limit);
            d.outcome = Some(outcome);
        })
    }

    /// Creates an error `cancelled`.
    ///
    /// ```
    /// assert!(egito::Error::cancelled().is_cancelled());
    /// ```
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(Code::Cancelled, "the call was cancelled by its caller")
    }

    /// Creates an error `internal` from a caught panic.
    ///
    /// ```
    /// let panic = std::panic::catch_unwind(|| panic!("no more paper")).unwrap_err();
    /// assert_eq!(egito::Error::from_panic(&*panic).code(), egito::Code::Internal);
    /// ```
    #[must_use]
    pub fn from_panic(panic: &(dyn std::any::Any + Send)) -> Self {
        let text = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".into());
        let message = "a bug in the Egito SDK stopped this call; please report it with the cause";
        Self::new(Code::Internal, message).with(|d| d.cause = Some(Cause::from_text(text)))
    }

    /// Returns the code.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let error = client.accounts().get(7_000_000).await.unwrap_err();
    /// assert_eq!(error.code(), egito::Code::NotFound);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Returns the outcome of a failed write; `None` for reads.
    ///
    /// ```
    /// # let fault = r#"{"on": {"action": "create"}, "cut": "after"}"#;
    /// # egito_test_support::run_against(fault, async |client| {
    /// let error = client.accounts().create(&serde_json::json!({"name": "Żubr"})).await.unwrap_err();
    /// assert_eq!(error.outcome(), Some(egito::Outcome::Unknown)); // the response was lost
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.0.outcome
    }

    /// Returns the details of the error.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let error = client.accounts().create(&serde_json::json!({})).await.unwrap_err();
    /// assert_eq!(error.details().errors[0].field.as_deref(), Some("name"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// Returns all details as one JSON object.
    ///
    /// ```
    /// let json = egito::Error::config("name", "…").to_json();
    /// assert!(json.starts_with(r#"{"code":"config","message":"…","retryable":false,"#));
    /// ```
    #[must_use]
    #[allow(clippy::missing_panics_doc)] // all details can be written as JSON
    pub fn to_json(&self) -> String {
        serde_json::to_string(self.details()).expect("details are plain data")
    }

    /// Returns the error with changed details. Details change here only, so that `retryable` and `invalid_record` stay consistent
    /// with them.
    #[must_use]
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        let details = Arc::make_mut(&mut self.0);
        change(details);
        details.retryable = predicates::retryable(details);
        details.invalid_record = predicates::invalid_record(details);
        self
    }

    /// Turns the error into `outcome_unknown`, for a create or custom action that may have been done.
    ///
    /// The message, the status and the cause are kept.
    #[must_use]
    pub(crate) fn into_outcome_unknown(self) -> Self {
        self.with(|d| {
            let original = format!("{}: {}", d.code, d.message);
            d.cause.get_or_insert_with(|| Cause::from_text(original));
            d.code = Code::OutcomeUnknown;
            d.outcome = Some(Outcome::Unknown);
            d.message.push_str("; ");
            d.message.push_str(OUTCOME_UNKNOWN_ADVICE);
        })
    }

    /// Returns the error with this text as its cause.
    #[must_use]
    pub(crate) fn caused_by_text(self, text: String) -> Self {
        self.with(|d| d.cause = Some(Cause::from_text(text)))
    }

    /// Returns the error with this error of a library or the system as its cause.
    #[must_use]
    pub(crate) fn caused_by(self, cause: &(dyn std::error::Error + 'static)) -> Self {
        let cause = Cause::from_error(cause);
        self.with(|d| {
            d.os_error = cause.os_error();
            d.cause = Some(cause);
        })
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "egito::Error {}", self.to_json())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

/// Serializes the details of an error, or `null`.
#[allow(clippy::ref_option)] // serde passes it like this
pub(crate) fn serialize_details<S: serde::Serializer>(
    error: &Option<Error>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    error.as_ref().map(Error::details).serialize(serializer)
}

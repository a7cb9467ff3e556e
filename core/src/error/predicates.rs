//! Methods of an error that check its code, and whether the call may be retried.

use super::{Code, Details, Error, Outcome};

impl Error {
    /// Returns whether a retry of the same call is safe and may succeed.
    ///
    /// True for `connection`, `timeout`, `server` and `rate_limited`, unless the call is a create (or custom action) that may have
    /// been done. The client has already retried, up to the setting `max_retries`. So wait before you retry, at least
    /// [`Details::retry_after`] seconds if the server sent them.
    ///
    /// ```
    /// # egito_test_support::run_against(r#"{"on": {"action": "get"}, "response": {"status": 503}}"#, async |client| {
    /// let client = client.with_options(br#"{"maxRetries": 0}"#)?;
    /// let account = match client.accounts().get(1).await {
    ///     Err(error) if error.is_retryable() => client.accounts().get(1).await?, // the server was briefly unavailable
    ///     result => result?,
    /// };
    /// # assert_eq!(client.stats().attempts, 2);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.details().retryable
    }

    /// Returns whether the record or its key is invalid, so that the same record would be refused again.
    ///
    /// True for `validation`, and for `config` if [`Details::setting`] is `record`, `key` or a path in the record. A web form
    /// responds with HTTP 400 then, and with 502 or 503 to other errors.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let error = client.leads().create_once(&serde_json::json!({"lastName": "Nowak"}), "formKey").await.unwrap_err();
    /// assert!(error.is_invalid_record()); // it has no key
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_invalid_record(&self) -> bool {
        self.details().invalid_record
    }

    /// Returns whether the input of a bulk is not the one that an earlier run with the same [journal](crate::Bulk::journal) has sent, so
    /// that no further input is sent.
    ///
    /// The first row with this error has the input that was changed, or the first one after an input that was added or removed.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let path = std::env::temp_dir().join(format!("egito-changed-{}.journal", std::process::id()));
    /// let lead = |name| serde_json::json!({"lastName": name});
    /// client.leads().create_many([lead("Ryś"), lead("Żbik")]).journal(&path)?.await;
    /// let rows = client.leads().create_many([lead("Ryś"), lead("Sowa")]).journal(&path)?.await;
    /// let changed = rows.iter().find(|row| row.error.as_ref().is_some_and(egito::Error::is_changed_input));
    /// assert_eq!(changed.map(|row| row.index), Some(1));
    /// # std::fs::remove_file(path).unwrap();
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_changed_input(&self) -> bool {
        self.details().changed_input
    }

    /// Returns whether the record does not exist.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let phone = match client.accounts().get(7_000_000).await {
    ///     Ok(account) => account.raw("phone").map(str::to_owned),
    ///     Err(error) if error.is_not_found() => None,
    ///     Err(error) => return Err(error),
    /// };
    /// assert_eq!(phone, None);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.code() == Code::NotFound
    }

    /// Returns whether the server refused the record. [`Details::errors`] has the field errors.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let error = client.accounts().create(&serde_json::json!({"city": "Łomża"})).await.unwrap_err();
    /// assert!(error.is_validation());
    /// assert_eq!(error.details().errors[0].field.as_deref(), Some("name"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_validation(&self) -> bool {
        self.code() == Code::Validation
    }

    /// Returns whether the login was refused. Retries can lock the user's account.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let settings = client.settings();
    /// # let builder = egito::Client::builder().base_url(settings.base_url.as_deref().unwrap()).client_id("a");
    /// let client = builder.client_secret("wrong").username("jan@firma").password("wrong").build()?;
    /// assert!(client.accounts().get(1).await.unwrap_err().is_auth());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.code() == Code::Auth
    }

    /// Returns whether the user lacks a right. [`Details::category`] is its name.
    ///
    /// ```
    /// # egito_test_support::run_against(r#"{"on": {"action": "get"}, "response": {"status": 403}}"#, async |client| {
    /// let error = client.accounts().get(1).await.unwrap_err();
    /// assert!(error.is_permission());
    /// assert_eq!(error.details().category, Some("READ"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_permission(&self) -> bool {
        self.code() == Code::Permission
    }

    /// Returns whether the server refused the call because there were too many requests (HTTP 429).
    ///
    /// ```
    /// # let fault = r#"{"on": {"action": "get"}, "response": {"status": 429, "headers": {"Retry-After": "300"}}}"#;
    /// # egito_test_support::run_against(fault, async |client| {
    /// let error = client.accounts().get(1).await.unwrap_err();
    /// assert!(error.is_rate_limited() && error.is_retryable());
    /// assert_eq!(error.details().retry_after, Some(300.0)); // seconds
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.code() == Code::RateLimited
    }

    /// Returns whether a time limit was reached. [`Details::limit`] is its name.
    ///
    /// ```
    /// # egito_test_support::run_against(r#"{"on": {"action": "get"}, "delay_ms": 60000}"#, async |client| {
    /// let impatient = client.with_options(br#"{"timeout": 0.05}"#)?;
    /// let error = impatient.accounts().get(1).await.unwrap_err();
    /// assert!(error.is_timeout());
    /// assert_eq!(error.details().limit, Some("timeout"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.code() == Code::Timeout
    }

    /// Returns whether there was no connection to the server, or it was lost.
    ///
    /// ```
    /// # egito_test_support::run_against(r#"{"on": {"action": "get"}, "cut": "before"}"#, async |client| {
    /// let once = client.with_options(br#"{"maxRetries": 0}"#)?;
    /// assert!(once.accounts().get(1).await.unwrap_err().is_connection());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_connection(&self) -> bool {
        self.code() == Code::Connection
    }

    /// Returns whether it is unknown if a create or custom action was done.
    ///
    /// Look in Egito before you send [`Details::record`] again.
    ///
    /// ```
    /// # egito_test_support::run_against(r#"{"on": {"action": "create"}, "cut": "after"}"#, async |client| {
    /// let error = client.accounts().create(&serde_json::json!({"name": "Żubr"})).await.unwrap_err();
    /// assert!(error.is_outcome_unknown());
    /// assert_eq!(error.details().record.as_ref().unwrap().get(), r#"{"name":"Żubr"}"#);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.code() == Code::OutcomeUnknown
    }

    /// Returns whether the call was cancelled by its caller.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let cancellation = egito::CancellationToken::default();
    /// cancellation.cancel();
    /// assert!(client.with_cancellation(&cancellation).accounts().get(1).await.unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.code() == Code::Cancelled
    }
}

/// Returns whether a retry may succeed after an error with this code.
pub(super) fn is_transient(code: Code) -> bool {
    matches!(code, Code::Connection | Code::Timeout | Code::Server | Code::RateLimited)
}

/// Returns whether a retry of the call is safe and may succeed.
///
/// A write with an unknown outcome must be idempotent. A proxy that refused the credentials (407) would refuse them again, and may
/// lock the user.
pub(super) fn retryable(details: &Details) -> bool {
    let idempotent = matches!(details.action.as_deref(), Some("update" | "delete"));
    let is_safe = details.outcome != Some(Outcome::Unknown) || idempotent;
    is_transient(details.code) && is_safe && details.status != Some(407)
}

/// Returns whether the server refused the record, or the SDK refused it or its key.
pub(super) fn invalid_record(details: &Details) -> bool {
    let of_record = |setting: &str| matches!(setting.split(['.', '[']).next(), Some("record" | "key"));
    match details.code {
        Code::Validation => true,
        Code::Config => details.setting.as_deref().is_some_and(of_record),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_or_its_key_is_invalid() {
        for setting in ["record", "key", "record.phones[0]", "record[0]"] {
            assert!(Error::config(setting, "").is_invalid_record(), "{setting}");
        }
        for setting in ["name", "lookup", "records_per_page", "keyring", ""] {
            assert!(!Error::config(setting, "").is_invalid_record(), "{setting}");
        }
        let details = Error::new(Code::Validation, "").with(|d| d.setting = None);
        assert!(details.is_invalid_record() && Error::new(Code::Validation, "").is_invalid_record());
        assert!(!Error::new(Code::NotFound, "").is_invalid_record());
    }

    fn retryable(code: Code, action: &str, outcome: Option<Outcome>) -> bool {
        let error = Error::new(code, "").with(|d| (d.action, d.outcome) = (Some(action.to_owned()), outcome));
        error.is_retryable()
    }

    #[test]
    fn a_transient_error_is_retryable_if_a_retry_is_safe() {
        for code in [Code::Connection, Code::Timeout, Code::Server, Code::RateLimited] {
            for action in ["get", "list", "login"] {
                assert!(retryable(code, action, None), "{code} {action}");
            }
            for action in ["update", "delete"] {
                assert!(retryable(code, action, Some(Outcome::Unknown)), "{code} {action}");
            }
            for action in ["create", "print"] {
                assert!(retryable(code, action, Some(Outcome::NotSent)), "{code} {action}");
                assert!(retryable(code, action, Some(Outcome::Rejected)), "{code} {action}");
                assert!(!retryable(code, action, Some(Outcome::Unknown)), "{code} {action}");
            }
        }
    }

    #[test]
    fn nothing_else_is_retryable() {
        let others = super::super::CODES.iter().map(|info| info.code).filter(|code| !is_transient(*code));
        for code in others {
            for outcome in [None, Some(Outcome::NotSent), Some(Outcome::Rejected), Some(Outcome::Unknown)] {
                assert!(!retryable(code, "get", outcome) && !retryable(code, "update", outcome), "{code}");
            }
        }
        assert!(!Error::new(Code::Connection, "").with(|d| d.status = Some(407)).is_retryable());
        assert!(!Error::config("name", "").is_retryable() && Error::new(Code::Timeout, "").is_retryable());
    }
}

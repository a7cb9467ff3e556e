//! The result of a probe: checks, facts, and the settings for the server.

use super::snippet::{self, SnippetFormat};
use super::text::{Text, Translate, text};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The result of [`Client::probe`](crate::Client::probe). It contains no secrets, no values or ids of records, no names of users and no
/// address of the server, so it can be attached to a bug report.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let report = client.probe(&egito::ProbeOptions::default()).await?;
/// println!("{}", report.to_text());
/// assert!(report.is_ok() && report.settings.is_empty()); // the defaults fit this server
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Version of this library.
    pub version: &'static str,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
    /// The settings that this server needs and whose defaults differ, by name.
    pub settings: BTreeMap<&'static str, Value>,
    /// Observations, such as `list_form` and `page_cap`, by name.
    pub facts: BTreeMap<&'static str, Value>,
    /// Number of requests that were sent, logins included.
    pub requests: u64,
    /// Duration of the probe in seconds.
    pub elapsed: f64,
}

/// One check of a [`Report`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let report = client.probe(&egito::ProbeOptions::default()).await?;
/// let login = report.check("login").unwrap();
/// assert_eq!((login.status, login.advice.as_deref()), (egito::CheckStatus::Ok, None));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// Stable name, such as `list_offset`.
    pub name: &'static str,
    /// The entity that was checked, if the check is about one.
    pub entity: Option<String>,
    /// Result of the check.
    pub status: CheckStatus,
    /// The observation.
    pub message: String,
    /// What to do about it.
    pub advice: Option<String>,
    /// Mark in the wire contract: `A` if the check is about an assumption; empty otherwise.
    pub mark: &'static str,
    /// The text of `message`.
    #[serde(skip)]
    observation: Text,
    /// The text of `advice`.
    #[serde(skip)]
    action: Option<Text>,
}

impl Check {
    pub(super) fn new(name: &'static str, status: CheckStatus, observation: Text) -> Self {
        let message = observation.in_english();
        Self { name, entity: None, status, message, advice: None, mark: "", observation, action: None }
    }

    /// Sets what to do about it.
    pub(super) fn advise(&mut self, action: impl Into<Text>) {
        let action = action.into();
        self.advice = Some(action.in_english());
        self.action = Some(action);
    }
}

/// The result of a [`Check`].
///
/// ```
/// assert!(egito::CheckStatus::Problem > egito::CheckStatus::Warning);
/// assert_eq!(egito::CheckStatus::Ok.as_str(), "ok");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckStatus {
    /// As expected, or handled by one of the [`settings`](Report::settings).
    Ok,
    /// Not made: the message says why.
    Skipped,
    /// The server does not show it.
    Unknown,
    /// It works, with a restriction.
    Warning,
    /// It does not work.
    Problem,
}

impl CheckStatus {
    /// Returns the stable name, such as `ok`.
    ///
    /// ```
    /// assert_eq!(egito::CheckStatus::Skipped.as_str(), "skipped");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Unknown => "unknown",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

impl Report {
    /// Returns whether no check found a problem.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// assert!(client.probe(&egito::ProbeOptions::default()).await?.is_ok());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.checks.iter().all(|check| check.status != CheckStatus::Problem)
    }

    /// Returns the first check with this name.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let report = client.probe(&egito::ProbeOptions::default()).await?;
    /// assert!(report.check("list_offset").is_some());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// Returns the report as one JSON object.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let json = client.probe(&egito::ProbeOptions::default()).await?.to_json();
    /// assert!(json.starts_with(r#"{"version":"#));
    /// # Ok(()) });
    /// ```
    #[must_use]
    #[allow(clippy::missing_panics_doc)] // all parts can be written as JSON
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a report is plain data")
    }

    /// Returns the settings for this server as a TOML file, for [`Client::from_file`](crate::Client::from_file). It has no
    /// address and no credentials.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let toml = client.probe(&egito::ProbeOptions::default()).await?.to_toml();
    /// # let folder = egito_test_support::Folder::new();
    /// let path = folder.path().join("egito.toml");
    /// std::fs::write(&path, toml).unwrap();
    /// let settings = egito::Settings::from_file(&path, br#"{"name": "firma"}"#)?;
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        self.snippet(SnippetFormat::Toml)
    }

    /// Returns the settings for this server in another form: as environment variables, or as code that creates a client. It has no
    /// address and no credentials.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let report = client.probe(&egito::ProbeOptions::default()).await?;
    /// assert!(report.snippet(egito::SnippetFormat::Python).ends_with("client = egito.Client.from_env()\n"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn snippet(&self, format: SnippetFormat) -> String {
        snippet::write(format, self.version, &self.settings, self.is_ok())
    }

    /// Returns the report as text for people.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let text = client.probe(&egito::ProbeOptions::default()).await?.to_text();
    /// assert!(text.contains("ok       login"));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn to_text(&self) -> String {
        self.translated(&|_| None) + "\n" + &self.to_toml()
    }

    /// Returns the text for people without the settings, in the language of `translate`.
    pub(crate) fn translated(&self, translate: Translate<'_>) -> String {
        let status = |check: &Check| translate(check.status.as_str()).unwrap_or(check.status.as_str());
        let width = self.checks.iter().map(|check| status(check).chars().count()).fold(8, usize::max);
        let mut text = String::new();
        for check in &self.checks {
            let entity = check.entity.as_ref().map(|entity| format!(" {entity}")).unwrap_or_default();
            let message = check.observation.render(translate);
            let _ = writeln!(text, "{:<width$} {}{entity}: {message}", status(check), check.name);
            if let Some(action) = &check.action {
                let _ = writeln!(text, "{:width$} {}", "", action.render(translate));
            }
        }
        let requests = text!("{} requests in {} s", self.requests, format!("{:.1}", self.elapsed));
        text + "\n" + &requests.render(translate) + "\n"
    }
}

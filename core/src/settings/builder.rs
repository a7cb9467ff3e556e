//! Builds a client from settings in code and, on request, in the environment.

use super::table::{ClientBuilder, Settings};
use crate::error::Result;
use secrecy::ExposeSecret;

impl<C> ClientBuilder<C> {
    pub(crate) fn new(make: fn(Settings) -> Result<C>) -> Self {
        Self { settings: Settings::default(), from_env: false, make }
    }

    /// Reads the server and the credentials that are not set in code from the environment: `EGITO_NAME` or `EGITO_BASE_URL`,
    /// `EGITO_API_ID`, `EGITO_API_SECRET`, `EGITO_USERNAME`, `EGITO_PASSWORD`.
    ///
    /// [`build`](Self::build) reads the variables. Other settings have no variable.
    ///
    /// ```no_run
    /// let client = egito::Client::builder().from_env().max_retries(0).build()?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_env(self) -> Self {
        Self { from_env: true, ..self }
    }

    /// Builds the client. Sends nothing yet: the first call logs in.
    ///
    /// Fails with `config`, with the name of the setting that is missing or invalid.
    ///
    /// ```
    /// let error = egito::Client::builder().name("firma").build().unwrap_err();
    /// assert_eq!(error.details().setting.as_deref(), Some("client_id"));
    /// ```
    pub fn build(self) -> Result<C> {
        let settings = if self.from_env { with_environment(self.settings)? } else { self.settings };
        (self.make)(settings)
    }
}

/// Fills the settings that are not set from the environment.
fn with_environment(mut settings: Settings) -> Result<Settings> {
    let environment = Settings::from_env(b"{}")?;
    if settings.name.is_none() && settings.base_url.is_none() {
        (settings.name, settings.base_url) = (environment.name, environment.base_url);
    }
    if settings.client_id.is_empty() {
        settings.client_id = environment.client_id;
    }
    if settings.client_secret.expose_secret().is_empty() {
        settings.client_secret = environment.client_secret;
    }
    settings.username = settings.username.or(environment.username);
    settings.password = settings.password.or(environment.password);
    Ok(settings)
}

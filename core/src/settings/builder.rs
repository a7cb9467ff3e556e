//! Builds a client from settings in code and, on request, in the environment.

use super::table::{ClientBuilder, Settings};
use crate::error::Result;
use secrecy::ExposeSecret;

impl<C> ClientBuilder<C> {
    pub(crate) fn new(make: fn(Settings) -> Result<C>) -> Self {
        Self { settings: Settings::default(), given: Vec::new(), from_env: false, make }
    }

    /// Reads the settings that are not set in code from the environment, see [`Settings::from_env`]: the server and the credentials from
    /// their variables, others from the file that `EGITO_CONFIG` names.
    ///
    /// [`build`](Self::build) reads them.
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
        let settings = if self.from_env { self.with_environment()? } else { self.settings };
        (self.make)(settings)
    }

    /// Returns the settings of the environment, with those that were set in code.
    fn with_environment(&self) -> Result<Settings> {
        let mut all = Settings::from_env(b"{}")?;
        let has_server = self.settings.name.is_some() || self.settings.base_url.is_some();
        if has_server {
            (all.name, all.base_url) = (None, None); // alternatives
        }
        for name in self.given.iter().filter(|name| !self.is_empty_credential(name)) {
            all.copy(name, &self.settings);
        }
        Ok(all)
    }

    /// Returns whether a credential was set to an empty text, so that the one of the environment is used.
    fn is_empty_credential(&self, name: &str) -> bool {
        match name {
            "client_id" => self.settings.client_id.is_empty(),
            "client_secret" => self.settings.client_secret.expose_secret().is_empty(),
            _ => false,
        }
    }
}

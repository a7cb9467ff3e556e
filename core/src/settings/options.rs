//! Settings that some calls of a client may have of their own.

use super::{Settings, json};
use crate::error::{Error, Result};

impl Settings {
    /// Returns these settings with others for some calls.
    ///
    /// Error `config`: a wrong value, or a setting that belongs to the whole client.
    pub(crate) fn with_options(&self, options: &[u8]) -> Result<Self> {
        let given = Self::from_json(options)?;
        let mut all = self.clone();
        for name in json::given(options)? {
            if !all.set_for_call(&name, &given) {
                let message = format!("the setting `{name}` belongs to the whole client; make another client");
                return Err(Error::config(name, message));
            }
        }
        all.check_numbers()?;
        all.headers.check()?; // nothing else can have become wrong
        Ok(all)
    }
}

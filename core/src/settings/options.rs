//! Changes settings for some calls of a client.

use super::{Settings, json};
use crate::error::{Error, Result};

impl Settings {
    /// Returns these settings with other values for some calls.
    ///
    /// Fails with `config` for an invalid value, and for a setting that single calls cannot have.
    pub(crate) fn with_options(&self, options: &[u8]) -> Result<Self> {
        let given = Self::from_json(options)?;
        let mut all = self.clone();
        for name in json::given(options)? {
            if !all.set_for_call(&name, &given) {
                let message = format!("the setting `{name}` belongs to the whole client; create another client");
                return Err(Error::config(name, message));
            }
        }
        all.check_numbers()?;
        all.headers.check()?; // other settings cannot have become invalid
        Ok(all)
    }
}

//! Settings that some calls of a client may have of their own.

use super::{Settings, json};
use crate::error::{Error, Result};

impl Settings {
    /// These settings with others for some calls.
    ///
    /// Error `config`: a wrong value, or a setting that belongs to the whole client.
    pub(crate) fn with_options(&self, options: &[u8]) -> Result<Self> {
        let given = Self::from_json(options)?;
        let mut all = self.clone();
        for name in json::given(options)? {
            match name.as_str() {
                "timeout" => all.timeout = given.timeout,
                "max_retries" => all.max_retries = given.max_retries,
                "backoff_base" => all.backoff_base = given.backoff_base,
                "backoff_max" => all.backoff_max = given.backoff_max,
                "retry_after_max" => all.retry_after_max = given.retry_after_max,
                "page_size" => all.page_size = given.page_size,
                "prefetch" => all.prefetch = given.prefetch,
                "page_overlap" => all.page_overlap = given.page_overlap,
                "decimals" => all.decimals = given.decimals,
                "default_sort" => all.default_sort.clone_from(&given.default_sort),
                "list_key" => all.list_key.clone_from(&given.list_key),
                "headers" => all.headers = all.headers.with(&given.headers),
                _ => {
                    let message = format!("the setting `{name}` belongs to the whole client; make another client");
                    return Err(Error::config(name, message));
                }
            }
        }
        all.check_numbers()?;
        all.headers.check()?; // nothing else can have become wrong
        Ok(all)
    }
}

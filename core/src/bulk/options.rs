//! The options of a bulk, as the bindings hand them over.

use crate::error::{Error, Result};
use crate::options;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct BulkOptions {
    pub concurrency: Option<u64>,
}

impl BulkOptions {
    pub(super) fn from_json(json: &[u8]) -> Result<Self> {
        let options: Self = options::read("bulk", json)?;
        if options.concurrency == Some(0) {
            return Err(Error::config("concurrency", "`concurrency` must be at least 1"));
        }
        Ok(options)
    }
}

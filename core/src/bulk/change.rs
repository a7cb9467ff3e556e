//! What an upsert does with a record.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What an upsert did, or would do.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
/// assert_eq!(client.accounts().upsert(&account, "nip").await?.change, egito::Change::Created);
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// No record had the key, so it was created.
    Created,
    /// One record has the key, and some of its fields were updated.
    Updated,
    /// One record has the key, and all given fields have these values. Nothing was written.
    Unchanged,
    /// Several records have the key. Nothing was written.
    Ambiguous,
}

impl Change {
    const ALL: [Self; 4] = [Self::Created, Self::Updated, Self::Unchanged, Self::Ambiguous];

    /// Returns the stable name, such as `created`.
    ///
    /// ```
    /// assert_eq!(egito::Change::Unchanged.as_str(), "unchanged");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Ambiguous => "ambiguous",
        }
    }
}

impl FromStr for Change {
    type Err = Error;

    /// Error `config`: no change has this name.
    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|change| change.as_str() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::as_str).join(", ");
            Error::config("change", format!("invalid `change`: expected one of {names}, got {name:?}"))
        })
    }
}

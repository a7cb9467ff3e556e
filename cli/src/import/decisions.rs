//! What the first run has decided. A later run uses it again, since a record that differs would not fit the journal.

use super::error::ImportError;
use super::input::InputOptions;
use super::rules::Rule;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The entity, the columns and their types. Stored beside the journal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decisions {
    pub egito_import: u32,
    pub entity: String,
    pub mode: Mode,
    pub key: Vec<String>,
    pub input: InputOptions,
    pub header: Vec<String>,
    pub zone: Option<String>,
    pub constants: BTreeMap<String, Box<RawValue>>,
    pub rules: Vec<Rule>,
    /// A hash of the file of rejected rows that the last run has written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejects: Option<String>,
}

/// The action for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// Create the record, or update the fields that differ.
    Upsert,
    /// Create the record if no record has its key; leave others as they are.
    CreateOnce,
    /// Create a record for each row, without looking first.
    Create,
    /// Update the record with the id of the column `id`.
    Update,
}

/// The version of the file.
pub(crate) const VERSION: u32 = 1;

impl Decisions {
    /// Returns whether another run finds out what became of a row whose outcome is unknown. A create without a key cannot be found.
    pub(crate) fn finds_again(&self) -> bool {
        self.mode != Mode::Create || !self.key.is_empty()
    }

    /// Returns the path of the file that belongs to a journal.
    pub(crate) fn path(journal: &Path) -> PathBuf {
        let mut path = journal.as_os_str().to_owned();
        path.push(".json");
        path.into()
    }

    /// Reads the decisions of the first run.
    pub(crate) fn read(journal: &Path) -> Result<Self, ImportError> {
        let path = Self::path(journal);
        let invalid = |message: String| ImportError::Decisions { path: path.display().to_string(), message };
        let text = fs::read_to_string(&path).map_err(|error| invalid(error.to_string()))?;
        let decisions: Self = serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        if decisions.egito_import != VERSION {
            return Err(invalid(format!("version {} of the file", decisions.egito_import)));
        }
        Ok(decisions)
    }

    /// Stores the decisions before anything is sent.
    pub(crate) fn write(&self, journal: &Path) -> Result<(), ImportError> {
        let path = Self::path(journal);
        self.write_to(&path).map_err(|error| ImportError::writing(&path, error))
    }

    fn write_to(&self, path: &Path) -> io::Result<()> {
        let temporary = path.with_extension("json.new");
        let mut file = File::create(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(temporary, path)
    }
}

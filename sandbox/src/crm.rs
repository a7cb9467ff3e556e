//! The state of the CRM: records, people, tokens, clock and config.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::clock::Clock;
use crate::config::Config;
use crate::oauth::tokens::Tokens;
use crate::seed::people::People;
use crate::store::Store;

/// The state of the CRM. Each request locks it, so actions are atomic.
#[derive(Debug)]
pub(crate) struct Crm {
    pub store: Store,
    pub people: People,
    /// Required fields, by entity.
    pub required: HashMap<String, Vec<String>>,
    pub tokens: Tokens,
    pub clock: Clock,
    pub config: Config,
}

impl Crm {
    /// Opens an empty CRM in a file, or in memory.
    pub fn open(data: Option<&PathBuf>) -> rusqlite::Result<Self> {
        Ok(Self {
            store: Store::open(data.map(PathBuf::as_path))?,
            people: People::default(),
            required: HashMap::new(),
            tokens: Tokens::default(),
            clock: Clock::default(),
            config: Config::default(),
        })
    }

    /// Returns the date that a write notes in the record.
    pub fn timestamp(&self) -> String {
        self.config.timestamp.clone().unwrap_or_else(|| self.clock.timestamp())
    }

    /// Returns every secret that is valid or was issued since the last reset.
    pub fn secrets(&self) -> Vec<String> {
        self.people.secrets().chain(self.tokens.secrets()).map(str::to_owned).collect()
    }
}

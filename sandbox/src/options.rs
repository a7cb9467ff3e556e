//! How a sandbox is started, and what a client needs to reach it.

use std::path::PathBuf;

use serde::Serialize;

/// How a sandbox is started. The default is in memory, on a free port, with the built-in seed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on 127.0.0.1; 0: any that is free.
    pub port: u16,
    /// Fill the entity `Account` up to so many generated records.
    pub records: Option<u32>,
    /// A seed document (YAML, or JSON) in place of the built-in one.
    pub seed: Option<PathBuf>,
    /// Keep the records in this `SQLite` file. One that holds data already is used as it is.
    pub data: Option<PathBuf>,
}

/// What to hand to a client, under the names of its settings.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// Where the sandbox listens, `http://127.0.0.1:41234`.
    pub base_url: String,
    /// The first client of the seed.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The first user of the seed that is not locked.
    pub username: String,
    /// The user's password.
    pub password: String,
}

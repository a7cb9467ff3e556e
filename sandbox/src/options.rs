//! Options of a sandbox, and the settings of a client for it.

use std::path::PathBuf;

use serde::Serialize;

use crate::seed::people::People;

/// Options to start a sandbox. By default it is in memory, on a free port, with the built-in seed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on 127.0.0.1. 0 uses a free one.
    pub port: u16,
    /// Number of records to fill the entity `Account` up to with generated ones.
    pub records: Option<u32>,
    /// File with a seed document (YAML or JSON) to use instead of the built-in one.
    pub seed: Option<PathBuf>,
    /// `SQLite` file to store the records in. A file that has data is used as it is.
    pub data: Option<PathBuf>,
}

/// Settings of a client for the sandbox, under the names of the SDK's settings.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// Address of the sandbox, such as `http://127.0.0.1:41234`.
    pub base_url: String,
    /// Id of the first client of the seed.
    pub client_id: String,
    /// Secret of this client.
    pub client_secret: String,
    /// Name of the first user of the seed that is not locked.
    pub username: String,
    /// Password of this user.
    pub password: String,
}

impl Settings {
    /// Returns the settings of the first client, and of the first user that is not locked.
    pub(crate) fn new(people: &People, base_url: String) -> Option<Self> {
        let client = people.clients.first()?;
        let user = people.users.iter().find(|user| !user.locked)?;
        Some(Self {
            base_url,
            client_id: client.id.clone(),
            client_secret: client.secret.clone(),
            username: user.name.clone(),
            password: user.password.clone(),
        })
    }

    /// Returns `export` lines for a shell's `eval`.
    #[must_use]
    pub fn to_exports(&self) -> String {
        let variables = [
            ("EGITO_BASE_URL", &self.base_url),
            ("EGITO_API_ID", &self.client_id),
            ("EGITO_API_SECRET", &self.client_secret),
            ("EGITO_USERNAME", &self.username),
            ("EGITO_PASSWORD", &self.password),
        ];
        variables.map(|(name, value)| format!("export {name}='{}'", value.replace('\'', r"'\''"))).join("\n")
    }
}

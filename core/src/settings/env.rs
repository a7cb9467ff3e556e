//! Reads settings from environment variables. Only callers that ask for it use this.

use super::pair::Pair;
use crate::error::{Error, Result};
use serde_json::value::to_raw_value;
use std::path::PathBuf;

/// Environment variables and their settings. Egito's own examples use these names, without the prefix for the client's keys.
const VARIABLES: [(&str, &str); 6] = [
    ("EGITO_NAME", "name"),
    ("EGITO_BASE_URL", "base_url"),
    ("EGITO_API_ID", "client_id"),
    ("EGITO_API_SECRET", "client_secret"),
    ("EGITO_USERNAME", "username"),
    ("EGITO_PASSWORD", "password"),
];

/// Returns the variable of a setting, if it has one.
pub(super) fn variable(setting: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(_, name)| *name == setting).map(|(variable, _)| *variable)
}

/// The variable that names a file with settings.
const FILE_VARIABLE: &str = "EGITO_CONFIG";

/// Returns the path of the file with settings that the environment names. An empty variable counts as not set.
pub(super) fn file() -> Option<PathBuf> {
    std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Returns the settings in the environment. An empty variable counts as not set.
pub(super) fn settings() -> Result<Vec<Pair>> {
    let mut found = Vec::new();
    for (variable, setting) in VARIABLES {
        match std::env::var(variable) {
            Ok(value) if !value.is_empty() => {
                let json = to_raw_value(&value).expect("a string is JSON");
                found.push((setting.to_owned(), json));
            }
            Ok(_) | Err(std::env::VarError::NotPresent) => {}
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Error::config(
                    setting,
                    format!("invalid environment variable {variable}: it is not valid UTF-8"),
                ));
            }
        }
    }
    Ok(found)
}

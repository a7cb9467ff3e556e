//! Settings from the environment, read only when asked for.

use crate::error::{Error, Result};

/// Egito's own examples call the variables so, with the prefix added for the client's keys.
const VARIABLES: [(&str, &str); 6] = [
    ("EGITO_NAME", "name"),
    ("EGITO_BASE_URL", "base_url"),
    ("EGITO_API_ID", "client_id"),
    ("EGITO_API_SECRET", "client_secret"),
    ("EGITO_USERNAME", "username"),
    ("EGITO_PASSWORD", "password"),
];

/// The variable that gives a setting, where there is one.
pub(super) fn variable(setting: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|(_, gives)| *gives == setting).map(|(variable, _)| *variable)
}

/// The settings that the environment gives; an empty variable counts as not set.
pub(super) fn settings() -> Result<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    for (variable, setting) in VARIABLES {
        match std::env::var(variable) {
            Ok(value) if !value.is_empty() => found.push((setting, value)),
            Ok(_) | Err(std::env::VarError::NotPresent) => {}
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Error::config(setting, format!("the environment variable {variable} is not valid UTF-8")));
            }
        }
    }
    Ok(found)
}

//! The names of environment variables.

/// The variable that names a file with settings.
pub(super) const FILE: &str = "EGITO_CONFIG";

/// Returns the variable of a setting: `EGITO_` and its name. Egito's own examples call the keys of a client "API". `headers` have no
/// variable.
pub(crate) fn variable(setting: &str) -> Option<String> {
    match setting {
        "client_id" => Some("EGITO_API_ID".into()),
        "client_secret" => Some("EGITO_API_SECRET".into()),
        "headers" => None,
        name => Some(format!("EGITO_{}", name.to_ascii_uppercase())),
    }
}

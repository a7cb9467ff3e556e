//! The names of environment variables.

/// The variable that names a file with settings.
pub(super) const FILE: &str = "EGITO_CONFIG";

/// Returns the environment variable of a setting: `EGITO_` and its name. Egito's own examples call the keys of a client "API".
/// `headers` have no variable.
///
/// ```
/// assert_eq!(egito::binding::variable("page_size").as_deref(), Some("EGITO_PAGE_SIZE"));
/// ```
#[must_use]
pub fn variable(setting: &str) -> Option<String> {
    match setting {
        "client_id" => Some("EGITO_API_ID".into()),
        "client_secret" => Some("EGITO_API_SECRET".into()),
        "headers" => None,
        name => Some(format!("EGITO_{}", name.to_ascii_uppercase())),
    }
}

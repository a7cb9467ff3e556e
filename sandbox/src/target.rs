//! The target of a request: login, or an action of an entity, read from its path.

/// The target of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    Login,
    Call {
        entity: String,
        action: String,
    },
    /// An address that the CRM does not have.
    Unknown,
}

/// All values of [`Target::action`].
pub(crate) const ACTIONS: [&str; 8] = ["login", "create", "get", "update", "delete", "list", "dictionary", "call"];

impl Target {
    pub fn of(path: &str) -> Self {
        if path == "/oauth/token" {
            return Self::Login;
        }
        match path.strip_prefix("/services/restapi/json/").and_then(|rest| rest.split_once('/')) {
            Some((entity, action)) if is_name(entity) && is_name(action) => {
                Self::Call { entity: entity.to_owned(), action: action.to_owned() }
            }
            _ => Self::Unknown,
        }
    }

    /// Returns its name in faults and in the journal.
    pub fn action(&self) -> Option<&'static str> {
        match self {
            Self::Login => Some("login"),
            Self::Call { entity, action } => Some(match (entity.as_str(), action.as_str()) {
                ("SelectDictionary", "list") => "dictionary",
                (_, "create") => "create",
                (_, "get") => "get",
                (_, "update") => "update",
                (_, "delete") => "delete",
                (_, "list") => "list",
                _ => "call",
            }),
            Self::Unknown => None,
        }
    }

    pub fn entity(&self) -> Option<&str> {
        if let Self::Call { entity, .. } = self { Some(entity) } else { None }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

//! Every refusal of the OAuth software: status, `error`, description [I]; the table of wire.md.

use crate::answer::Answer;
use crate::config::{Config, Locale};
use crate::fields::{Fields, to_raw};

/// Why there is no token, or why a token does not open the door.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    MethodNotAllowed(String),
    NoClient,
    BadClient,
    BadBasicClient,
    BadCredentials,
    UserLocked,
    MissingGrantType,
    UnsupportedGrantType(String),
    GrantNotAllowed(String),
    InvalidScope { scope: String, allowed: String },
    UnknownRefreshToken(String),
    ForeignRefreshToken(String),
    ExpiredRefreshToken(String),
    NoToken,
    UnknownToken(String),
    ExpiredToken(String),
    InsufficientScope(&'static str),
    AccessDenied,
    ServerError,
}

impl Refusal {
    pub fn answer(&self, config: &Config) -> Answer {
        let (status, error) = self.kind();
        let description = self.description(config);
        let mut fields = Fields::default();
        fields.set("error", to_raw(error));
        fields.set("error_description", to_raw(&description));
        if let Some(scope) = self.scope() {
            fields.set("scope", to_raw(scope));
        }
        let answer = not_stored(Answer::json(status, fields.to_json()));
        if status == 401 || matches!(self, Self::InsufficientScope(_)) {
            // Header values are Latin-1 at best: the description goes there only where it is ASCII.
            let description = if description.is_ascii() { description } else { error.to_owned() };
            let challenge = format!(r#"Bearer realm="oauth", error="{error}", error_description="{description}""#);
            return answer.with_header("WWW-Authenticate", challenge);
        }
        answer
    }

    fn kind(&self) -> (u16, &'static str) {
        match self {
            Self::MethodNotAllowed(_) => (405, "method_not_allowed"),
            Self::NoClient | Self::BadBasicClient | Self::NoToken => (401, "unauthorized"),
            Self::BadClient | Self::GrantNotAllowed(_) => (401, "invalid_client"),
            Self::BadCredentials | Self::UserLocked | Self::UnknownRefreshToken(_) | Self::ForeignRefreshToken(_) => {
                (400, "invalid_grant")
            }
            Self::MissingGrantType => (400, "invalid_request"),
            Self::UnsupportedGrantType(_) => (400, "unsupported_grant_type"),
            Self::InvalidScope { .. } => (400, "invalid_scope"),
            Self::ExpiredRefreshToken(_) | Self::UnknownToken(_) | Self::ExpiredToken(_) => (401, "invalid_token"),
            Self::InsufficientScope(_) => (403, "insufficient_scope"),
            Self::AccessDenied => (403, "access_denied"),
            Self::ServerError => (500, "server_error"),
        }
    }

    /// Older versions of the software repeat the token. Only some of the texts have been translated into Polish.
    fn description(&self, config: &Config) -> String {
        let told = |text: &str, value: &str| if config.echo_token { format!("{text}: {value}") } else { text.into() };
        match self {
            Self::MethodNotAllowed(method) => format!("Request method '{method}' not supported"),
            Self::NoClient | Self::NoToken => "Full authentication is required to access this resource".into(),
            Self::BadClient => "Bad client credentials".into(),
            Self::BadBasicClient | Self::BadCredentials => {
                config.locale.choose("Niepoprawne dane uwierzytelniające", "Bad credentials").into()
            }
            Self::UserLocked => {
                config.locale.choose("Konto użytkownika jest zablokowane", "User account is locked").into()
            }
            Self::MissingGrantType => "Missing grant type".into(),
            Self::UnsupportedGrantType(grant) => format!("Unsupported grant type: {grant}"),
            Self::GrantNotAllowed(grant) => format!("Unauthorized grant type: {grant}"),
            Self::InvalidScope { scope, .. } => format!("Invalid scope: {scope}"),
            Self::UnknownRefreshToken(value) => told("Invalid refresh token", value),
            Self::ForeignRefreshToken(value) => told("Wrong client for this refresh token", value),
            Self::ExpiredRefreshToken(value) => told("Invalid refresh token (expired)", value),
            Self::UnknownToken(value) => told("Invalid access token", value),
            Self::ExpiredToken(value) => told("Access token expired", value),
            Self::ServerError => "Internal Server Error".into(),
            Self::InsufficientScope(_) => "Insufficient scope for this resource".into(),
            Self::AccessDenied => match config.locale {
                Locale::Pl => "Dostęp zabroniony".into(),
                Locale::En => "Access is denied".into(),
            },
        }
    }

    fn scope(&self) -> Option<&str> {
        match self {
            Self::InvalidScope { allowed, .. } => Some(allowed),
            Self::InsufficientScope(scope) => Some(scope),
            _ => None,
        }
    }
}

/// Answers about tokens must not be kept by anyone on the way.
pub(super) fn not_stored(answer: Answer) -> Answer {
    answer.with_header("Cache-Control", "no-store").with_header("Pragma", "no-cache")
}

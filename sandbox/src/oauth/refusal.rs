//! All refusals of the OAuth software: status, `error` and description [I], as in the table of wire.md.

use crate::config::{Config, Locale};
use crate::fields::{Fields, to_raw};
use crate::response::Response;

/// Why a login or a token is refused.
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
    pub fn response(&self, config: &Config) -> Response {
        let (status, error) = self.kind();
        let description = self.description(config);
        let mut fields = Fields::default();
        fields.set("error", to_raw(error));
        fields.set("error_description", to_raw(&description));
        if let Some(scope) = self.scope() {
            fields.set("scope", to_raw(scope));
        }
        let response = not_cached(Response::json(status, fields.to_json()));
        if status == 401 || matches!(self, Self::InsufficientScope(_)) {
            // Header values cannot hold Polish letters, so the description is used only if it is ASCII.
            let description = if description.is_ascii() { description } else { error.to_owned() };
            let challenge = format!(r#"Bearer realm="oauth", error="{error}", error_description="{description}""#);
            return response.with_header("WWW-Authenticate", challenge);
        }
        response
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

    /// Older versions of Spring Security OAuth include the token. Only some texts are translated into Polish.
    fn description(&self, config: &Config) -> String {
        let with_token =
            |text: &str, value: &str| if config.echo_token { format!("{text}: {value}") } else { text.into() };
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
            Self::UnknownRefreshToken(value) => with_token("Invalid refresh token", value),
            Self::ForeignRefreshToken(value) => with_token("Wrong client for this refresh token", value),
            Self::ExpiredRefreshToken(value) => with_token("Invalid refresh token (expired)", value),
            Self::UnknownToken(value) => with_token("Invalid access token", value),
            Self::ExpiredToken(value) => with_token("Access token expired", value),
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

/// Forbids caching: responses with tokens must not be stored.
pub(super) fn not_cached(response: Response) -> Response {
    response.with_header("Cache-Control", "no-store").with_header("Pragma", "no-cache")
}

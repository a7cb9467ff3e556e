//! Builds the token request (RFC 6749) and reads its response.

use super::token::AccessToken;
use crate::envelope::RawResponse;
use crate::error::{Code, Error, Outcome};
use crate::json::Members;
use crate::settings::{Method, Settings, TokenParams};
use crate::transport::{Request, RequestBody};
use secrecy::{ExposeSecret, SecretString};
use serde_json::value::RawValue;
use std::time::{Duration, Instant};

/// Content type of the form. Without the charset, some servers decode the password as ISO-8859-1 and refuse it.
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

/// Longest plausible lifetime. A token with a longer one is used until the server refuses it with a 401.
const MAX_LIFETIME_SECONDS: f64 = 10.0 * 365.0 * 86_400.0;

/// The tokens in a successful response.
pub(crate) struct TokenResponse {
    pub token: AccessToken,
    pub refresh_token: Option<SecretString>,
    pub scope: Option<String>,
}

/// Builds the token request: the password grant, or the refresh token grant if there is no password.
pub(super) fn request(settings: &Settings, refresh_token: Option<&SecretString>) -> Request {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    match (settings.password(), refresh_token) {
        (None, Some(token)) => {
            form.append_pair("grant_type", "refresh_token").append_pair("refresh_token", token.expose_secret());
        }
        (password, _) => {
            form.append_pair("grant_type", "password")
                .append_pair("username", settings.username.as_deref().unwrap_or_default())
                .append_pair("password", password.map_or("", ExposeSecret::expose_secret));
        }
    }
    form.append_pair("client_id", &settings.client_id)
        .append_pair("client_secret", settings.client_secret.expose_secret());
    if let Some(scope) = settings.scope.as_ref().filter(|scope| !scope.is_empty()) {
        form.append_pair("scope", scope);
    }
    let parameters = form.finish();
    let (query, bytes) = match settings.token_params {
        TokenParams::Form => (None, parameters.into()),
        TokenParams::Query => (Some(parameters), bytes::Bytes::new()),
    };
    let body = Some(RequestBody { content_type: FORM, bytes });
    let headers = settings.headers.clone();
    Request { method: Method::Post, path: "/oauth/token".to_owned(), query, bearer: None, body, headers }
}

/// Reads the response to a token request. Only the status and the member `error` decide, since descriptions come in any language.
pub(crate) fn read(received: &RawResponse, now: Instant) -> Result<TokenResponse, Error> {
    match received.status {
        200..300 => match &received.decode_error {
            Some(why) => Err(without_tokens(received.unexpected(why))),
            None => token_response(received, now).map_err(without_tokens),
        },
        300..400 => {
            Err(received.unexpected("the token endpoint redirects, which is not followed; check `name` or `base_url`"))
        }
        429 => Err(failed(received, Code::RateLimited, "too many logins (HTTP 429): retry later")),
        500.. => {
            let message = format!("the server failed at the login (HTTP {}){}", received.status, received.by_proxy());
            Err(failed(received, Code::Server, &message))
        }
        _ => Err(refused(received)),
    }
}

fn token_response(received: &RawResponse, now: Instant) -> Result<TokenResponse, Error> {
    let response = members(received);
    let text = |name| member(&response, name).and_then(string).filter(|text| !text.is_empty());
    let Some(access_token) = text("access_token") else {
        return Err(received.unexpected("expected an access token, found none; check `name` or `base_url`"));
    };
    let kind = member(&response, "token_type").filter(|kind| !matches!(kind.get(), "null" | "\"\""));
    if let Some(other) = kind.filter(|kind| !string(kind).is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"))) {
        let message = format!("expected a token of the type \"bearer\", got {other}");
        return Err(received.unexpected(&message));
    }
    let token = AccessToken::new(access_token, member(&response, "expires_in").and_then(lifetime), now);
    Ok(TokenResponse { token, refresh_token: text("refresh_token").map(SecretString::from), scope: text("scope") })
}

/// Removes the start of the body from an error, unless it is an HTML page. The body may hold a token that is not yet in the list of
/// secrets.
fn without_tokens(error: Error) -> Error {
    let is_page = |body: &String| body.trim_start().starts_with('<');
    error.with(|d| d.body_start = d.body_start.take().filter(is_page))
}

/// Returns the remaining lifetime of the token, at least one second: the server counts whole seconds, so 0 means less than one.
/// Returns `None` for invalid values and for negative numbers, which often mean "does not expire".
fn lifetime(expires_in: &RawValue) -> Option<Duration> {
    let seconds: f64 = string(expires_in).unwrap_or_else(|| expires_in.get().to_owned()).trim().parse().ok()?;
    (0.0..MAX_LIFETIME_SECONDS).contains(&seconds).then(|| Duration::from_secs_f64(seconds.max(1.0)))
}

fn refused(received: &RawResponse) -> Error {
    let response = members(received);
    let text = |name| member(&response, name).and_then(string);
    let Some(refusal) = text("error") else {
        return received.unexpected("expected the response of a token endpoint; check `name` or `base_url`");
    };
    let advice = match refusal.as_str() {
        "invalid_client" | "unauthorized" => "check `client_id` and `client_secret`",
        "invalid_grant" => "check `username` and `password` (or the refresh token); more attempts can lock the user",
        "invalid_scope" => "check `scope`",
        "invalid_token" => "the refresh token has expired; log in with a password",
        _ => "check the credentials",
    };
    failed(received, Code::Auth, &format!("the login was refused ({refusal}): {advice}")).with(|d| {
        d.oauth_error = Some(refusal);
        d.oauth_description = text("error_description").filter(|_| received.decode_error.is_none());
    })
}

/// Returns the members of the body; none if it is not a JSON object.
fn members(received: &RawResponse) -> Members<'_> {
    Members::read(&received.body).unwrap_or(Members(Vec::new()))
}

/// Returns the value of a member. If the name occurs twice, the last one counts.
fn member<'j>(members: &Members<'j>, name: &str) -> Option<&'j RawValue> {
    members.0.iter().rev().find(|(known, _)| known == name).map(|&(_, value)| value)
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn failed(received: &RawResponse, code: Code, message: &str) -> Error {
    Error::new(code, message).with(|d| {
        d.status = Some(received.status);
        d.outcome = Some(Outcome::NotSent);
        d.content_type.clone_from(&received.content_type);
    })
}

//! The control API under `/_sandbox/`, for tests. It needs no token, and its requests are not in the journal.

mod clock;
mod faults;
mod journal;
mod kinds;
mod live_journal;
mod origin;
mod records;
mod reset;
mod settings;
mod tokens;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{Method, Uri};
use axum::middleware;
use axum::response::IntoResponse;
use axum::routing::{delete, get, post};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::lock::lock;
use crate::page;
use crate::response::Response;
use crate::seed::SeedError;
use crate::state::State;

/// Returns the routes of the control API.
pub(crate) fn routes(state: Arc<State>) -> Router {
    Router::new()
        .route("/_sandbox/reset", post(reset::reset))
        .route("/_sandbox/seed", post(reset::seed))
        .route("/_sandbox/config", post(change_config).get(show_config))
        .route("/_sandbox/faults", post(faults::add).get(faults::show).delete(faults::clear))
        .route("/_sandbox/faults/{id}", delete(faults::remove))
        .route("/_sandbox/release", post(faults::release))
        .route("/_sandbox/clock", post(clock::advance).get(clock::show))
        .route("/_sandbox/journal", get(journal::read).delete(journal::clear))
        .route("/_sandbox/journal/live", get(live_journal::follow))
        .route("/_sandbox/records", get(records::count))
        .route("/_sandbox/records/{entity}", get(records::list).post(records::create))
        .route("/_sandbox/records/{entity}/{id}", post(records::update).delete(records::delete))
        .route("/_sandbox/tokens", get(tokens::list))
        .route("/_sandbox/tokens/{number}", delete(tokens::expire))
        .route("/_sandbox/secrets", get(secrets))
        .route("/_sandbox/settings", get(settings::show))
        .route("/_sandbox/kinds", get(kinds::show))
        .merge(page::routes())
        .fallback(no_such_command)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn(origin::check))
        .with_state(state)
}

/// The response to a command, or its error.
type CommandResult = Result<Response, CommandError>;

/// The message of a command that is invalid or failed.
struct CommandError(String);

async fn no_such_command(uri: Uri) -> Response {
    Response::keyed(404, "error", &format!("unknown command {}; the README lists all commands", uri.path()))
}

async fn no_such_method(method: Method, uri: Uri) -> Response {
    Response::keyed(405, "error", &format!("{} does not support {method}; the README lists all commands", uri.path()))
}

async fn change_config(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let mut crm = lock(&state.crm);
    crm.config = crm.config.merged(&parse(&body)?)?;
    Ok(done())
}

async fn show_config(Shared(state): Shared<Arc<State>>) -> Response {
    Response::of(200, &lock(&state.crm).config)
}

async fn secrets(Shared(state): Shared<Arc<State>>) -> Response {
    Response::of(200, &lock(&state.crm).secrets())
}

/// Reads the JSON of a command. No body is the same as an empty object.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, CommandError> {
    Ok(serde_json::from_slice(if body.is_empty() { b"{}" } else { body })?)
}

fn done() -> Response {
    Response::json(200, r#"{"ok":true}"#)
}

impl IntoResponse for Response {
    fn into_response(self) -> axum::response::Response {
        self.into_http(Body::from)
    }
}

impl IntoResponse for CommandError {
    fn into_response(self) -> axum::response::Response {
        Response::keyed(400, "error", &self.0).into_http(Body::from)
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<SeedError> for CommandError {
    fn from(error: SeedError) -> Self {
        Self(error.to_string())
    }
}

impl From<rusqlite::Error> for CommandError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<String> for CommandError {
    fn from(message: String) -> Self {
        Self(message)
    }
}

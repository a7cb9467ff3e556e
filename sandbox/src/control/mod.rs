//! The control API under `/_sandbox/`, for tests. It needs no token, and its requests are not in the journal.

mod faults;
mod journal;
mod reset;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{Method, Uri};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::lock::lock;
use crate::response::Response;
use crate::seed::SeedError;
use crate::state::State;
use crate::store::{Order, Query};

/// Returns the routes of the control API.
pub(crate) fn routes(state: Arc<State>) -> Router {
    Router::new()
        .route("/_sandbox/reset", post(reset::reset))
        .route("/_sandbox/seed", post(reset::seed))
        .route("/_sandbox/config", post(change_config).get(show_config))
        .route("/_sandbox/faults", post(faults::add).get(faults::count).delete(faults::clear))
        .route("/_sandbox/release", post(faults::release))
        .route("/_sandbox/clock", post(advance_clock))
        .route("/_sandbox/journal", get(journal::read).delete(journal::clear))
        .route("/_sandbox/records/{entity}", get(records))
        .route("/_sandbox/secrets", get(secrets))
        .fallback(no_such_command)
        .method_not_allowed_fallback(no_such_method)
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: f64,
}

async fn advance_clock(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let Advance { advance } = parse(&body)?;
    lock(&state.crm).clock.advance(advance);
    Ok(done())
}

async fn records(Shared(state): Shared<Arc<State>>, Path(entity): Path<String>) -> CommandResult {
    let mut rows = String::from("[");
    let by_id = Query { order: Order::Natural, ..Query::default() };
    let mut add = |stored: &str| {
        if rows.len() > 1 {
            rows.push(',');
        }
        rows.push_str(stored);
    };
    let mut crm = lock(&state.crm);
    crm.store.each(&entity, &by_id, &mut add)?;
    crm.store.uncommitted(&entity).for_each(add);
    drop(crm);
    rows.push(']');
    Ok(Response::json(200, rows))
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

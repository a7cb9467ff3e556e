//! `/_sandbox/`: what a test does with the sandbox. Needs no token, and is never in the journal.

mod faults;
mod journal;
mod reset;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::lock::locked;
use crate::seed::SeedError;
use crate::state::State;
use crate::store::{Order, Query};

/// The control routes as one table.
pub(crate) fn routes(state: Arc<State>) -> Router {
    Router::new()
        .route("/_sandbox/reset", post(reset::reset))
        .route("/_sandbox/seed", post(reset::seed))
        .route("/_sandbox/config", post(change_config).get(show_config))
        .route("/_sandbox/faults", post(faults::add).get(faults::left).delete(faults::clear))
        .route("/_sandbox/release", post(faults::release))
        .route("/_sandbox/clock", post(advance_clock))
        .route("/_sandbox/journal", get(journal::read).delete(journal::clear))
        .route("/_sandbox/records/{entity}", get(records))
        .route("/_sandbox/secrets", get(secrets))
        .fallback(no_such_command)
        .method_not_allowed_fallback(no_such_method)
        .with_state(state)
}

/// The answer to a command: what was asked for, or what is wrong with it.
type Outcome = Result<Answer, Problem>;

struct Problem(String);

async fn no_such_command(uri: Uri) -> Answer {
    Answer::keyed(404, "error", &format!("no such command: {}; the README lists them", uri.path()))
}

async fn no_such_method(method: Method, uri: Uri) -> Answer {
    Answer::keyed(405, "error", &format!("{} does not take {method}; the README lists the commands", uri.path()))
}

async fn change_config(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let mut world = locked(&state.world);
    world.config = world.config.merged(&parse(&body)?)?;
    Ok(done())
}

async fn show_config(Shared(state): Shared<Arc<State>>) -> Answer {
    Answer::of(200, &locked(&state.world).config)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: f64,
}

async fn advance_clock(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let Advance { advance } = parse(&body)?;
    locked(&state.world).clock.advance(advance);
    Ok(done())
}

async fn records(Shared(state): Shared<Arc<State>>, Path(entity): Path<String>) -> Outcome {
    let mut rows = String::from("[");
    let by_id = Query { order: Order::Natural, ..Query::default() };
    locked(&state.world).store.each(&entity, &by_id, |stored| {
        if rows.len() > 1 {
            rows.push(',');
        }
        rows.push_str(stored);
    })?;
    rows.push(']');
    Ok(Answer::json(200, rows))
}

async fn secrets(Shared(state): Shared<Arc<State>>) -> Answer {
    Answer::of(200, &locked(&state.world).secrets())
}

/// A command's JSON; no body at all is an empty object.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    Ok(serde_json::from_slice(if body.is_empty() { b"{}" } else { body })?)
}

fn done() -> Answer {
    Answer::json(200, r#"{"ok":true}"#)
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        Answer::into_response(self, Body::from)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        Answer::keyed(400, "error", &self.0).into_response(Body::from)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<SeedError> for Problem {
    fn from(error: SeedError) -> Self {
        Self(error.to_string())
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<String> for Problem {
    fn from(message: String) -> Self {
        Self(message)
    }
}

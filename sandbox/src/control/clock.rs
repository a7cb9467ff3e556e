//! `clock`: the time of the server, which tests advance.

use std::sync::Arc;

use axum::extract::State as Shared;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::{CommandResult, done, parse};
use crate::lock::lock;
use crate::response::Response;
use crate::state::State;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance: f64,
}

pub(super) async fn advance(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let Advance { advance } = parse(&body)?;
    lock(&state.crm).clock.advance(advance);
    Ok(done())
}

/// Returns the time, and by how many seconds it was advanced.
pub(super) async fn show(Shared(state): Shared<Arc<State>>) -> Response {
    let crm = lock(&state.crm);
    Response::of(200, &json!({"now": crm.clock.timestamp(), "advanced": crm.clock.advanced()}))
}

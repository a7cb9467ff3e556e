//! `faults` scripts failures, `release` lets held requests continue.

use std::sync::Arc;

use axum::extract::State as Shared;
use bytes::Bytes;
use serde::Deserialize;

use super::{CommandResult, done, parse};
use crate::fault::Fault;
use crate::lock::lock;
use crate::response::Response;
use crate::state::State;

pub(super) async fn add(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let faults: Vec<Fault> = if is_list { parse(&body)? } else { vec![parse(&body)?] };
    faults.iter().try_for_each(Fault::check)?;
    lock(&state.faults).add(faults);
    Ok(done())
}

/// Returns the number of active faults.
pub(super) async fn count(Shared(state): Shared<Arc<State>>) -> Response {
    Response::keyed(200, "left", &lock(&state.faults).len())
}

/// Removes all faults. Requests that are held wait until they are released.
pub(super) async fn clear(Shared(state): Shared<Arc<State>>) -> Response {
    lock(&state.faults).clear();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    name: String,
}

pub(super) async fn release(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let Release { name } = parse(&body)?;
    state.barriers.release(&name);
    Ok(done())
}

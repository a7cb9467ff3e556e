//! `faults` scripts failures, `release` lets held requests continue.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{CommandResult, done, parse};
use crate::fault::{ActiveFault, Fault};
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

#[derive(Serialize)]
struct Active<'a> {
    left: usize,
    faults: &'a [ActiveFault],
}

/// Returns the active faults, and their number.
pub(super) async fn show(Shared(state): Shared<Arc<State>>) -> Response {
    let faults = lock(&state.faults);
    Response::of(200, &Active { left: faults.active().len(), faults: faults.active() })
}

/// Removes all faults. Requests that are held wait until they are released.
pub(super) async fn clear(Shared(state): Shared<Arc<State>>) -> Response {
    lock(&state.faults).clear();
    done()
}

/// Removes one fault.
pub(super) async fn remove(Shared(state): Shared<Arc<State>>, Path(id): Path<u64>) -> Response {
    if lock(&state.faults).remove(id) {
        return done();
    }
    Response::keyed(404, "error", &format!("the fault {id} is not active"))
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

//! `faults` scripts what goes wrong, `release` lets held requests go.

use std::sync::Arc;

use axum::extract::State as Shared;
use bytes::Bytes;
use serde::Deserialize;

use super::{Outcome, done, parse};
use crate::answer::Answer;
use crate::fault::Fault;
use crate::lock::locked;
use crate::state::State;

pub(super) async fn add(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let is_list = body.trim_ascii_start().first() == Some(&b'[');
    let faults: Vec<Fault> = if is_list { parse(&body)? } else { vec![parse(&body)?] };
    faults.iter().try_for_each(Fault::check)?;
    locked(&state.faults).add(faults);
    Ok(done())
}

/// How many faults are still to come, those that never end included.
pub(super) async fn left(Shared(state): Shared<Arc<State>>) -> Answer {
    Answer::keyed(200, "left", &locked(&state.faults).len())
}

/// Takes back what is still to come; requests that are held stay so until they are released.
pub(super) async fn clear(Shared(state): Shared<Arc<State>>) -> Answer {
    locked(&state.faults).clear();
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    name: String,
}

pub(super) async fn release(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let Release { name } = parse(&body)?;
    state.holds.release(&name);
    Ok(done())
}

//! `journal`: which requests came, and waiting for them.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::{Outcome, Problem, done};
use crate::answer::Answer;
use crate::journal::{Entry, Secrets};
use crate::lock::locked;
use crate::state::State;

/// What is to be shown, and how many of it to wait for.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Wanted {
    wait: usize,
    timeout_ms: u64,
    action: Option<String>,
    entity: Option<String>,
    client_gone: Option<bool>,
}

pub(super) async fn read(Shared(state): Shared<Arc<State>>, wanted: Result<Query<Wanted>, QueryRejection>) -> Outcome {
    let Query(wanted) = wanted.map_err(|rejection| Problem(rejection.body_text()))?;
    let patience = Duration::from_millis(wanted.timeout_ms);
    let came = tokio::time::timeout(patience, state.journal.wait(wanted.wait, |entry| wanted.passes(entry))).await;
    let mut entries = state.journal.entries();
    entries.retain(|entry| wanted.passes(entry));
    if came.is_err() {
        let message = format!("{} of {} requests came within {patience:?}", entries.len(), wanted.wait);
        return Ok(Answer::keyed(408, "error", &message));
    }
    let world = locked(&state.world);
    let secrets = Secrets::new(world.secrets());
    let views: Vec<_> = entries.iter().map(|entry| entry.view(&secrets, &world.tokens)).collect();
    Ok(Answer::of(200, &views))
}

pub(super) async fn clear(Shared(state): Shared<Arc<State>>) -> Answer {
    state.journal.clear();
    done()
}

impl Wanted {
    fn passes(&self, entry: &Entry) -> bool {
        let target = &entry.request().target;
        self.action.as_deref().is_none_or(|action| target.action() == Some(action))
            && self.entity.as_deref().is_none_or(|entity| target.entity() == Some(entity))
            && self.client_gone.is_none_or(|gone| entry.client_gone() == gone)
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self { wait: 0, timeout_ms: 5000, action: None, entity: None, client_gone: None }
    }
}

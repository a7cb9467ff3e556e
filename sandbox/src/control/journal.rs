//! `journal`: the requests received so far, and waiting for more.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::{CommandError, CommandResult, done};
use crate::journal::{Entry, Secrets};
use crate::lock::lock;
use crate::response::Response;
use crate::state::State;

/// Which requests to return, and how many to wait for.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct JournalQuery {
    wait: usize,
    timeout_ms: u64,
    action: Option<String>,
    entity: Option<String>,
    client_gone: Option<bool>,
}

pub(super) async fn read(
    Shared(state): Shared<Arc<State>>,
    query: Result<Query<JournalQuery>, QueryRejection>,
) -> CommandResult {
    let Query(query) = query.map_err(|rejection| CommandError(rejection.body_text()))?;
    let limit = Duration::from_millis(query.timeout_ms);
    let waited = tokio::time::timeout(limit, state.journal.wait(query.wait, |entry| query.matches(entry))).await;
    let mut entries = state.journal.entries();
    entries.retain(|entry| query.matches(entry));
    if waited.is_err() {
        let message = format!("received {} of {} requests within {limit:?}", entries.len(), query.wait);
        return Ok(Response::keyed(408, "error", &message));
    }
    let crm = lock(&state.crm);
    let secrets = Secrets::new(crm.secrets());
    let views: Vec<_> = entries.iter().map(|entry| entry.view(&secrets, &crm.tokens)).collect();
    Ok(Response::of(200, &views))
}

pub(super) async fn clear(Shared(state): Shared<Arc<State>>) -> Response {
    state.journal.clear();
    done()
}

impl JournalQuery {
    fn matches(&self, entry: &Entry) -> bool {
        let target = &entry.request().target;
        self.action.as_deref().is_none_or(|action| target.action() == Some(action))
            && self.entity.as_deref().is_none_or(|entity| target.entity() == Some(entity))
            && self.client_gone.is_none_or(|gone| entry.client_gone() == gone)
    }
}

impl Default for JournalQuery {
    fn default() -> Self {
        Self { wait: 0, timeout_ms: 5000, action: None, entity: None, client_gone: None }
    }
}

//! `settings`: the settings of a client for this sandbox.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::http::header::HOST;

use super::{CommandError, CommandResult};
use crate::lock::lock;
use crate::options::Settings;
use crate::response::Response;
use crate::state::State;

/// Returns the settings for the address under which the caller reached the sandbox.
pub(super) async fn show(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> CommandResult {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let settings = Settings::new(&lock(&state.crm).people, format!("http://{host}"));
    let settings = settings.ok_or_else(|| CommandError("the seed has no client and no user".to_owned()))?;
    Ok(Response::of(200, &settings))
}

//! `tokens`: the access tokens that were issued, and their expiry.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};

use super::done;
use crate::lock::lock;
use crate::response::Response;
use crate::state::State;

/// Returns the tokens, the last one first.
pub(super) async fn list(Shared(state): Shared<Arc<State>>) -> Response {
    let crm = lock(&state.crm);
    Response::of(200, &crm.tokens.list(crm.clock.now()).collect::<Vec<_>>())
}

/// Expires a token, by its number.
pub(super) async fn expire(Shared(state): Shared<Arc<State>>, Path(number): Path<usize>) -> Response {
    if lock(&state.crm).tokens.expire_number(number) {
        return done();
    }
    Response::keyed(404, "error", &format!("the token {number} is not valid"))
}

//! `reset` restores the initial state, `seed` adds records.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State as Shared;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CommandError, CommandResult, done, parse};
use crate::config::Config;
use crate::fields::Fields;
use crate::lock::lock;
use crate::response::Response;
use crate::seed::{self, Document};
use crate::state::State;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Reset {
    /// `"default"`, `"empty"`, or a seed document.
    seed: Option<Box<RawValue>>,
    /// Entity → number of records to fill it up to with generated ones.
    records: BTreeMap<String, i64>,
    config: Fields,
}

pub(super) async fn reset(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let Reset { seed, records, config } = parse(&body)?;
    let seed = match seed.as_deref().map(RawValue::get) {
        None | Some("\"default\"") => state.seed.clone(),
        Some("\"empty\"") => Document::empty(),
        Some(text) if text.starts_with('{') => Document::from_json(text)?,
        Some(other) => {
            return Err(CommandError(format!(
                "invalid `seed`: expected \"default\", \"empty\" or a seed document, got {other}"
            )));
        }
    };
    state.reset(&seed, &records, Config::default().merged(&config)?)?;
    Ok(done())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    entities: Fields,
}

pub(super) async fn seed(Shared(state): Shared<Arc<State>>, body: Bytes) -> CommandResult {
    let Seed { entities } = parse(&body).map_err(|CommandError(why)| {
        CommandError(format!("{why}; a seed has the form {{\"entities\": {{\"Account\": [{{…}}, …]}}}}"))
    })?;
    let ids = lock(&state.crm).store.in_transaction(|store| seed::add_entities(store, &entities))?;
    Ok(Response::keyed(200, "ids", &ids))
}

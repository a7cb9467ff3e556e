//! `reset` makes everything fresh, `seed` adds records.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State as Shared;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Outcome, Problem, done, parse};
use crate::answer::Answer;
use crate::config::Config;
use crate::fields::Fields;
use crate::lock::locked;
use crate::seed::{self, Document};
use crate::state::State;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Reset {
    /// `"default"`, `"empty"`, or a seed document.
    seed: Option<Box<RawValue>>,
    /// Entity → generated records that it is filled up to.
    records: BTreeMap<String, i64>,
    config: Fields,
}

pub(super) async fn reset(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let Reset { seed, records, config } = parse(&body)?;
    let seed = match seed.as_deref().map(RawValue::get) {
        None | Some("\"default\"") => state.seed.clone(),
        Some("\"empty\"") => Document::empty(),
        Some(text) if text.starts_with('{') => Document::from_json(text)?,
        Some(other) => return Err(Problem(format!("no such seed: {other}"))),
    };
    state.reset(&seed, &records, Config::default().merged(&config)?)?;
    Ok(done())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seed {
    entities: Fields,
}

pub(super) async fn seed(Shared(state): Shared<Arc<State>>, body: Bytes) -> Outcome {
    let Seed { entities } = parse(&body).map_err(|Problem(why)| {
        Problem(format!("{why}; a seed has the form {{\"entities\": {{\"Account\": [{{…}}, …]}}}}"))
    })?;
    let ids = locked(&state.world).store.at_once(|store| seed::add_entities(store, &entities))?;
    Ok(Answer::keyed(200, "ids", &ids))
}

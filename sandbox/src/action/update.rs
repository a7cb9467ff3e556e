//! `update`: changes the fields that were sent, and no other [A].

use super::{id_answer, key, missing_fields, sent_fields};
use crate::answer::{Answer, Reply, not_found, validation_failure};
use crate::exchange::Exchange;
use crate::fields::{Fields, number, to_raw};
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, entity: &str) -> Reply {
    let key = key(world, request)?;
    let mut changes = sent_fields(world, request, entity)?;
    changes.remove(&world.config.id_param);
    let stored = world.store.get(entity, &key)?.ok_or_else(|| not_found(&world.config, entity, &key))?;
    let mut record = Fields::parse(&stored).map_err(|error| Answer::bad_request(&error.to_string()))?;
    for (name, value) in changes.iter() {
        record.set(name, value.to_owned());
    }
    let missing = missing_fields(world, entity, &record);
    if !missing.is_empty() {
        return Err(validation_failure(&world.config, entity, &missing));
    }
    let version = record.get("version").and_then(|value| value.get().parse::<i64>().ok()).unwrap_or_default();
    record.set("version", number(version.saturating_add(1)));
    record.set("lastUpdated", to_raw(&world.clock.timestamp()));
    world.store.put(entity, &key, &record.to_json())?;
    Ok(id_answer(&world.config, &key))
}

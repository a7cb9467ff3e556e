//! `create`: a new record with the next id.

use super::{id_answer, missing_fields, sent_fields};
use crate::answer::{Reply, validation_failure};
use crate::exchange::Exchange;
use crate::fields::{number, to_raw};
use crate::store::Key;
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, entity: &str) -> Reply {
    let mut record = sent_fields(world, request, entity)?;
    let missing = missing_fields(world, entity, &record);
    if !missing.is_empty() {
        return Err(validation_failure(&world.config, entity, &missing));
    }
    let id = world.store.next_id(entity)?;
    let now = to_raw(&world.clock.timestamp());
    record.set_first("id", number(id));
    record.set("version", number(0));
    record.set("dateCreated", now.clone());
    record.set("lastUpdated", now);
    world.store.put(entity, &Key::Number(id), &record.to_json())?;
    Ok(id_answer(&world.config, &Key::Number(id)))
}

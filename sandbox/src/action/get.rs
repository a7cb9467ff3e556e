//! `get`: one record by its id.

use super::{key, write_record};
use crate::answer::{Answer, Reply, not_found};
use crate::exchange::Exchange;
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, entity: &str) -> Reply {
    let key = key(world, request)?;
    let stored = world.store.get(entity, &key)?.ok_or_else(|| not_found(&world.config, entity, &key))?;
    let mut body = String::with_capacity(stored.len());
    write_record(&world.config, &stored, &mut body);
    Ok(Answer::json(200, body))
}

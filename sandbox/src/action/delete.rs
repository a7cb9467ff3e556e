//! `delete`: removes a record; its path is an assumption, by analogy [A].

use super::{id_answer, key};
use crate::answer::{Reply, not_found};
use crate::exchange::Exchange;
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, entity: &str) -> Reply {
    let key = key(world, request)?;
    if world.store.delete(entity, &key)? {
        Ok(id_answer(&world.config, &key))
    } else {
        Err(not_found(&world.config, entity, &key))
    }
}

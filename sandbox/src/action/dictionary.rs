//! `SelectDictionary/list?type=…`: the entries of a dictionary, a list like any other [D].

use super::list::{page, query};
use crate::answer::{Answer, Reply};
use crate::exchange::Exchange;
use crate::seed;
use crate::world::World;

pub(super) fn run(world: &mut World, request: &Exchange, _entity: &str) -> Reply {
    let mut params = request.params();
    let place = params.iter().position(|(name, _)| name == "type");
    let (_, kind) = place.map(|place| params.remove(place)).ok_or_else(|| Answer::bad_request("no type was given"))?;
    page(world, &seed::dictionary_entity(&kind), &query(&world.config, params))
}

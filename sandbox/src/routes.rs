//! Which part of the CRM answers which request.

use crate::action;
use crate::answer::{Answer, Reply};
use crate::exchange::Exchange;
use crate::oauth;
use crate::target::Target;
use crate::world::World;

/// The true answer to a request.
pub(crate) fn answer(world: &mut World, request: &Exchange) -> Reply {
    match &request.target {
        Target::Login => oauth::answer(world, request),
        Target::Call { entity, action } => action::answer(world, request, entity, action),
        Target::Nothing => Err(Answer::no_such_page()),
    }
}

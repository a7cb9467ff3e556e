//! Who may do what: the token of a call, and the rights of its user.

use crate::exchange::Exchange;
use crate::oauth::refusals::Refusal;
use crate::oauth::tokens::Ended;
use crate::seed::people::Right;
use crate::world::World;

/// Lets a call pass, or says why not. `None` asks for a good token only: the right that an own action needs is not known.
pub(crate) fn check(world: &mut World, request: &Exchange, needed: Option<Right>) -> Result<(), Refusal> {
    let (value, _) = request.token().ok_or(Refusal::NoToken)?;
    let owner = match world.tokens.check(value, world.clock.now()) {
        Ok(token) => &token.owner,
        Err(Ended::Unknown) => return Err(Refusal::UnknownToken(value.to_owned())),
        Err(Ended::Expired) => return Err(Refusal::ExpiredToken(value.to_owned())),
    };
    let Some(needed) = needed else { return Ok(()) };
    if !owner.scopes.contains(needed.scope()) {
        return Err(Refusal::InsufficientScope(needed.scope()));
    }
    let has_right = world.people.user(&owner.user).is_some_and(|user| user.rights.contains(&needed));
    if has_right { Ok(()) } else { Err(Refusal::AccessDenied) }
}

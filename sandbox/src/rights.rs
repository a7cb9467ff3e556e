//! Checks the token of a call, and the rights of its user.

use crate::crm::Crm;
use crate::oauth::refusal::Refusal;
use crate::oauth::tokens::InvalidToken;
use crate::request::Request;
use crate::seed::people::Right;

/// Checks whether a call is allowed. `None` requires only a valid token: the right that a custom action needs is unknown.
pub(crate) fn check(crm: &mut Crm, request: &Request, needed: Option<Right>) -> Result<(), Refusal> {
    let (value, _) = request.token().ok_or(Refusal::NoToken)?;
    let owner = match crm.tokens.check(value, crm.clock.now()) {
        Ok(token) => &token.owner,
        Err(InvalidToken::Unknown) => return Err(Refusal::UnknownToken(value.to_owned())),
        Err(InvalidToken::Expired) => return Err(Refusal::ExpiredToken(value.to_owned())),
    };
    let Some(needed) = needed else { return Ok(()) };
    if !owner.scopes.contains(needed.scope()) {
        return Err(Refusal::InsufficientScope(needed.scope()));
    }
    let has_right = crm.people.user(&owner.user).is_some_and(|user| user.rights.contains(&needed));
    if has_right { Ok(()) } else { Err(Refusal::AccessDenied) }
}

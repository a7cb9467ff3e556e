//! The two grants: password, and refresh token.

use super::Scopes;
use super::refusals::Refusal;
use super::tokens::{AccessToken, Owner};
use crate::config::FormCharset;
use crate::exchange::Exchange;
use crate::seed::people::Client;
use crate::world::World;

pub(super) fn password(
    world: &mut World,
    request: &Exchange,
    client: &Client,
    asked: &Scopes,
) -> Result<AccessToken, Refusal> {
    let name = &received(world.config.form_charset, request, "username");
    let password = received(world.config.form_charset, request, "password");
    let user = world.people.user(name).ok_or(Refusal::BadCredentials)?;
    // The software looks at the account before it looks at the password.
    if user.locked {
        return Err(Refusal::UserLocked);
    }
    if user.password != password {
        return Err(Refusal::BadCredentials);
    }
    let owner = Owner { client: client.id.clone(), user: name.to_owned(), scopes: asked.set.clone() };
    world.tokens.login(&owner, &asked.text, &world.config, world.clock.now()).ok_or(Refusal::ServerError)
}

/// A parameter as the server reads it: without a charset in the content type perhaps as other letters.
fn received(charset: FormCharset, request: &Exchange, name: &str) -> String {
    let text = request.form_param(name).unwrap_or_default();
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if charset == FormCharset::Utf8 || content_type.contains("charset=") {
        text.to_owned()
    } else {
        text.bytes().map(char::from).collect()
    }
}

pub(super) fn refresh(
    world: &mut World,
    request: &Exchange,
    client: &Client,
    asked: &Scopes,
) -> Result<AccessToken, Refusal> {
    let value = request.form_param("refresh_token").unwrap_or_default();
    let token = world.tokens.refresh_token(value).ok_or_else(|| Refusal::UnknownRefreshToken(value.to_owned()))?;
    if token.owner.client != client.id {
        return Err(Refusal::ForeignRefreshToken(value.to_owned()));
    }
    if token.ends <= world.clock.now() {
        return Err(Refusal::ExpiredRefreshToken(value.to_owned()));
    }
    if asked.were_sent && !asked.set.is_subset(&token.owner.scopes) {
        return Err(Refusal::InvalidScope { scope: asked.text.clone(), allowed: token.scope.clone() });
    }
    let (owner, scope) = if asked.were_sent {
        (Owner { scopes: asked.set.clone(), ..token.owner.clone() }, asked.text.clone())
    } else {
        (token.owner.clone(), token.scope.clone())
    };
    Ok(world.tokens.renew(value, &owner, &scope, &world.config, world.clock.now()))
}

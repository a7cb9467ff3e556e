//! The grants `password` and `refresh_token`.

use super::Scopes;
use super::refusal::Refusal;
use super::tokens::{AccessToken, Owner};
use crate::config::FormCharset;
use crate::crm::Crm;
use crate::request::Request;
use crate::seed::people::Client;

pub(super) fn password(
    crm: &mut Crm,
    request: &Request,
    client: &Client,
    scopes: &Scopes,
) -> Result<AccessToken, Refusal> {
    let name = &received(crm.config.form_charset, request, "username");
    let password = received(crm.config.form_charset, request, "password");
    let user = crm.people.user(name).ok_or(Refusal::BadCredentials)?;
    // The software checks the account before the password.
    if user.locked {
        return Err(Refusal::UserLocked);
    }
    if user.password != password {
        return Err(Refusal::BadCredentials);
    }
    let owner = Owner { client: client.id.clone(), user: name.to_owned(), scopes: scopes.set.clone() };
    crm.tokens.login(&owner, &scopes.text, &crm.config, crm.clock.now()).ok_or(Refusal::ServerError)
}

/// Returns a parameter as the server decodes it: if the content type names no charset, by the configured one.
fn received(charset: FormCharset, request: &Request, name: &str) -> String {
    let text = request.form_param(name).unwrap_or_default();
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if charset == FormCharset::Utf8 || content_type.contains("charset=") {
        text.to_owned()
    } else {
        text.bytes().map(char::from).collect()
    }
}

pub(super) fn refresh(
    crm: &mut Crm,
    request: &Request,
    client: &Client,
    scopes: &Scopes,
) -> Result<AccessToken, Refusal> {
    let value = request.form_param("refresh_token").unwrap_or_default();
    let token = crm.tokens.refresh_token(value).ok_or_else(|| Refusal::UnknownRefreshToken(value.to_owned()))?;
    if token.owner.client != client.id {
        return Err(Refusal::ForeignRefreshToken(value.to_owned()));
    }
    if token.expires_at <= crm.clock.now() {
        return Err(Refusal::ExpiredRefreshToken(value.to_owned()));
    }
    if scopes.were_sent && !scopes.set.is_subset(&token.owner.scopes) {
        return Err(Refusal::InvalidScope { scope: scopes.text.clone(), allowed: token.scope.clone() });
    }
    let (owner, scope) = if scopes.were_sent {
        (Owner { scopes: scopes.set.clone(), ..token.owner.clone() }, scopes.text.clone())
    } else {
        (token.owner.clone(), token.scope.clone())
    };
    Ok(crm.tokens.renew(value, &owner, &scope, &crm.config, crm.clock.now()))
}

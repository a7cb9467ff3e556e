//! `POST /oauth/token`: who asks, with which grant, and the token or the refusal.
//!
//! The order of the checks is the software's: client, scope, grant [I].

mod grants;
pub(crate) mod refusals;
pub(crate) mod tokens;

use std::collections::BTreeSet;

use crate::answer::{Answer, Reply};
use crate::config::{Config, ExpiresIn, ExpiresInWord};
use crate::exchange::Exchange;
use crate::fields::{Fields, to_raw};
use crate::seed::people::Client;
use crate::world::World;
use refusals::Refusal;
use tokens::AccessToken;

pub(crate) fn answer(world: &mut World, request: &Exchange) -> Reply {
    if request.method != "POST" {
        return Err(Refusal::MethodNotAllowed(request.method.to_string()).answer(&world.config));
    }
    match token(world, request) {
        Ok(token) => Ok(token_answer(&world.config, &token, world.clock.now())),
        Err(refusal) => Err(refusal.answer(&world.config)),
    }
}

fn token(world: &mut World, request: &Exchange) -> Result<AccessToken, Refusal> {
    let client = client(world, request)?;
    let asked = Scopes::asked(request, &client)?;
    let grant = request.form_param("grant_type").ok_or(Refusal::MissingGrantType)?;
    match grant {
        "password" | "refresh_token" if !client.grants.iter().any(|allowed| allowed == grant) => {
            Err(Refusal::GrantNotAllowed(grant.to_owned()))
        }
        "password" => grants::password(world, request, &client, &asked),
        "refresh_token" => grants::refresh(world, request, &client, &asked),
        other => Err(Refusal::UnsupportedGrantType(other.to_owned())),
    }
}

/// The scopes of a login: as text in the order in which answers name them, and as a set.
struct Scopes {
    text: String,
    set: BTreeSet<String>,
    were_sent: bool,
}

impl Scopes {
    /// What was asked for; without a word the client's own, as they are registered.
    fn asked(request: &Exchange, client: &Client) -> Result<Self, Refusal> {
        let sent = request.form_param("scope").filter(|scope| !scope.trim().is_empty());
        let scopes: BTreeSet<String> = sent.unwrap_or(&client.scope).split_whitespace().map(str::to_owned).collect();
        match scopes.iter().find(|scope| !client.scope.split_whitespace().any(|allowed| allowed == *scope)) {
            Some(unknown) => Err(Refusal::InvalidScope { scope: unknown.clone(), allowed: client.scope.clone() }),
            None => Ok(Self {
                // What was sent passes through a sorted set in the software, what is registered does not.
                text: if sent.is_some() { sorted_text(&scopes) } else { client.scope.clone() },
                set: scopes,
                were_sent: sent.is_some(),
            }),
        }
    }
}

fn sorted_text(scopes: &BTreeSet<String>) -> String {
    scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The client that asks: by `Basic` header, or by parameters of the query or the form.
fn client(world: &World, request: &Exchange) -> Result<Client, Refusal> {
    let by_header = request.basic();
    let is_basic = by_header.is_some();
    let by_params = || {
        let id = request.form_param("client_id")?.trim().to_owned();
        Some((id, request.form_param("client_secret").unwrap_or_default().to_owned()))
    };
    let (id, secret) = by_header.or_else(by_params).ok_or(Refusal::NoClient)?;
    let known = world.people.client(&id).filter(|client| client.secret == secret);
    known.cloned().ok_or(if is_basic { Refusal::BadBasicClient } else { Refusal::BadClient })
}

/// The token answer in Egito's form and key order [D].
fn token_answer(config: &Config, token: &AccessToken, now: f64) -> Answer {
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are what the server tells")]
    let remaining = (token.ends - now).max(0.0) as i64;
    let mut fields = Fields::default();
    fields.set("access_token", to_raw(&token.value));
    fields.set("token_type", to_raw(&config.token_type));
    fields.set("refresh_token", to_raw(&token.refresh));
    match config.expires_in {
        ExpiresIn::Word(ExpiresInWord::Remaining) => fields.set("expires_in", to_raw(&remaining)),
        ExpiresIn::Seconds(seconds) => fields.set("expires_in", to_raw(&seconds)),
        ExpiresIn::Word(ExpiresInWord::Missing) => {}
    }
    fields.set("scope", to_raw(&token.scope));
    for name in &config.token_omit {
        fields.remove(name);
    }
    refusals::not_stored(Answer::json(200, fields.to_json()))
}

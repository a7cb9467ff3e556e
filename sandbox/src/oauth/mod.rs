//! `POST /oauth/token`: checks client, scope and grant in the order of Spring Security OAuth [I], and returns a token or a refusal.

mod grants;
pub(crate) mod refusal;
pub(crate) mod tokens;

use std::collections::BTreeSet;

use crate::config::{Config, ExpiresIn, ExpiresInWord, TokenParams};
use crate::crm::Crm;
use crate::fields::{Fields, to_raw};
use crate::request::Request;
use crate::response::{ActionResult, Response};
use crate::seed::people::Client;
use refusal::Refusal;
use tokens::AccessToken;

pub(crate) fn login(crm: &mut Crm, request: &Request) -> ActionResult {
    if request.method != "POST" {
        return Err(Refusal::MethodNotAllowed(request.method.to_string()).response(&crm.config));
    }
    match token(crm, request) {
        Ok(token) => Ok(token_response(&crm.config, &token, crm.clock.now())),
        Err(refusal) => Err(refusal.response(&crm.config)),
    }
}

fn token(crm: &mut Crm, request: &Request) -> Result<AccessToken, Refusal> {
    let is_read = match crm.config.token_params {
        TokenParams::Any => true,
        TokenParams::Form => request.form().is_some(),
        TokenParams::Query => !request.query.0.is_empty(),
    };
    if !is_read {
        return Err(Refusal::NoClient);
    }
    let client = client(crm, request)?;
    let scopes = Scopes::requested(request, &client)?;
    let grant = request.form_param("grant_type").ok_or(Refusal::MissingGrantType)?;
    match grant {
        "password" | "refresh_token" if !client.grants.iter().any(|allowed| allowed == grant) => {
            Err(Refusal::GrantNotAllowed(grant.to_owned()))
        }
        "password" => grants::password(crm, request, &client, &scopes),
        "refresh_token" => grants::refresh(crm, request, &client, &scopes),
        other => Err(Refusal::UnsupportedGrantType(other.to_owned())),
    }
}

/// The scopes of a login: as the string of the token response, and as a set.
struct Scopes {
    text: String,
    set: BTreeSet<String>,
    were_sent: bool,
}

impl Scopes {
    /// Returns the requested scopes, by default those registered for the client.
    fn requested(request: &Request, client: &Client) -> Result<Self, Refusal> {
        let sent = request.form_param("scope").filter(|scope| !scope.trim().is_empty());
        let scopes: BTreeSet<String> = sent.unwrap_or(&client.scope).split_whitespace().map(str::to_owned).collect();
        match scopes.iter().find(|scope| !client.scope.split_whitespace().any(|allowed| allowed == *scope)) {
            Some(unknown) => Err(Refusal::InvalidScope { scope: unknown.clone(), allowed: client.scope.clone() }),
            None => Ok(Self {
                // The software sorts requested scopes, but not registered ones.
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

/// Returns the client of the `Basic` header, or of the parameters in the query or the form.
fn client(crm: &Crm, request: &Request) -> Result<Client, Refusal> {
    let by_header = request.basic();
    let is_basic = by_header.is_some();
    let by_params = || {
        let id = request.form_param("client_id")?.trim().to_owned();
        Some((id, request.form_param("client_secret").unwrap_or_default().to_owned()))
    };
    let (id, secret) = by_header.or_else(by_params).ok_or(Refusal::NoClient)?;
    let known = crm.people.client(&id).filter(|client| client.secret == secret);
    known.cloned().ok_or(if is_basic { Refusal::BadBasicClient } else { Refusal::BadClient })
}

/// Returns the token response in Egito's form and key order [D].
fn token_response(config: &Config, token: &AccessToken, now: f64) -> Response {
    #[expect(clippy::cast_possible_truncation, reason = "the server sends whole seconds")]
    let remaining = (token.expires_at - now).max(0.0) as i64;
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
    refusal::not_cached(Response::json(200, fields.to_json()))
}

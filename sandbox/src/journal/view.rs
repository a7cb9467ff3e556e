//! A journal entry as JSON, without secrets.

use serde::Serialize;
use serde_json::value::RawValue;

use super::response::{MAX_BODY, ResponseView};
use super::{Entry, Secrets};
use crate::clock::iso_8601_millis;
use crate::fields::{Fields, raw, to_raw};
use crate::form::Pairs;
use crate::lock::lock;
use crate::oauth::tokens::Tokens;
use crate::request::{ParsedBody, TokenLocation};
use crate::target::Target;

#[derive(Serialize)]
struct View<'a> {
    n: u64,
    method: &'a str,
    path: String,
    query: Box<RawValue>,
    action: Option<&'static str>,
    entity: Option<&'a str>,
    grant: Option<&'a str>,
    headers: Fields,
    body: String,
    json: Option<Box<RawValue>>,
    form: Option<Box<RawValue>>,
    status: Option<u16>,
    applied: bool,
    token: Option<usize>,
    token_in: Option<&'static str>,
    connection: u64,
    in_flight: usize,
    client_gone: bool,
    time: String,
    duration_ms: Option<f64>,
    fault: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ResponseView>,
}

impl Entry {
    /// Returns the entry as `GET journal` returns it.
    pub fn view(&self, secrets: &Secrets, tokens: &Tokens) -> Box<RawValue> {
        to_raw(&self.fields(secrets, tokens))
    }

    /// Returns the entry for those who follow the journal: with the beginnings of both bodies only.
    pub fn live_view(&self, secrets: &Secrets, tokens: &Tokens) -> Box<RawValue> {
        let body = &self.request.body;
        let response = lock(&self.result).response.clone();
        let mut view = self.fields(secrets, tokens);
        if body.len() > MAX_BODY {
            view.body = secrets.redact_start(&body[..MAX_BODY], true);
        }
        (view.json, view.form) = (None, None);
        view.body_size = Some(body.len());
        view.response = response.map(|response| response.view(secrets));
        to_raw(&view)
    }

    fn fields(&self, secrets: &Secrets, tokens: &Tokens) -> View<'_> {
        let (request, result) = (&*self.request, lock(&self.result).clone());
        let token = request.token();
        let form = request.form();
        View {
            n: self.n,
            method: request.method.as_str(),
            path: secrets.redact(&request.path),
            query: secrets.redact_pairs(&request.query).to_flat_json(),
            action: request.target.action(),
            entity: request.target.entity(),
            grant: request.form_param("grant_type").filter(|_| request.target == Target::Login),
            headers: self.headers(secrets),
            body: self.body(secrets),
            json: self.json(secrets),
            form: form.map(|form: &Pairs| secrets.redact_pairs(form).to_flat_json()),
            status: result.status,
            applied: result.applied,
            token: token.and_then(|(value, _)| tokens.ordinal(value)),
            token_in: token.map(|(_, location)| location.name()),
            connection: self.connection,
            in_flight: self.in_flight,
            client_gone: result.client_gone,
            time: iso_8601_millis(self.received),
            duration_ms: result.duration.map(|duration| (duration.as_secs_f64() * 1e6).round() / 1e3),
            fault: self.fault.as_ref().map(|fault| redacted_json(secrets, to_raw(&fault.effects()).get())),
            body_size: None,
            response: None,
        }
    }

    fn headers(&self, secrets: &Secrets) -> Fields {
        let headers = &self.request.headers;
        headers.keys().fold(Fields::default(), |mut fields, name| {
            let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
            let text = values.collect::<Vec<_>>().join(", ");
            fields.set(name.as_str(), to_raw(&secrets.redact_header(name.as_str(), &text)));
            fields
        })
    }

    fn body(&self, secrets: &Secrets) -> String {
        let text = String::from_utf8_lossy(&self.request.body);
        if self.request.form().is_some() { secrets.redact_form(&text) } else { secrets.redact(&text) }
    }

    fn json(&self, secrets: &Secrets) -> Option<Box<RawValue>> {
        let ParsedBody::Json(json) = &self.request.parsed else { return None };
        Some(redacted_json(secrets, json.get()))
    }
}

/// Returns JSON without secrets. One outside of a string, such as a password `100`, would make it invalid.
fn redacted_json(secrets: &Secrets, json: &str) -> Box<RawValue> {
    RawValue::from_string(secrets.redact(json)).unwrap_or_else(|_| raw("\"***\""))
}

impl TokenLocation {
    fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Form => "form",
        }
    }
}

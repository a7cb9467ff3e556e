//! A journal entry as JSON, without secrets.

use serde::Serialize;
use serde_json::value::RawValue;

use super::{Entry, Secrets};
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
}

impl Entry {
    pub fn view(&self, secrets: &Secrets, tokens: &Tokens) -> Box<RawValue> {
        let (request, result) = (&*self.request, *lock(&self.result));
        let token = request.token();
        let form = request.form();
        to_raw(&View {
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
        })
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
        let redacted = secrets.redact(json.get());
        // A secret outside of a string, such as a password `100`, would make the JSON invalid.
        Some(RawValue::from_string(redacted).unwrap_or_else(|_| raw("\"***\"")))
    }
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

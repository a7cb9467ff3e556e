//! A request as the sandbox reads it: its target, parameters and token.

use std::borrow::Cow;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;
use hyper::http::{HeaderMap, Method, request::Parts};
use serde_json::value::RawValue;

use crate::fields::{Fields, raw, scalar_text};
use crate::form::Pairs;
use crate::response::Response;
use crate::target::Target;

/// A request that was read completely.
#[derive(Debug)]
pub(crate) struct Request {
    pub target: Target,
    pub method: Method,
    pub path: String,
    pub query: Pairs,
    pub headers: HeaderMap,
    pub body: Bytes,
    pub parsed: ParsedBody,
}

/// The body, parsed by its content type.
#[derive(Debug)]
pub(crate) enum ParsedBody {
    Empty,
    Form(Pairs),
    Json(Box<RawValue>),
    /// Invalid JSON, with the parser's message.
    Invalid(String),
}

/// The part of a request that has its token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TokenLocation {
    Header,
    Query,
    Form,
}

impl Request {
    pub fn new(parts: Parts, body: Bytes) -> Self {
        let path = parts.uri.path().to_owned();
        Self {
            target: Target::of(&path),
            method: parts.method,
            path,
            query: Pairs::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            parsed: ParsedBody::of(&parts.headers, &body),
            headers: parts.headers,
            body,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the token of the header, the query or the form, in this order [I].
    pub fn token(&self) -> Option<(&str, TokenLocation)> {
        if let Some(token) = self.header("authorization").and_then(bearer) {
            return Some((token, TokenLocation::Header));
        }
        let in_query = self.query.get("access_token").map(|token| (token, TokenLocation::Query));
        in_query.or_else(|| Some((self.form()?.get("access_token")?, TokenLocation::Form)))
    }

    /// Returns user and password of a `Basic` header.
    pub fn basic(&self) -> Option<(String, String)> {
        let (scheme, credentials) = self.header("authorization")?.split_once(' ')?;
        let decoded =
            BASE64_STANDARD.decode(credentials.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
        let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    }

    /// Returns a parameter of the query or the form body, which the server treats alike [I].
    pub fn form_param(&self, name: &str) -> Option<&str> {
        self.query.get(name).or_else(|| self.form()?.get(name))
    }

    /// Returns a parameter of the query, the form or the JSON body.
    pub fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        let in_form = self.form_param(name).map(Cow::Borrowed);
        in_form.or_else(|| Some(Cow::Owned(scalar_text(self.json_fields()?.get(name)?)?)))
    }

    /// Returns all parameters, flat, without the token.
    pub fn params(&self) -> Vec<(String, String)> {
        let form = self.form().map(|form| form.0.as_slice()).unwrap_or_default();
        let flat = self.query.0.iter().chain(form).filter(|(name, _)| name != "access_token").cloned();
        let mut params: Vec<_> = flat.collect();
        if let Some(fields) = self.json_fields() {
            params.extend(fields.iter().filter_map(|(name, value)| Some((name.to_owned(), scalar_text(value)?))));
        }
        params
    }

    /// Returns the fields of a record that was sent: those of the body, or of the query if there is no body.
    pub fn fields(&self) -> Result<Fields, Response> {
        let mut fields = match &self.parsed {
            ParsedBody::Empty => self.query.to_fields(),
            ParsedBody::Form(form) => form.to_fields(),
            ParsedBody::Json(json) => {
                Fields::parse(json.get()).map_err(|_| Response::bad_request("not a JSON object"))?
            }
            ParsedBody::Invalid(message) => return Err(Response::bad_request(message)),
        };
        if !matches!(self.parsed, ParsedBody::Json(_)) {
            fields.remove("access_token");
        }
        Ok(fields)
    }

    pub fn form(&self) -> Option<&Pairs> {
        if let ParsedBody::Form(form) = &self.parsed { Some(form) } else { None }
    }

    fn json_fields(&self) -> Option<Fields> {
        if let ParsedBody::Json(json) = &self.parsed { Fields::parse(json.get()).ok() } else { None }
    }
}

impl ParsedBody {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        if body.is_empty() {
            return Self::Empty;
        }
        let content_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        if content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Self::Form(Pairs::parse(body));
        }
        let text = std::str::from_utf8(body).map_err(|error| error.to_string());
        let json = text.and_then(|text| serde_json::from_str::<&RawValue>(text).map_err(|error| error.to_string()));
        json.map_or_else(Self::Invalid, |json| Self::Json(raw(json.get())))
    }
}

/// Returns the token of a `Bearer` header. The scheme is case-insensitive, and anything after a comma is ignored [I].
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    let token = token.split(',').next().unwrap_or(token).trim();
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

//! Internal functions for the fuzz targets in `core/fuzz`.
//!
//! They are compiled with `cfg(fuzzing)`, which fuzzers set. A feature would not do: cargo unifies the features of a whole build,
//! so it could be enabled in a program that did not ask for it.

use crate::auth;
use crate::blank;
use crate::decimals;
use crate::envelope::{Count, ExpectedBody, ParsedResponse, RawResponse};
use crate::error::Result;
use crate::id::RecordId;
use crate::retry;
use crate::secret::{Secrets, TextEnd};
use crate::transport;
use bytes::Bytes;
use secrecy::ExposeSecret;
use std::time::{Duration, Instant, SystemTime};

/// The result of reading a response.
#[derive(Debug, PartialEq)]
pub enum Read {
    /// The id of the written record, if the response has it.
    Id(Option<RecordId>),
    /// The JSON of a record, or any other JSON.
    Json(Bytes),
    /// A page: its array, the JSON and id of each record, and the count with whether its name contains `total`.
    Page(Bytes, Vec<(Bytes, Option<RecordId>)>, Option<(u64, bool)>),
}

/// The result of a login: the access token, its lifetime, and the refresh token.
pub type Token = (String, Option<Duration>, Option<String>);

/// Reads the response to an action.
pub fn response(action: &str, list_key: Option<&str>, status: u16, body: &Bytes) -> Result<Read> {
    let expected = match action {
        "create" => ExpectedBody::RequiredId,
        "update" | "delete" => ExpectedBody::OptionalId,
        "get" => ExpectedBody::Record,
        "list" => ExpectedBody::Page,
        _ => ExpectedBody::Json,
    };
    Ok(match received(status, body).read(expected, list_key)? {
        ParsedResponse::Id(id) => Read::Id(id),
        ParsedResponse::Record(record) | ParsedResponse::Json(record) => Read::Json(record.bytes()),
        ParsedResponse::Page(page) => {
            let records = page.records.into_iter().map(|(range, id)| (page.body.slice(range), id)).collect();
            let count = page.count.map(|Count { value, is_total }| (value, is_total));
            Read::Page(page.body.slice(page.array), records, count)
        }
    })
}

/// Reads the response of the token endpoint.
pub fn token(status: u16, body: &Bytes) -> Result<Token> {
    let now = Instant::now();
    let tokens = auth::read_token(&received(status, body), now)?;
    let refresh_token = tokens.refresh_token.map(|token| token.expose_secret().to_owned());
    Ok((tokens.token.value().to_owned(), tokens.token.time_left(now), refresh_token))
}

/// Reads the header `Retry-After`.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    retry::retry_after(value, None, now)
}

/// Decodes a body from the charset in its header.
pub fn to_utf8(body: Bytes, content_type: Option<&str>) -> std::result::Result<Bytes, String> {
    transport::to_utf8(body, content_type)
}

/// Writes decimals as strings.
#[must_use]
pub fn decimals_as_strings(json: Bytes) -> Bytes {
    decimals::as_strings(json)
}

/// Returns the error with these secrets redacted.
#[must_use]
pub fn redact_error(error: crate::Error, secrets: &[String]) -> crate::Error {
    Secrets::new(secrets).redact(error)
}

/// Redacts a secret in a text that may be truncated.
pub fn redact_text(text: &mut String, secret: &str, is_truncated: bool) {
    Secrets::new(&[secret.to_owned()])
        .redact_in(text, if is_truncated { TextEnd::Truncated } else { TextEnd::Complete });
}

/// Returns whether an id or a name has no visible character.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    blank::is_blank(text)
}

fn received(status: u16, body: &Bytes) -> RawResponse {
    RawResponse { status, content_type: None, location: None, body: body.clone(), proxy: None, decode_error: None }
}

//! The core's inside as the fuzz targets in `core/fuzz` see it.
//!
//! Behind `cfg(fuzzing)`, which fuzzers set, and not a feature: cargo unites features over a whole build, so that a feature
//! could reach a program that never asked for it.

use crate::auth;
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

/// What an answer was read as.
#[derive(Debug, PartialEq)]
pub enum Read {
    /// The id of what was written, where the answer tells it.
    Id(Option<RecordId>),
    /// The text of a record, or of any JSON.
    Json(Bytes),
    /// A page: its array, each record's text and id, and the count with whether its name says `total`.
    Page(Bytes, Vec<(Bytes, Option<RecordId>)>, Option<(u64, bool)>),
}

/// What a login brought: the access token, what is left of its time, and the refresh token.
pub type Token = (String, Option<Duration>, Option<String>);

/// Reads the answer to an action.
pub fn response(action: &str, list_key: Option<&str>, status: u16, body: &Bytes) -> Result<Read> {
    let expected = match action {
        "create" => ExpectedBody::NewId,
        "update" | "delete" => ExpectedBody::Done,
        "get" => ExpectedBody::Record,
        "list" => ExpectedBody::Page,
        _ => ExpectedBody::Json,
    };
    Ok(match received(status, body).read(expected, list_key)? {
        ParsedResponse::Id(id) => Read::Id(id),
        ParsedResponse::Record(record) | ParsedResponse::Json(record) => Read::Json(record.bytes()),
        ParsedResponse::Page(page) => {
            let records = page.records.into_iter().map(|(place, id)| (page.body.slice(place), id)).collect();
            let count = page.count.map(|Count { value, is_total }| (value, is_total));
            Read::Page(page.body.slice(page.array), records, count)
        }
    })
}

/// Reads the answer of the token address.
pub fn token(status: u16, body: &Bytes) -> Result<Token> {
    let now = Instant::now();
    let granted = auth::read_token(&received(status, body), now)?;
    let refresh_token = granted.refresh_token.map(|token| token.expose_secret().to_owned());
    Ok((granted.token.value().to_owned(), granted.token.time_left(now), refresh_token))
}

/// Reads the header `Retry-After`.
#[must_use]
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    retry::retry_after(value, None, now)
}

/// Reads a body in the charset that its header names.
pub fn to_utf8(body: Bytes, content_type: Option<&str>) -> std::result::Result<Bytes, String> {
    transport::to_utf8(body, content_type)
}

/// Makes decimals text.
#[must_use]
pub fn decimals_as_text(json: Bytes) -> Bytes {
    decimals::as_text(json)
}

/// The error without these secrets.
#[must_use]
pub fn without_secrets(error: crate::Error, secrets: &[String]) -> crate::Error {
    Secrets::new(secrets).redact(error)
}

/// Removes a secret from a text, whose end may be missing.
pub fn remove_secret(text: &mut String, secret: &str, is_truncated: bool) {
    Secrets::new(&[secret.to_owned()]).remove(text, if is_truncated { TextEnd::Truncated } else { TextEnd::Complete });
}

fn received(status: u16, body: &Bytes) -> RawResponse {
    RawResponse { status, content_type: None, location: None, body: body.clone(), proxy: None, decode_error: None }
}

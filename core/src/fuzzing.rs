//! The core's inside as the fuzz targets in `core/fuzz` see it.
//!
//! Behind `cfg(fuzzing)`, which fuzzers set, and not a feature: cargo unites features over a whole build, so that a feature
//! could reach a program that never asked for it.

use crate::auth;
use crate::decimals;
use crate::envelope::{Answer, Count, Received, Wanted};
use crate::error::Result;
use crate::id::RecordId;
use crate::retry;
use crate::secret::{End, Secrets};
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
pub fn answer(action: &str, list_key: Option<&str>, status: u16, body: &Bytes) -> Result<Read> {
    let wanted = match action {
        "create" => Wanted::NewId,
        "update" | "delete" => Wanted::Done,
        "get" => Wanted::Record,
        "list" => Wanted::Page,
        _ => Wanted::Json,
    };
    Ok(match received(status, body).read(wanted, list_key)? {
        Answer::Id(id) => Read::Id(id),
        Answer::Record(record) | Answer::Json(record) => Read::Json(record.bytes()),
        Answer::Page(page) => {
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
    Ok((granted.token.value().to_owned(), granted.token.left(now), refresh_token))
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
    Secrets::new(secrets).clean(error)
}

/// Removes a secret from a text, whose end may be missing.
pub fn remove_secret(text: &mut String, secret: &str, is_cut: bool) {
    Secrets::new(&[secret.to_owned()]).remove(text, if is_cut { End::Cut } else { End::Whole });
}

fn received(status: u16, body: &Bytes) -> Received {
    Received { status, content_type: None, location: None, body: body.clone(), proxy: None, no_text: None }
}

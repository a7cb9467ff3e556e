//! The beginning of a response, which the journal keeps.

use serde::Serialize;

use super::Secrets;
use crate::fields::{Fields, to_raw};
use crate::response::Response;

/// Maximum number of bytes of a body that are kept, and shown to those who follow the journal.
pub(super) const MAX_BODY: usize = 8 * 1024;

#[derive(Debug)]
pub(super) struct KeptResponse {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    body_size: usize,
}

#[derive(Serialize)]
pub(super) struct ResponseView {
    headers: Fields,
    body: String,
    body_size: usize,
}

impl KeptResponse {
    pub fn new(response: &Response) -> Self {
        let body = response.body[..response.body.len().min(MAX_BODY)].to_vec();
        Self { headers: response.headers.clone(), body, body_size: response.body.len() }
    }

    pub fn view(&self, secrets: &Secrets) -> ResponseView {
        let headers = self.headers.iter().fold(Fields::default(), |mut fields, (name, value)| {
            fields.set(name.to_ascii_lowercase(), to_raw(&secrets.redact(value)));
            fields
        });
        ResponseView {
            headers,
            body: secrets.redact_start(&self.body, self.body_size > self.body.len()),
            body_size: self.body_size,
        }
    }
}

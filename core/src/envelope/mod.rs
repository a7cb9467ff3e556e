//! Decides from the status, the body and the action whether a call succeeded, and which error it is otherwise. Does no I/O.

mod array;
mod errors;
mod scan;

pub(crate) use array::Count;

use crate::blank::is_blank;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::record::Record;
use crate::response::Response;
use crate::secret;
use bytes::Bytes;
use errors::FieldErrors;
use scan::{Array, Body, Field};
use std::ops::Range;
use std::sync::Arc;

/// An HTTP response whose body is decoded to UTF-8, but not parsed.
pub(crate) struct RawResponse {
    pub status: u16,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub body: Bytes,
    /// The proxy that may have sent this response instead of the server.
    pub proxy: Option<String>,
    /// Why the body could not be decoded. It then has � for invalid bytes, and is only shown in the error.
    pub decode_error: Option<String>,
}

/// What the body of a successful response must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExpectedBody {
    /// The id of a new record.
    RequiredId,
    /// The id of a changed record, if the server sends it.
    OptionalId,
    /// One record.
    Record,
    /// A page of records.
    Page,
    /// Any JSON.
    Json,
}

/// A successful response.
pub(crate) enum ParsedResponse {
    Id(Option<RecordId>),
    Record(Record),
    Page(PageBody),
    Json(Record),
}

/// The records of one page, as ranges of its bytes.
#[derive(Debug)]
pub(crate) struct PageBody {
    pub body: Bytes,
    pub array: Range<usize>,
    pub records: Vec<(Range<usize>, Option<RecordId>)>,
    pub count: Option<Count>,
    /// At least the number of bytes of the longest integer in the records.
    pub longest_integer: usize,
    /// The HTTP response, for callers who ask for it.
    pub response: Option<Arc<Response<()>>>,
}

impl RawResponse {
    /// Parses the response to a call. Every failure is an error here, even if the call will be retried.
    pub(crate) fn read(&self, expected: ExpectedBody, list_key: Option<&str>) -> Result<ParsedResponse> {
        if let Some(why) = &self.decode_error {
            return Err(self.failure(expected, "", &[]).unwrap_or_else(|| self.unexpected(why)));
        }
        let text =
            simdutf8::basic::from_utf8(&self.body).map_err(|_| self.unexpected("the body is not valid UTF-8"))?;
        let scanned = scan::scan(text);
        let fields = match &scanned {
            Ok(Body::Object(fields)) => fields.as_slice(),
            _ => &[],
        };
        if let Some(error) = self.failure(expected, text, fields) {
            return Err(error);
        }
        let body = scanned.map_err(|why| self.unexpected(&not_json(text, &why)))?;
        self.success(expected, text, body, list_key)
    }

    fn failure(&self, expected: ExpectedBody, text: &str, fields: &[Field<'_>]) -> Option<Error> {
        let ok = (200..300).contains(&self.status);
        // In a record with an id, a member `errors` or `error` is a field of the record.
        let is_record = ok && expected == ExpectedBody::Record && id(text, fields).is_some();
        let field_errors = if is_record { FieldErrors::default() } else { self.field_errors(text, fields) };
        let error = match self.status {
            401 => self.error(
                Code::Auth,
                "the server refused the access token, and new ones too; either the user has no right to use the API, or other programs keep logging in as the same user (share one `token_store` with them)",
            ),
            403 => {
                self.error(Code::Permission, "permission denied (HTTP 403): ask the Egito administrator to give this user the right")
            }
            404 => self.error(Code::NotFound, "not found (HTTP 404): check the id and the entity's name"),
            _ if !field_errors.is_empty() => self.error(Code::Validation, "the server refused it"),
            429 => self
                .error(Code::RateLimited, "rate limited (HTTP 429): retry later, or lower `requests_per_second`"),
            500..=599 => {
                self.error(Code::Server, &format!("the server failed (HTTP {}){}", self.status, self.by_proxy()))
            }
            300..=399 => self.redirect(),
            _ if ok => return None,
            _ => self.unexpected(self.decode_error.as_deref().unwrap_or("the API does not send this status")),
        };
        // The OAuth filter in front of the API responds with these members and 401 or 403.
        let is_by_oauth_filter = matches!(self.status, 401 | 403);
        let oauth = |name| errors::member(text, fields, name).filter(|_| is_by_oauth_filter).and_then(errors::string);
        Some(error.with(|d| {
            (d.errors, d.more_errors) = (field_errors.kept, field_errors.more);
            d.oauth_error = oauth("error");
            d.oauth_description = oauth("error_description");
        }))
    }

    fn field_errors(&self, text: &str, fields: &[Field<'_>]) -> FieldErrors {
        let field_errors = errors::in_errors(text, fields);
        // Gateways and frameworks send a member `error` with 429 and 5xx. Then the status decides.
        let status_decides = self.status == 429 || self.status >= 500;
        if !field_errors.is_empty() || status_decides || id(text, fields).is_some() {
            return field_errors;
        }
        errors::in_single_error(text, fields)
    }

    fn success(
        &self,
        expected: ExpectedBody,
        text: &str,
        body: Body<'_>,
        list_key: Option<&str>,
    ) -> Result<ParsedResponse> {
        match (expected, body) {
            (ExpectedBody::RequiredId | ExpectedBody::OptionalId, Body::Object(fields)) => {
                match (expected, id(text, &fields)) {
                    (ExpectedBody::RequiredId, None) => {
                        Err(self.unexpected("expected the id of the created record, found none"))
                    }
                    (_, id) => Ok(ParsedResponse::Id(id)),
                }
            }
            (ExpectedBody::OptionalId, Body::Scalar) if text.trim_ascii() == "false" => {
                Err(self.unexpected("the body is `false`, so nothing may have been done"))
            }
            (ExpectedBody::OptionalId, _) => Ok(ParsedResponse::Id(None)),
            (ExpectedBody::Record, Body::Object(fields)) if !fields.is_empty() => {
                Ok(ParsedResponse::Record(self.whole_body(text)))
            }
            (ExpectedBody::Record, Body::Object(_) | Body::Empty | Body::Null) => {
                Err(self.error(Code::NotFound, "not found: the server has no record with this id; check the id"))
            }
            (_, Body::Empty) => Err(self.unexpected("the body is empty")),
            (ExpectedBody::Json, _) => Ok(ParsedResponse::Json(self.whole_body(text))),
            (ExpectedBody::Page, body) => {
                let found = array::find(text, body, list_key).map_err(|why| self.unexpected(&why))?;
                let Array { span: array, records, longest_integer, .. } = found.array;
                let records = records.into_iter().map(|span| (span.range, span.id)).collect();
                let (body, count) = (self.body.clone(), found.count);
                Ok(ParsedResponse::Page(PageBody { body, array, records, count, longest_integer, response: None }))
            }
            _ => Err(self.unexpected("expected a JSON object, got another value")),
        }
    }

    /// Returns the whole body as a record.
    fn whole_body(&self, text: &str) -> Record {
        let trimmed = text.trim_ascii();
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        Record::from_validated(self.body.slice(start..start + trimmed.len()))
    }

    fn redirect(&self) -> Error {
        let target = self.location.as_deref().unwrap_or("an unknown address");
        self.unexpected(&format!(
            "the server redirects to {target}, which is not followed; check `name` or `base_url` and the user's right to the API"
        ))
    }

    /// Returns the error for a response that the API does not send.
    pub(crate) fn unexpected(&self, what: &str) -> Error {
        let kind = self.content_type.as_deref().unwrap_or("no content type");
        self.error(
            Code::UnexpectedResponse,
            &format!("unexpected response (HTTP {}, {kind}{}): {what}", self.status, self.by_proxy()),
        )
    }

    /// Names the proxy for an error message, if the response may be the proxy's own.
    pub(crate) fn by_proxy(&self) -> String {
        self.proxy
            .as_ref()
            .map(|proxy| format!("; it came through the proxy {proxy}, which may be at fault"))
            .unwrap_or_default()
    }

    fn error(&self, code: Code, message: &str) -> Error {
        Error::new(code, message).with(|d| {
            d.status = Some(self.status);
            d.outcome = Some(outcome(self.status, code));
            d.content_type.clone_from(&self.content_type);
            d.body_start = Some(secret::body_start(&self.body));
        })
    }
}

/// Returns the outcome of a call that got this error response.
fn outcome(status: u16, code: Code) -> Outcome {
    match (status, code) {
        (401, _) => Outcome::NotSent, // refused before anything runs
        (_, Code::Validation) => Outcome::Rejected,
        // 406 and 408 may be sent after the work was done.
        (406 | 408, _) => Outcome::Unknown,
        (400..=499, _) => Outcome::Rejected,
        (500.., _) | (_, Code::UnexpectedResponse) => Outcome::Unknown,
        _ => Outcome::Rejected,
    }
}

fn not_json(text: &str, why: &str) -> String {
    if text.trim_ascii_start().starts_with('<') {
        return "the server sent an HTML or XML page instead of JSON; check `name` or `base_url`".into();
    }
    format!("the body is not valid JSON ({why})")
}

/// Returns the id of the outermost object: a number, or a string that is not blank.
fn id(text: &str, fields: &[Field<'_>]) -> Option<RecordId> {
    errors::member(text, fields, "id").and_then(RecordId::from_json).filter(|id| !id.text().is_some_and(is_blank))
}

//! Reads an answer: what the status, the body and the action together mean. Pure: no input or output.

mod array;
mod errors;
mod scan;

pub(crate) use array::Count;

use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use crate::record::Record;
use crate::response::Response;
use crate::secret;
use bytes::Bytes;
use errors::Complaints;
use scan::{Body, Field};
use std::ops::Range;
use std::sync::Arc;

/// What came back over HTTP, its body already UTF-8.
pub(crate) struct Received {
    pub status: u16,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub body: Bytes,
    /// The proxy that may have answered in the server's place.
    pub proxy: Option<String>,
    /// Why the body is no text, and holds � for what could not be read: nothing in it counts then.
    pub no_text: Option<String>,
}

/// What the answer is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The id of a new record: without one it is no success.
    NewId,
    /// The id, or nothing where the server sends none.
    Done,
    /// One record.
    Record,
    /// A page of records.
    Page,
    /// Whatever JSON it is.
    Json,
}

/// A successful answer.
pub(crate) enum Answer {
    Id(Option<RecordId>),
    Record(Record),
    Page(PageBody),
    Json(Record),
}

/// The records of one page, as places in its bytes.
#[derive(Debug)]
pub(crate) struct PageBody {
    pub body: Bytes,
    pub array: Range<usize>,
    pub records: Vec<(Range<usize>, Option<RecordId>)>,
    pub count: Option<Count>,
    /// The HTTP response, for callers who ask for it.
    pub response: Option<Arc<Response<()>>>,
}

impl Received {
    /// Reads the answer to a call. 401, 429 and 5xx without `errors` are errors too; whether to repeat is decided elsewhere.
    pub(crate) fn read(&self, wanted: Wanted, list_key: Option<&str>) -> Result<Answer> {
        if let Some(why) = &self.no_text {
            return Err(self.failure(wanted, "", &[]).unwrap_or_else(|| self.unexpected(why)));
        }
        let text =
            simdutf8::basic::from_utf8(&self.body).map_err(|_| self.unexpected("the body is not valid UTF-8"))?;
        let scanned = scan::scan(text);
        let fields = match &scanned {
            Ok(Body::Object(fields)) => fields.as_slice(),
            _ => &[],
        };
        if let Some(error) = self.failure(wanted, text, fields) {
            return Err(error);
        }
        let body = scanned.map_err(|why| self.unexpected(&not_json(text, &why)))?;
        self.success(wanted, text, body, list_key)
    }

    fn failure(&self, wanted: Wanted, text: &str, fields: &[Field<'_>]) -> Option<Error> {
        let ok = (200..300).contains(&self.status);
        // With an id, all of these are fields of the record and nothing else.
        let is_record = ok && wanted == Wanted::Record && id(text, fields).is_some();
        let complaints = if is_record { Complaints::default() } else { self.complaints(text, fields) };
        let error = match self.status {
            401 => self.error(
                Code::Auth,
                "the server refused the access token, and new ones too; either the user may not use the API, or other programs log in as the same user all the time (give them one `token_store`)",
            ),
            403 => {
                self.error(Code::Permission, "permission denied (HTTP 403): ask the Egito administrator to give this user the right")
            }
            404 => self.error(Code::NotFound, "not found (HTTP 404): check the id and the entity's name"),
            _ if !complaints.is_empty() => self.error(Code::Validation, "the server refused it"),
            429 => self
                .error(Code::RateLimited, "rate limited (HTTP 429): retry later, or lower `requests_per_second`"),
            500..=599 => {
                self.error(Code::Server, &format!("the server failed (status {}){}", self.status, self.by_proxy()))
            }
            300..=399 => self.redirect(),
            _ if ok => return None,
            _ => self.unexpected(self.no_text.as_deref().unwrap_or("this status is no answer of the API")),
        };
        let from_filter = matches!(self.status, 401 | 403);
        let word = |name| errors::member(text, fields, name).filter(|_| from_filter).and_then(errors::string);
        Some(error.with(|d| {
            (d.errors, d.more_errors) = (complaints.kept, complaints.more);
            d.oauth_error = word("error");
            d.oauth_description = word("error_description");
        }))
    }

    fn complaints(&self, text: &str, fields: &[Field<'_>]) -> Complaints {
        let complaints = errors::in_errors(text, fields);
        // Gateways and frameworks write `error` into their 429 and 5xx pages: there the status says more.
        let status_decides = self.status == 429 || self.status >= 500;
        if !complaints.is_empty() || status_decides || id(text, fields).is_some() {
            return complaints;
        }
        errors::in_single_error(text, fields)
    }

    fn success(&self, wanted: Wanted, text: &str, body: Body<'_>, list_key: Option<&str>) -> Result<Answer> {
        match (wanted, body) {
            (Wanted::NewId | Wanted::Done, Body::Object(fields)) => match (wanted, id(text, &fields)) {
                (Wanted::NewId, None) => Err(self.unexpected("the answer to create has no id")),
                (_, id) => Ok(Answer::Id(id)),
            },
            (Wanted::Done, Body::Scalar) if text.trim_ascii() == "false" => {
                Err(self.unexpected("the answer is `false`, which says that nothing was done, or nothing at all"))
            }
            (Wanted::Done, _) => Ok(Answer::Id(None)),
            (Wanted::Record, Body::Object(fields)) if !fields.is_empty() => Ok(Answer::Record(self.whole(text))),
            (Wanted::Record, Body::Object(_) | Body::Empty | Body::Null) => {
                Err(self.error(Code::NotFound, "there is no such record; check the id"))
            }
            (_, Body::Empty) => Err(self.unexpected("the answer is empty")),
            (Wanted::Json, _) => Ok(Answer::Json(self.whole(text))),
            (Wanted::Page, body) => {
                let found = array::find(text, body, list_key).map_err(|why| self.unexpected(&why))?;
                let records = found.array.records.into_iter().map(|span| (span.place, span.id)).collect();
                let (body, array, count) = (self.body.clone(), found.array.span, found.count);
                Ok(Answer::Page(PageBody { body, array, records, count, response: None }))
            }
            _ => Err(self.unexpected("the answer is JSON, but not an object")),
        }
    }

    fn whole(&self, text: &str) -> Record {
        let trimmed = text.trim_ascii();
        let start = trimmed.as_ptr() as usize - text.as_ptr() as usize;
        Record::trusted(self.body.slice(start..start + trimmed.len()))
    }

    fn redirect(&self) -> Error {
        let target = self.location.as_deref().unwrap_or("no address");
        self.unexpected(&format!(
            "the server redirects to {target}, which is not followed; check `name` or `base_url` and the user's right to the API"
        ))
    }

    /// An answer that is none of the API's.
    pub(crate) fn unexpected(&self, what: &str) -> Error {
        let kind = self.content_type.as_deref().unwrap_or("no content type");
        self.error(
            Code::UnexpectedResponse,
            &format!("unexpected response (status {}, {kind}{}): {what}", self.status, self.by_proxy()),
        )
    }

    /// Names the proxy that the answer came through, if it may be the proxy's own.
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

/// What a failure's status and meaning say about the work that was asked for.
fn outcome(status: u16, code: Code) -> Outcome {
    match (status, code) {
        (401, _) => Outcome::NotSent, // refused before anything runs
        (_, Code::Validation) => Outcome::Rejected,
        // What the client did not want in this form, or did not say in time, may have been done before that was noticed.
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
    format!("the answer is not valid JSON ({why})")
}

/// The id of the outermost object: a number or a text that is not empty.
fn id(text: &str, fields: &[Field<'_>]) -> Option<RecordId> {
    errors::member(text, fields, "id").and_then(RecordId::from_json).filter(|id| !id.is_empty())
}

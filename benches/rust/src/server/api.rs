//! The responses of the API. The first part of a path says which records it returns, and in which form.

use crate::Error;
use crate::counts::Counts;
use crate::records::Records;
use std::borrow::Cow;

const TOKEN: &str = "bench-0b3f4c52-8a5e-4d8e-9c1d-5d7f0a6e2b91";

/// What a request asks for.
pub struct Request<'a> {
    /// The path and the query.
    pub target: &'a str,
    /// The value of the header `Authorization`.
    pub authorization: &'a str,
    pub body: &'a [u8],
}

/// A response: the status, and the parts of the body.
pub struct Response<'a> {
    pub status: &'static str,
    pub start: Cow<'a, str>,
    pub records: &'a [u8],
    pub end: String,
}

/// The API with its records.
pub struct Api {
    full: Records,
    light: Records,
    counts: Counts,
}

impl Api {
    /// Returns an API with as many records of each kind.
    pub fn new(records: u32) -> Result<Self, Error> {
        Ok(Self { full: Records::full(records)?, light: Records::light(records)?, counts: Counts::default() })
    }

    /// Returns the response to a request.
    pub fn respond(&self, request: &Request<'_>) -> Response<'_> {
        let (path, query) = request.target.split_once('?').unwrap_or((request.target, ""));
        let mut parts = path.trim_start_matches('/').splitn(3, '/');
        let (kind, shape, rest) = (parts.next(), parts.next(), parts.next().unwrap_or(""));
        let records = if kind == Some("light") { &self.light } else { &self.full };
        match rest {
            "" if kind == Some("counts") => ok(self.counts.take().into()),
            "oauth/token" => self.login(request.body),
            _ if request.authorization.strip_prefix("Bearer ") != Some(TOKEN) => {
                Counts::add(&self.counts.refused);
                failed("401 Unauthorized", r#"{"error":"invalid_token","error_description":"Invalid access token"}"#)
            }
            "services/restapi/json/Account/get" => self.get(records, query),
            "services/restapi/json/Account/list" => self.list(records, shape == Some("object"), query),
            "services/restapi/json/Account/create" if !request.body.is_empty() => {
                self.counts.add_create(request.body);
                ok(r#"{"id":100001}"#.into())
            }
            _ => failed("404 Not Found", r#"{"errors":["no such path"]}"#),
        }
    }

    fn login(&self, form: &[u8]) -> Response<'_> {
        if !form.starts_with(b"grant_type=password&") {
            return failed("400 Bad Request", r#"{"error":"unsupported_grant_type"}"#);
        }
        Counts::add(&self.counts.logins);
        ok(format!(r#"{{"access_token":"{TOKEN}","token_type":"bearer","expires_in":3317,"scope":"write read"}}"#)
            .into())
    }

    fn get<'a>(&self, records: &'a Records, query: &str) -> Response<'a> {
        match number(query, "id") {
            Some(id) if (1..=records.len()).contains(&id) => {
                Counts::add(&self.counts.gets);
                Response { records: records.slice(id - 1, 1), ..ok("".into()) }
            }
            _ => failed("404 Not Found", r#"{"errors":["no such record"]}"#),
        }
    }

    fn list<'a>(&self, records: &'a Records, object: bool, query: &str) -> Response<'a> {
        let (Some(offset), Some(max)) = (number(query, "offset"), number(query, "max")) else {
            return failed("400 Bad Request", r#"{"errors":["max and offset are required"]}"#);
        };
        Counts::add(&self.counts.pages);
        let records_json = records.slice(offset, max);
        if object {
            let end = format!(r#"],"total":{}}}"#, records.len());
            return Response { records: records_json, end, ..ok(r#"{"list":["#.into()) };
        }
        Response { records: records_json, end: "]".to_owned(), ..ok("[".into()) }
    }
}

fn ok(start: Cow<'_, str>) -> Response<'_> {
    Response { status: "200 OK", start, records: &[], end: String::new() }
}

fn failed(status: &'static str, body: &'static str) -> Response<'static> {
    Response { status, ..ok(body.into()) }
}

/// Returns a parameter of the query that is a number.
fn number(query: &str, name: &str) -> Option<usize> {
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

//! Builds the HTTP request of a call.

use super::{Call, Params, form};
use crate::auth::AccessToken;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record::{self, Record};
use crate::retry::AttemptError;
use crate::settings::{BodyFormat, Method, Settings, TokenIn};
use crate::transport::{Request, RequestBody};
use bytes::Bytes;
use url::form_urlencoded::Serializer;

const JSON: &str = "application/json;charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
/// From this length in bytes, a URL may be too long together with the headers.
const LONG_URL: usize = 7000;
/// The longest form in bytes that Tomcat reads. It drops all parameters of a longer one, without an error.
const LONGEST_FORM: usize = 2 * 1024 * 1024;

const TOKEN_PARAM: &str = "access_token";

/// Builds the request that sends `call` with `token`.
pub(super) fn build(call: &Call, settings: &Settings, token: &AccessToken) -> Result<Request> {
    // Both names hold only letters, digits and underscores.
    let path = ["/services/restapi/json/", &call.entity, "/", call.action.name()].concat();
    let (mut query, body) = match (&call.params, call.method, settings.body) {
        (Params::Record { id, record }, Method::Post, BodyFormat::Json) => {
            let bytes = with_id(settings, id.as_ref(), record.as_ref())?;
            (Vec::new(), Some(RequestBody { content_type: JSON, bytes }))
        }
        (_, Method::Post, BodyFormat::Form) => {
            let mut pairs = pairs(call, settings)?;
            if settings.token_in == TokenIn::Form {
                pairs.push((TOKEN_PARAM.into(), token.value().into()));
            }
            (Vec::new(), Some(RequestBody { content_type: FORM, bytes: form_body(&pairs)? }))
        }
        _ => (pairs(call, settings)?, None),
    };
    if settings.token_in == TokenIn::Query {
        query.push((TOKEN_PARAM.into(), token.value().into()));
    }
    let query = (!query.is_empty()).then(|| encoded(&query));
    let bearer = (settings.token_in == TokenIn::Header).then(|| token.bearer());
    Ok(Request { method: call.method, path, query, bearer, body, headers: settings.headers.clone() })
}

/// Adds to an error that the URL may be too long. Most servers read at most 8 KB of a request's head, and do not name the reason.
pub(super) fn explain_length(failed: AttemptError, url_length: usize) -> AttemptError {
    let may_be_too_long = url_length > LONG_URL && matches!(failed.error.details().status, Some(400 | 414 | 431));
    if !may_be_too_long {
        return failed;
    }
    let hint = format!(
        "; the URL has {url_length} bytes, and many servers refuse more than 8192: use fewer or shorter filters"
    );
    AttemptError { error: failed.error.with(|d| d.message.push_str(&hint)), ..failed }
}

/// Returns the body of a form. An error is better than a longer form, which the server would take for an empty record.
fn form_body(pairs: &[(String, String)]) -> Result<Bytes> {
    let body = encoded(pairs);
    if body.len() <= LONGEST_FORM {
        return Ok(body.into());
    }
    let message = format!(
        "invalid `record`: expected a form of at most {LONGEST_FORM} bytes, the limit of most servers, got {} bytes; \
         send JSON (setting `body` = \"json\"), or shorten the record",
        body.len()
    );
    Err(Error::config("body", message))
}

fn encoded(pairs: &[(String, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Returns the record or the query of the call as parameters.
fn pairs(call: &Call, settings: &Settings) -> Result<Vec<(String, String)>> {
    match &call.params {
        Params::Record { id: Some(id), record: None } => Ok(vec![(settings.id_param.clone(), id.to_string())]),
        Params::Record { id, record } => {
            let json = with_id(settings, id.as_ref(), record.as_ref())?;
            form::pairs(&json, settings.form_decimal)
                .map_err(|e| Error::config("record", format!("invalid `record`: cannot be written as a form: {e}")))
        }
        Params::Query(pairs) => Ok(pairs.clone()),
    }
}

/// Returns the JSON of the record with the id inserted at the front. The rest stays as it is.
fn with_id(settings: &Settings, id: Option<&RecordId>, record: Option<&Record>) -> Result<Bytes> {
    let Some(id) = id else {
        return Ok(record.map_or_else(|| Bytes::from_static(b"{}"), Record::bytes));
    };
    let (name, id_json) = (&settings.id_param, id.to_json());
    let Some(record) = record else {
        return Ok(["{", &quoted(name), ":", &id_json, "}"].concat().into());
    };
    let text = record.json();
    match record::field(text, name) {
        // The record was read, changed and is sent back.
        Some(own) if RecordId::from_json(own).as_ref() == Some(id) => return Ok(record.bytes()),
        Some(own) => {
            let message = format!("invalid `{name}` in the record: expected {id_json}, as in the call, got {own}");
            return Err(Error::config("record", message));
        }
        None => {}
    }
    let fields = text[1..].trim_start();
    let comma = if fields.starts_with('}') { "" } else { "," };
    Ok(["{", &quoted(name), ":", &id_json, comma, fields].concat().into())
}

fn quoted(name: &str) -> String {
    serde_json::Value::from(name).to_string()
}

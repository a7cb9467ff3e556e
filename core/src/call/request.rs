//! One call as an HTTP request.

use super::{Call, Params, form};
use crate::auth::AccessToken;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record;
use crate::settings::{BodyFormat, Method, Settings, TokenIn};
use crate::transport::{Content, Request};
use serde_json::value::RawValue;
use url::Url;
use url::form_urlencoded::Serializer;

const JSON: &str = "application/json;charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
const TOKEN_PARAM: &str = "access_token";

/// Builds the request that sends `call` with `token`.
pub(super) fn build(call: &Call, settings: &Settings, address: &Url, token: &AccessToken) -> Result<Request> {
    let base = address.as_str().trim_end_matches('/');
    // Both names have letters, digits and underscores alone.
    let mut url = format!("{base}/services/restapi/json/{}/{}", call.entity, call.action.name());
    let (mut query, body) = match (&call.params, call.method, settings.body) {
        (Params::Record { id, record }, Method::Post, BodyFormat::Json) => {
            let json = with_id(settings, id.as_ref(), record.as_deref())?;
            (Vec::new(), Some(Content { kind: JSON, bytes: json.into() }))
        }
        (_, Method::Post, BodyFormat::Form) => {
            let mut pairs = pairs(call, settings)?;
            if settings.token_in == TokenIn::Form {
                pairs.push((TOKEN_PARAM.into(), token.value().into()));
            }
            (Vec::new(), Some(Content { kind: FORM, bytes: encoded(&pairs).into() }))
        }
        _ => (pairs(call, settings)?, None),
    };
    if settings.token_in == TokenIn::Query {
        query.push((TOKEN_PARAM.into(), token.value().into()));
    }
    if !query.is_empty() {
        url.push('?');
        url.push_str(&encoded(&query));
    }
    let bearer = (settings.token_in == TokenIn::Header).then(|| token.bearer());
    Ok(Request { method: call.method, url, bearer, body })
}

fn encoded(pairs: &[(String, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// What the call carries as parameters.
fn pairs(call: &Call, settings: &Settings) -> Result<Vec<(String, String)>> {
    match &call.params {
        Params::Record { id: Some(id), record: None } => Ok(vec![(settings.id_param.clone(), id.to_string())]),
        Params::Record { id, record } => form::pairs(&with_id(settings, id.as_ref(), record.as_deref())?)
            .map_err(|e| Error::config("record", format!("the record cannot be written as a form: {e}"))),
        Params::Query(pairs) => Ok(pairs.clone()),
    }
}

/// The record's own text with the id put in front, so that not a byte of it is re-typed.
fn with_id(settings: &Settings, id: Option<&RecordId>, record: Option<&RawValue>) -> Result<String> {
    let record = record.map_or("{}", RawValue::get);
    let Some(id) = id else {
        return Ok(record.to_owned());
    };
    let name = &settings.id_param;
    match record::field(record, name) {
        // A record that was read, changed and is written back.
        Some(own) if RecordId::from_json(own).as_ref() == Some(id) => return Ok(record.to_owned()),
        Some(own) => {
            let message = format!("the record's own `{name}` is {own}, but the call is for {}", id.to_json());
            return Err(Error::config("record", message));
        }
        None => {}
    }
    let rest = record.trim_start().trim_start_matches('{').trim_start();
    let comma = if rest.starts_with('}') { "" } else { "," };
    let name = serde_json::Value::from(name.as_str());
    Ok(format!("{{{name}:{}{comma}{rest}", id.to_json()))
}

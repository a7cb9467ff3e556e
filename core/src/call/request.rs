//! One call as an HTTP request.

use super::{Call, Params};
use crate::auth::AccessToken;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::record;
use crate::settings::{Method, Settings, TokenIn};
use crate::transport::{Content, Request};
use serde_json::value::RawValue;
use url::Url;

const JSON: &str = "application/json;charset=UTF-8";

/// Builds the request that sends `call` with `token`.
pub(super) fn build(call: &Call, settings: &Settings, address: &Url, token: &AccessToken) -> Result<Request> {
    let mut url = address.clone();
    let base = address.path().trim_end_matches('/');
    url.set_path(&format!("{base}/services/restapi/json/{}/{}", call.entity, call.action.name()));
    let body = match (&call.params, call.method) {
        (Params::Record { id: Some(id), record: None }, Method::Get | Method::Delete) => {
            url.query_pairs_mut().append_pair(&settings.id_param, &id.to_string());
            None
        }
        (Params::Record { id, record }, _) => Some(content(with_id(settings, id.as_ref(), record.as_deref())?)),
        (Params::Query(pairs), Method::Post) => Some(content(pairs_as_json(pairs))),
        (Params::Query(pairs), _) => {
            url.query_pairs_mut().extend_pairs(pairs);
            None
        }
    };
    let bearer = match settings.token_in {
        TokenIn::Header => Some(token.value().to_owned()),
        TokenIn::Query => {
            url.query_pairs_mut().append_pair("access_token", token.value());
            None
        }
    };
    Ok(Request { method: call.method, url, bearer, body })
}

fn content(json: String) -> Content {
    Content { kind: JSON, bytes: json.into() }
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

fn pairs_as_json(pairs: &[(String, String)]) -> String {
    let map: serde_json::Map<_, _> = pairs.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    serde_json::Value::Object(map).to_string()
}

//! Scripted faults: which requests they match, and what happens to those requests.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::fields::Fields;
use crate::request::Request;
use crate::response::Response;
use crate::target::ACTIONS;

/// One fault, as `POST /_sandbox/faults` takes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fault {
    on: Matcher,
    /// Number of matching requests that are let through first.
    skip: u64,
    /// Number of requests that it applies to after those; 0 means all.
    times: Option<u64>,
    response: Option<ScriptedResponse>,
    /// Whether the action is done although `response` replaces its response.
    apply: bool,
    delay_ms: u64,
    drip_ms: u64,
    pub cut: Option<Cut>,
    pub hold: Option<String>,
    pub expire_token: bool,
}

/// The requests that a fault applies to. All given fields must match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Matcher {
    action: Option<String>,
    entity: Option<String>,
    method: Option<String>,
    path: Option<String>,
    /// Parameters that the query must have, among others.
    query: BTreeMap<String, String>,
}

/// The point at which the connection is closed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cut {
    /// Before the action is done.
    Before,
    /// After the action, without a byte of the response.
    After,
    /// In the middle of the response body.
    Middle,
}

/// A response that is sent instead of the real one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScriptedResponse {
    status: Option<u16>,
    headers: Fields,
    json: Option<Box<RawValue>>,
    body: Option<String>,
    body_base64: Option<String>,
}

/// The active faults, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the first fault that applies to this request. A fault whose `skip` is not used up counts the request and
    /// leaves it to the faults after it.
    pub fn take(&mut self, request: &Request) -> Option<Fault> {
        let index = self.0.iter_mut().position(|fault| fault.on.matches(request) && !fault.skips())?;
        match &mut self.0[index].times {
            Some(0) => Some(self.0[index].clone()),
            None | Some(1) => Some(self.0.remove(index)),
            Some(times) => {
                *times -= 1;
                Some(self.0[index].clone())
            }
        }
    }
}

impl Fault {
    /// Checks what would otherwise fail, or have no effect, only when a request matches.
    pub fn check(&self) -> Result<(), String> {
        if let Some(action) = self.on.action.as_deref().filter(|action| !ACTIONS.contains(action)) {
            return Err(format!("invalid `on.action`: expected one of {}, got {action}", ACTIONS.join(", ")));
        }
        if !self.has_effect() {
            return Err("a fault needs an effect: response, delay_ms, drip_ms, cut, hold or expire_token".to_owned());
        }
        self.response.as_ref().map_or(Ok(()), |response| response.build().map(drop))
    }

    /// Returns the response to send instead of the real one.
    pub fn response(&self) -> Option<Response> {
        self.response.as_ref()?.build().ok()
    }

    /// Returns whether the action is done at all.
    pub fn runs_action(&self) -> bool {
        match self.cut {
            Some(Cut::Before) => false,
            Some(Cut::After) => true,
            _ => self.response.is_none() || self.apply,
        }
    }

    pub fn delay(&self) -> Option<Duration> {
        (self.delay_ms > 0).then(|| Duration::from_millis(self.delay_ms))
    }

    pub fn drip(&self) -> Option<Duration> {
        (self.drip_ms > 0).then(|| Duration::from_millis(self.drip_ms))
    }

    fn has_effect(&self) -> bool {
        let waits = self.delay_ms > 0 || self.drip_ms > 0 || self.hold.is_some();
        waits || self.response.is_some() || self.cut.is_some() || self.expire_token
    }

    fn skips(&mut self) -> bool {
        let skips = self.skip > 0;
        self.skip = self.skip.saturating_sub(1);
        skips
    }
}

impl Matcher {
    fn matches(&self, request: &Request) -> bool {
        fn equals_if_given(expected: Option<&String>, actual: Option<&str>) -> bool {
            expected.is_none_or(|expected| actual == Some(expected))
        }
        equals_if_given(self.action.as_ref(), request.target.action())
            && equals_if_given(self.entity.as_ref(), request.target.entity())
            && equals_if_given(self.method.as_ref(), Some(request.method.as_str()))
            && equals_if_given(self.path.as_ref(), Some(&request.path))
            && self.query.iter().all(|(name, value)| request.query.get(name) == Some(value))
    }
}

impl ScriptedResponse {
    fn build(&self) -> Result<Response, String> {
        let status = self.status.unwrap_or(200);
        if !(200..=599).contains(&status) {
            return Err(format!("invalid `response.status`: expected 200 to 599, got {status}"));
        }
        let mut response = match (&self.json, &self.body, &self.body_base64) {
            (Some(json), None, None) => Response::json(status, json.get()),
            (None, Some(text), None) => Response::text(status, text.as_str()),
            (None, None, Some(encoded)) => {
                Response::text(status, BASE64_STANDARD.decode(encoded).map_err(|error| error.to_string())?)
            }
            (None, None, None) => Response::empty(status),
            _ => return Err("a response has one of json, body, body_base64".to_owned()),
        };
        for (name, value) in self.headers.iter() {
            let values = header_values(value)
                .ok_or_else(|| format!("invalid header `{name}`: expected a string or a list of strings"))?;
            response.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            response = values.into_iter().fold(response, |response, value| response.with_header(name, value));
        }
        response.check_headers().map(|()| response)
    }
}

/// Returns the values of a header: one string, or a list of strings for a header that is sent several times.
fn header_values(value: &RawValue) -> Option<Vec<String>> {
    if let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        return values.into_iter().map(crate::fields::scalar_text).collect();
    }
    crate::fields::scalar_text(value).map(|text| vec![text])
}

//! Scripted faults: which requests they match, and what happens to those requests.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::fields::Fields;
use crate::request::Request;
use crate::response::Response;
use crate::target::ACTIONS;

/// One fault, as `POST /_sandbox/faults` takes it. As JSON it has only the fields that were given.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fault {
    /// Number of this fault, from 1, in the order in which faults were added.
    #[serde(skip)]
    pub id: u64,
    #[serde(skip_serializing_if = "is_default")]
    on: Matcher,
    /// Number of matching requests that are let through first.
    #[serde(skip_serializing_if = "is_default")]
    skip: u64,
    /// Number of requests that it applies to after those; 0 means all.
    #[serde(skip_serializing_if = "is_default")]
    times: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ScriptedResponse>,
    /// Whether the action is done although `response` replaces its response.
    #[serde(skip_serializing_if = "is_default")]
    apply: bool,
    #[serde(skip_serializing_if = "is_default")]
    delay_ms: u64,
    #[serde(skip_serializing_if = "is_default")]
    drip_ms: u64,
    #[serde(skip_serializing_if = "is_default")]
    pub cut: Option<Cut>,
    #[serde(skip_serializing_if = "is_default")]
    pub hold: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub expire_token: bool,
}

/// The requests that a fault applies to. All given fields must match.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Matcher {
    #[serde(skip_serializing_if = "is_default")]
    action: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    entity: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    method: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    path: Option<String>,
    /// Parameters that the query must have, among others.
    #[serde(skip_serializing_if = "is_default")]
    query: BTreeMap<String, String>,
}

/// The effects of a fault on a request, as the journal shows them.
#[derive(Debug, Serialize)]
pub(crate) struct Effects<'a> {
    id: u64,
    /// Status of the response that was sent instead of the real one.
    #[serde(skip_serializing_if = "is_default")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "is_default")]
    delay_ms: u64,
    #[serde(skip_serializing_if = "is_default")]
    drip_ms: u64,
    #[serde(skip_serializing_if = "is_default")]
    cut: Option<Cut>,
    #[serde(skip_serializing_if = "is_default")]
    hold: Option<&'a str>,
    #[serde(skip_serializing_if = "is_default")]
    expire_token: bool,
}

/// The point at which the connection is closed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
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
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScriptedResponse {
    #[serde(skip_serializing_if = "is_default")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Fields::is_empty")]
    headers: Fields,
    #[serde(skip_serializing_if = "Option::is_none")]
    json: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "is_default")]
    body: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    body_base64: Option<String>,
}

/// The active faults, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    active: Vec<ActiveFault>,
    last_id: u64,
}

/// A fault, and the requests that it still applies to.
#[derive(Debug, Serialize)]
pub(crate) struct ActiveFault {
    id: u64,
    /// Number of matching requests that are let through first.
    skip: u64,
    /// Number of requests that it applies to after those; `None` means all.
    left: Option<u64>,
    #[serde(serialize_with = "serialize_shared")]
    fault: Arc<Fault>,
}

impl Faults {
    pub fn add(&mut self, faults: Vec<Fault>) {
        for fault in faults {
            self.last_id += 1;
            let left = Some(fault.times.unwrap_or(1)).filter(|times| *times > 0);
            let fault = Fault { id: self.last_id, ..fault };
            self.active.push(ActiveFault { id: fault.id, skip: fault.skip, left, fault: Arc::new(fault) });
        }
    }

    pub fn active(&self) -> &[ActiveFault] {
        &self.active
    }

    /// Removes one fault. Returns whether it was active.
    pub fn remove(&mut self, id: u64) -> bool {
        let before = self.active.len();
        self.active.retain(|active| active.id != id);
        self.active.len() < before
    }

    pub fn clear(&mut self) {
        self.active.clear();
    }

    /// Returns the first fault that applies to this request. A fault whose `skip` is not used up counts the request and
    /// leaves it to the faults after it.
    pub fn take(&mut self, request: &Request) -> Option<Arc<Fault>> {
        let index = self.active.iter_mut().position(|active| active.fault.on.matches(request) && !active.skips())?;
        let active = &mut self.active[index];
        let fault = Arc::clone(&active.fault);
        active.left = active.left.map(|left| left - 1);
        if active.left == Some(0) {
            self.active.remove(index);
        }
        Some(fault)
    }
}

impl ActiveFault {
    fn skips(&mut self) -> bool {
        let skips = self.skip > 0;
        self.skip = self.skip.saturating_sub(1);
        skips
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

    /// Returns its effects for the journal, without the text of a response.
    pub fn effects(&self) -> Effects<'_> {
        Effects {
            id: self.id,
            status: self.response.as_ref().map(|response| response.status.unwrap_or(200)),
            delay_ms: self.delay_ms,
            drip_ms: self.drip_ms,
            cut: self.cut,
            hold: self.hold.as_deref(),
            expire_token: self.expire_token,
        }
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

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn serialize_shared<T: Serialize, S: Serializer>(value: &Arc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    T::serialize(value, serializer)
}

//! Scripted faults: which requests they meet, and what happens to those.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::fields::Fields;
use crate::target::ACTIONS;

/// One fault, as `POST /_sandbox/faults` takes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Fault {
    on: On,
    /// Requests that are let through first.
    skip: u64,
    /// Requests that it meets then; 0: all.
    times: Option<u64>,
    response: Option<ScriptedAnswer>,
    /// The action is done although `response` replaces its result.
    apply: bool,
    delay_ms: u64,
    drip_ms: u64,
    pub cut: Option<Cut>,
    pub hold: Option<String>,
    pub expire_token: bool,
}

/// Which requests a fault meets. All that is given must match.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct On {
    action: Option<String>,
    entity: Option<String>,
    method: Option<String>,
    path: Option<String>,
    /// Parameters of the query; others may stand beside them.
    query: BTreeMap<String, String>,
}

/// Where the connection breaks off.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cut {
    /// Before the action is done.
    Before,
    /// After it was done, without a byte of answer.
    After,
    /// In the middle of the answer's body.
    Middle,
}

/// An answer in place of the true one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScriptedAnswer {
    status: Option<u16>,
    headers: Fields,
    json: Option<Box<RawValue>>,
    body: Option<String>,
    body_base64: Option<String>,
}

/// The faults that are still to come, in the order in which they were given.
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

    /// The first fault that meets this request. One that still skips counts the request and leaves it to the next.
    pub fn pick(&mut self, request: &Exchange) -> Option<Fault> {
        let place = self.0.iter_mut().position(|fault| fault.on.matches(request) && !fault.skips())?;
        match &mut self.0[place].times {
            Some(0) => Some(self.0[place].clone()),
            None | Some(1) => Some(self.0.remove(place)),
            Some(times) => {
                *times -= 1;
                Some(self.0[place].clone())
            }
        }
    }
}

impl Fault {
    /// What would go wrong, or never happen, only when the fault is played.
    pub fn check(&self) -> Result<(), String> {
        if let Some(action) = self.on.action.as_deref().filter(|action| !ACTIONS.contains(action)) {
            return Err(format!("on.action: no such action: {action}; there are {}", ACTIONS.join(", ")));
        }
        if !self.has_effect() {
            return Err("a fault needs an effect: response, delay_ms, drip_ms, cut, hold or expire_token".to_owned());
        }
        self.response.as_ref().map_or(Ok(()), |answer| answer.answer().map(drop))
    }

    /// The answer in place of the true one.
    pub fn answer(&self) -> Option<Answer> {
        self.response.as_ref()?.answer().ok()
    }

    /// Whether the action is done at all.
    pub fn lets_act(&self) -> bool {
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

impl On {
    fn matches(&self, request: &Exchange) -> bool {
        fn given(wanted: Option<&String>, found: Option<&str>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        given(self.action.as_ref(), request.target.action())
            && given(self.entity.as_ref(), request.target.entity())
            && given(self.method.as_ref(), Some(request.method.as_str()))
            && given(self.path.as_ref(), Some(&request.path))
            && self.query.iter().all(|(name, value)| request.query.get(name) == Some(value))
    }
}

impl ScriptedAnswer {
    fn answer(&self) -> Result<Answer, String> {
        let status = self.status.unwrap_or(200);
        if !(200..=599).contains(&status) {
            return Err(format!("invalid `response.status`: expected 200 to 599, got {status}"));
        }
        let mut answer = match (&self.json, &self.body, &self.body_base64) {
            (Some(json), None, None) => Answer::json(status, json.get()),
            (None, Some(text), None) => Answer::text(status, text.as_str()),
            (None, None, Some(encoded)) => {
                Answer::text(status, BASE64_STANDARD.decode(encoded).map_err(|error| error.to_string())?)
            }
            (None, None, None) => Answer::empty(status),
            _ => return Err("a response has one of json, body, body_base64".to_owned()),
        };
        for (name, value) in self.headers.iter() {
            let values =
                header_values(value).ok_or_else(|| format!("header {name} must be a text or a list of them"))?;
            answer.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            answer = values.into_iter().fold(answer, |answer, value| answer.with_header(name, value));
        }
        answer.check_headers().map(|()| answer)
    }
}

/// The values of a header: a text, or a list of texts for a header that is sent several times.
fn header_values(value: &RawValue) -> Option<Vec<String>> {
    if let Ok(values) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        return values.into_iter().map(crate::fields::scalar_text).collect();
    }
    crate::fields::scalar_text(value).map(|text| vec![text])
}

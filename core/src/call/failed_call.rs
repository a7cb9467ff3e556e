//! Completes the error of a failed call with everything that is known about the call.

use super::{Action, Call, Params};
use crate::error::{Code, Error, Outcome};
use crate::retry::Attempts;

/// Returns the error with its call, attempts, time and outcome. Secrets must be removed before: this cuts texts short.
pub(super) fn describe(error: Error, call: Call, attempts: &Attempts<'_>) -> Error {
    let Call { entity, action, params, .. } = call;
    let is_lost = matches!(error.code(), Code::Connection | Code::Timeout) && error.outcome() == Some(Outcome::Unknown);
    let is_in_doubt = is_lost && matches!(action, Action::Create | Action::Other(_));
    error.with(|d| {
        if d.code == Code::Validation {
            d.tell_errors();
        }
        d.message = format!("{} {entity}: {}", action.name(), d.message);
        if is_in_doubt {
            d.code = Code::OutcomeUnknown;
        }
        d.attempts = attempts.count();
        d.elapsed = Some(attempts.elapsed().as_secs_f64());
        if d.code == Code::Permission {
            d.category = action.category();
        }
        d.outcome = outcome(d.code, d.outcome, &action, attempts);
        if d.outcome == Some(Outcome::Unknown) && matches!(action, Action::Create | Action::Other(_)) {
            d.message.push_str("; it may have been done, so look in Egito before you send it again");
        }
        if let Params::Record { id, record } = params {
            d.id = id;
            d.record = record.filter(|_| d.outcome == Some(Outcome::Unknown)).map(Into::into);
        }
        d.entity = Some(entity.to_string());
        d.action = Some(action.name().to_owned());
    })
}

/// Returns what is known about the server's state after all attempts, of which the last one met `code`.
fn outcome(code: Code, last: Option<Outcome>, action: &Action, attempts: &Attempts<'_>) -> Option<Outcome> {
    if action.is_read() {
        return None;
    }
    let is_definite = matches!(code, Code::Validation | Code::Permission | Code::NotFound);
    let was_interrupted = matches!(code, Code::Cancelled | Code::Internal);
    if was_interrupted {
        let may_be_done = attempts.in_flight() || attempts.may_be_done();
        return Some(if may_be_done { Outcome::Unknown } else { Outcome::NotSent });
    }
    if attempts.may_be_done() && !is_definite { Some(Outcome::Unknown) } else { last }
}

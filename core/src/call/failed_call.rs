//! Adds to the error of a failed call what is known about the call.

use super::{Action, Call, Params};
use crate::error::{Code, Details, Error, Outcome};
use crate::retry::{Attempts, Idempotency};

/// Returns the error with its call, attempts, time and outcome. Secrets must be redacted before, since this truncates texts.
pub(super) fn describe(error: Error, call: Call, attempts: &Attempts<'_>) -> Error {
    let Call { entity, action, params, .. } = call;
    let outcome = outcome(&error, &action, attempts);
    let error = error.with(|d| {
        if d.code == Code::Validation {
            d.append_field_errors();
        }
        d.outcome = outcome;
    });
    let is_unknown = outcome == Some(Outcome::Unknown) && action.idempotency() == Idempotency::NotIdempotent;
    let error = if is_unknown { error.into_outcome_unknown() } else { error };
    error.with(|d| {
        if d.code == Code::Permission {
            d.category = action.category();
        }
        let id = match &params {
            Params::Record { id: Some(id), .. } => format!(" {}", id.to_json()),
            _ => String::new(),
        };
        let hint = hint(d, &entity);
        d.message = format!("{} {entity}{id}: {}{hint}", action.name(), d.message);
        if attempts.may_have_been_done() && is_rejection(d.code) {
            d.message.push_str("; an earlier attempt may have been done");
        }
        d.attempts = attempts.count();
        d.elapsed = Some(attempts.elapsed().as_secs_f64());
        if let Params::Record { id, record } = params {
            d.id = id;
            d.record = record.filter(|_| d.outcome == Some(Outcome::Unknown)).map(Into::into);
        }
        d.entity = Some(entity.to_string());
        d.action = Some(action.name().to_owned());
    })
}

/// Returns what the message adds about this call.
fn hint(d: &Details, entity: &str) -> String {
    match (d.code, d.category, d.retry_after) {
        (Code::Permission, Some(right), _) => format!(" (the right {right} on {entity})"),
        (Code::RateLimited, _, Some(seconds)) => format!(" (Retry-After: {seconds} s)"),
        _ => String::new(),
    }
}

/// Returns the outcome after all attempts, the last of which failed with `error`.
fn outcome(error: &Error, action: &Action, attempts: &Attempts<'_>) -> Option<Outcome> {
    if action.is_read() {
        return None;
    }
    if attempts.may_have_been_done() {
        return Some(Outcome::Unknown);
    }
    if matches!(error.code(), Code::Cancelled | Code::Internal) {
        return Some(if attempts.abandon() { Outcome::NotSent } else { Outcome::Unknown });
    }
    error.outcome()
}

/// Returns whether the response to the last attempt says that the server did nothing.
fn is_rejection(code: Code) -> bool {
    matches!(code, Code::Validation | Code::Permission | Code::NotFound)
}

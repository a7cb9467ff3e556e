//! Sends one entry, and decides what its result means.

use super::cycle::{Claim, Finished, Verdict};
use super::entry::EntryAction;
use super::pause::Signal;
use crate::bulk::{Change, GracefulCancel};
use crate::call::Engine;
use crate::entity::Entity;
use crate::error::{Code, Error, Outcome, Result};
use crate::id::RecordId;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Sends an entry that a worker has taken.
pub(super) async fn send(engine: Engine, cancel: GracefulCancel, claim: Claim) -> Finished {
    let call = AssertUnwindSafe(call(&engine, &claim)).catch_unwind();
    let call = async { call.await.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))) };
    let result = cancel.run(engine.clock(), call).await;
    // A call that this side has ended says nothing about the server.
    let signal = if engine.check_running().is_err() { Signal::Unknown } else { Signal::of(&result) };
    let verdict = match result {
        Ok(id) => Verdict::Delivered(id),
        Err(error) => verdict(claim.action, claim.is_in_doubt, error),
    };
    Finished { claim, verdict, signal }
}

async fn call(engine: &Engine, claim: &Claim) -> Result<RecordId> {
    let entity = Entity::new(engine.for_entry(claim.id), &claim.entity)?;
    let error = match write(&entity, claim).await {
        Err(error) if error.is_not_found() => entity.confirm_not_found(error).await,
        result => return result,
    };
    match &claim.record_id {
        // An earlier attempt has deleted it.
        Some(id) if claim.action == EntryAction::Delete && claim.is_in_doubt && error.is_not_found() => Ok(id.clone()),
        _ => Err(error),
    }
}

async fn write(entity: &Entity, claim: &Claim) -> Result<RecordId> {
    let missing = |what: &str| Error::config("outbox", format!("entry {} has no {what}; discard it", claim.id));
    let record = || claim.record.clone().ok_or_else(|| missing("record"));
    let key = || claim.key.as_ref().ok_or_else(|| missing("key"));
    let id = || claim.record_id.clone().ok_or_else(|| missing("record id"));
    match claim.action {
        EntryAction::Create => {
            let ids = entity.create_queued(record()?, key()?, claim.is_in_doubt).await?;
            ids.into_iter().next().ok_or_else(|| missing("id of the created record"))
        }
        EntryAction::Upsert => {
            let upserted = entity.upsert_queued(record()?, key()?, claim.is_in_doubt).await?;
            if upserted.change == Change::Ambiguous { Err(ambiguous(&upserted.duplicates)) } else { Ok(upserted.id) }
        }
        EntryAction::Update => entity.update(id()?, record()?).await,
        EntryAction::Delete => entity.delete(id()?).await,
    }
}

/// Returns the next state of an entry after an error.
fn verdict(action: EntryAction, is_in_doubt: bool, error: Error) -> Verdict {
    let is_create = matches!(action, EntryAction::Create | EntryAction::Upsert);
    let may_be_created = is_create
        && (error.code() == Code::OutcomeUnknown || error.code() == Code::Internal || error.outcome().is_none());
    if may_be_created {
        return Verdict::Unclear(error);
    }
    match error.outcome() {
        // The lookup has failed, so it is still unknown whether the record is there.
        Some(Outcome::NotSent) if is_create && is_in_doubt => Verdict::Unclear(error),
        Some(Outcome::NotSent) if error.is_cancelled() => Verdict::NotSent,
        outcome if may_pass(&error) => {
            let is_in_doubt = outcome == Some(Outcome::Unknown) || (is_in_doubt && outcome == Some(Outcome::NotSent));
            Verdict::Waiting { error, is_in_doubt }
        }
        _ => Verdict::Refused(error),
    }
}

/// Returns whether a later attempt of the same entry may succeed.
fn may_pass(error: &Error) -> bool {
    match error.code() {
        Code::Validation | Code::NotFound | Code::Permission => false,
        Code::Config => error.details().setting.as_deref() == Some("client"), // it was closed
        _ => true,
    }
}

fn ambiguous(ids: &[RecordId]) -> Error {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    let message = format!(
        "upsert: several records have this key (ids {}), so none was changed; merge them and retry the entry, or discard it",
        ids.join(", ")
    );
    Error::config("key", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(action: EntryAction, is_in_doubt: bool, code: Code, outcome: Outcome) -> &'static str {
        let error = Error::new(code, "").with(|d| d.outcome = Some(outcome));
        match verdict(action, is_in_doubt, error) {
            Verdict::Delivered(_) => "delivered",
            Verdict::Refused(_) => "refused",
            Verdict::Unclear(_) => "unclear",
            Verdict::Waiting { is_in_doubt: true, .. } => "waiting in doubt",
            Verdict::Waiting { .. } => "waiting",
            Verdict::NotSent => "not sent",
        }
    }

    #[test]
    fn a_create_that_may_be_done_is_never_sent_without_a_lookup() {
        use EntryAction::Create;
        assert_eq!(state(Create, false, Code::OutcomeUnknown, Outcome::Unknown), "unclear");
        assert_eq!(state(Create, false, Code::Internal, Outcome::Unknown), "unclear");
        assert_eq!(state(Create, true, Code::Connection, Outcome::NotSent), "unclear");
        assert_eq!(state(Create, true, Code::Cancelled, Outcome::NotSent), "unclear");
        assert_eq!(state(Create, true, Code::Config, Outcome::NotSent), "unclear");
        assert_eq!(state(Create, false, Code::Connection, Outcome::NotSent), "waiting");
        assert_eq!(state(Create, true, Code::RateLimited, Outcome::Rejected), "waiting");
        assert_eq!(state(Create, true, Code::Validation, Outcome::Rejected), "refused");
        assert_eq!(state(Create, false, Code::Auth, Outcome::NotSent), "waiting");
        assert_eq!(state(Create, false, Code::Config, Outcome::NotSent), "refused");
    }

    #[test]
    fn updates_and_deletes_are_sent_again() {
        for action in [EntryAction::Update, EntryAction::Delete] {
            assert_eq!(state(action, false, Code::Timeout, Outcome::Unknown), "waiting in doubt");
            assert_eq!(state(action, true, Code::Connection, Outcome::NotSent), "waiting in doubt");
            assert_eq!(state(action, true, Code::Server, Outcome::Rejected), "waiting");
            assert_eq!(state(action, false, Code::NotFound, Outcome::Rejected), "refused");
            assert_eq!(state(action, false, Code::Permission, Outcome::Rejected), "refused");
            assert_eq!(state(action, false, Code::Cancelled, Outcome::NotSent), "not sent");
        }
    }
}

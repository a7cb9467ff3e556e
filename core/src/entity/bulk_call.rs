//! One call of a bulk.

use super::Entity;
use super::keyed_call::{Created, KeyedCall, ids, not_sent};
use super::lookup::is_filter_ignored;
use super::shared_lookup::SharedLookup;
use super::upsert::{Comparison, Upserted, create_or_update};
use crate::bulk::{BulkAction, BulkInput, CallFactory, CallInput, CallOutput, Change, KeyedInput};
use crate::call::Engine;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::json::Members;
use crate::key::RecordKey;
use crate::record::{IntoRecord, Record, RecordIndex};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// A call that needs a key.
#[derive(Clone, Copy)]
enum KeyedAction {
    /// Creates the record without looking for it first.
    Create,
    /// Looks for the record first, since an earlier run may have created it.
    CreateInDoubt,
    Upsert,
    PlanUpsert,
    /// Creates a record that was planned.
    CreatePlanned,
}

/// Makes the calls of one bulk of an entity.
pub(super) struct EntityCalls {
    entity: Entity,
    action: BulkAction,
    lookup: Arc<SharedLookup>,
}

impl EntityCalls {
    pub(super) fn new(entity: Entity, action: BulkAction) -> Self {
        Self { entity, action, lookup: Arc::default() }
    }
}

impl CallFactory for EntityCalls {
    fn call(&self, engine: &Engine, input: CallInput) -> BoxFuture<'static, Result<CallOutput>> {
        let (entity, action, lookup) = (self.entity.with_engine(engine), self.action, self.lookup.clone());
        Box::pin(async move { entity.bulk_call(action, input, &lookup).await })
    }

    fn needs_no_requests(&self) -> bool {
        matches!(self.action, BulkAction::Upsert | BulkAction::PlanUpsert) && self.lookup.has_index()
    }
}

impl Entity {
    async fn bulk_call(&self, action: BulkAction, input: CallInput, lookup: &SharedLookup) -> Result<CallOutput> {
        let CallInput { input: BulkInput { id, record, change, planned_for }, key, keyed, in_doubt } = input;
        let key = key.as_deref();
        let id = || id.ok_or_else(|| missing("id"));
        let record = || record.ok_or_else(|| missing("record"))?.into_record();
        let keyed = async |action: KeyedAction| match (key, keyed) {
            // Boxed: it is large, and most bulks make other calls.
            (Some(key), Some(input)) => Box::pin(self.keyed_call(action, *input, key, lookup)).await,
            (Some(_), None) => Err(missing("record")),
            (None, _) => Err(missing("key")),
        };
        match action {
            BulkAction::Create if key.is_none() => self.create(record()?).await.map(CallOutput::of_id),
            BulkAction::Get => self.get(id()?).await.map(CallOutput::of_record),
            BulkAction::Update => self.update(id()?, record()?).await.map(CallOutput::of_id),
            BulkAction::Delete => self.delete_of_bulk(id()?, in_doubt).await.map(CallOutput::of_id),
            BulkAction::Create if in_doubt => keyed(KeyedAction::CreateInDoubt).await,
            BulkAction::Create => keyed(KeyedAction::Create).await,
            BulkAction::Upsert => keyed(KeyedAction::Upsert).await,
            BulkAction::PlanUpsert => {
                let planned = keyed(KeyedAction::PlanUpsert).await?;
                Ok(CallOutput { planned_for: Some(self.planned_for(key)), ..planned })
            }
            BulkAction::ApplyUpsert => match self.checked_change(change, planned_for.as_deref(), key)? {
                Change::Created if in_doubt => keyed(KeyedAction::CreateInDoubt).await,
                Change::Created => keyed(KeyedAction::CreatePlanned).await,
                Change::Updated => self.update_planned(id()?, record()?).await,
                unchanged @ (Change::Unchanged | Change::Ambiguous) => {
                    Ok(CallOutput { id: Some(id()?), change: Some(unchanged), ..CallOutput::default() })
                }
            },
        }
    }

    /// Deletes a record. If an earlier run may have deleted it, it is a success that no record has this id.
    async fn delete_of_bulk(&self, id: RecordId, in_doubt: bool) -> Result<RecordId> {
        match self.delete(id.clone()).await {
            Err(error) if in_doubt && error.is_not_found() => Ok(id),
            deleted => deleted,
        }
    }

    /// Returns what a plan is for, such as `Account(nip)`. The order of the fields of a key does not matter.
    fn planned_for(&self, key: Option<&RecordKey>) -> String {
        key.map_or_else(|| format!("{}()", self.name()), |key| key.plan_of(self.name()))
    }

    /// Returns the change of a row of a plan.
    ///
    /// Error `config` (setting `change`): it is missing, or the plan is for another entity or key.
    fn checked_change(
        &self,
        change: Option<Change>,
        planned_for: Option<&str>,
        key: Option<&RecordKey>,
    ) -> Result<Change> {
        let change = change.ok_or_else(no_plan)?;
        let expected = self.planned_for(key);
        match planned_for {
            Some(planned_for) if planned_for == expected => Ok(change),
            Some(other) => Err(of_another_plan(&expected, other)),
            None => Err(of_no_plan(&expected)),
        }
    }

    async fn update_planned(&self, id: RecordId, fields: Record) -> Result<CallOutput> {
        let names = Members::read(fields.json().as_bytes()).map(|Members(members)| members);
        let names = names.into_iter().flatten().map(|(name, _)| name).collect();
        let id = self.update(id, fields).await?;
        Ok(CallOutput { id: Some(id), change: Some(Change::Updated), fields: names, ..CallOutput::default() })
    }

    async fn keyed_call(
        &self,
        action: KeyedAction,
        input: KeyedInput,
        key: &RecordKey,
        lookup: &SharedLookup,
    ) -> Result<CallOutput> {
        let KeyedInput { record, values } = input;
        loop {
            let source = lookup.source(self, key).await.map_err(|error| action.error_before_write(error))?;
            let call = KeyedCall::with_source(self, values.clone(), key, source)?;
            match action.run(&call, &record).await {
                Err(error) if is_filter_ignored(&error) && lookup.can_scan_instead(key) => {}
                result => return result,
            }
        }
    }
}

impl KeyedAction {
    async fn run(self, call: &KeyedCall<'_>, given: &RecordIndex) -> Result<CallOutput> {
        match self {
            Self::Create => create(call, given.record().clone()).await,
            Self::CreateInDoubt => create_in_doubt(call, given.record().clone()).await,
            Self::Upsert => upsert(call, given).await,
            Self::PlanUpsert => plan(call, given).await,
            Self::CreatePlanned => create_planned(call, given).await,
        }
    }

    /// Returns the error of a request before the write.
    fn error_before_write(self, error: Error) -> Error {
        if matches!(self, Self::PlanUpsert) { error } else { not_sent(error) }
    }
}

async fn create(call: &KeyedCall<'_>, record: Record) -> Result<CallOutput> {
    let mut lock = call.lock().await?;
    let ids = call.create_here(record, &mut lock).await?;
    Ok(Upserted::new(ids, Change::Created, Vec::new()).into_output())
}

async fn create_in_doubt(call: &KeyedCall<'_>, record: Record) -> Result<CallOutput> {
    let mut lock = call.lock().await?;
    let mut ids = ids(&call.find(&lock).await?);
    if ids.is_empty() {
        ids = call.create_here(record, &mut lock).await?;
    }
    Ok(Upserted::new(ids, Change::Created, Vec::new()).into_output())
}

async fn upsert(call: &KeyedCall<'_>, given: &RecordIndex) -> Result<CallOutput> {
    if call.has_index() {
        // Most records of a nightly import are unchanged. They need no lock, since nothing is written for them.
        let planned = plan(call, given).await.map_err(not_sent)?;
        if matches!(planned.change, Some(Change::Unchanged | Change::Ambiguous)) {
            return Ok(planned);
        }
        // What sends requests runs as a task, not where the bulk begins the calls that need none.
        tokio::task::yield_now().await;
    }
    create_or_update(call, given, false).await.map(Upserted::into_output)
}

/// Finds out what an upsert would do.
async fn plan(call: &KeyedCall<'_>, given: &RecordIndex) -> Result<CallOutput> {
    let found = call.find_unlocked().await?;
    if found.is_empty() {
        let record = Some(given.record().clone());
        return Ok(CallOutput { record, change: Some(Change::Created), ..CallOutput::default() });
    }
    let Comparison { change, fields } = Comparison::new(given, &found);
    let record = (change == Change::Updated).then(|| (&fields).into_record()).transpose()?;
    let names = fields.into_keys().collect();
    Ok(CallOutput { record, ..Upserted::new(ids(&found), change, names).into_output() })
}

/// Creates a record that was planned, unless there is one with its key by now.
///
/// Error `config` (setting `change`): there is one, and its fields have other values.
async fn create_planned(call: &KeyedCall<'_>, given: &RecordIndex) -> Result<CallOutput> {
    let mut lock = call.lock().await?;
    let mut found = call.find(&lock).await?;
    if found.is_empty() {
        match call.create(given.record().clone(), &mut lock).await? {
            Created::Here(ids) => return Ok(Upserted::new(ids, Change::Created, Vec::new()).into_output()),
            Created::Elsewhere(records) => found = records,
        }
    }
    let ids = ids(&found);
    match Comparison::new(given, &found) {
        Comparison { change: Change::Updated, fields } => Err(exists_by_now(&ids[0], fields.into_keys())),
        Comparison { change, .. } => Ok(Upserted::new(ids, change, Vec::new()).into_output()),
    }
}

fn missing(what: &str) -> Error {
    Error::config(what, format!("missing `{what}` in this input"))
}

fn of_another_plan(expected: &str, got: &str) -> Error {
    let message = format!(
        "invalid plan: expected a row that was planned for {expected}, the entity and key of this call, got one for {got}; nothing was \
         sent for it"
    );
    Error::config("change", message)
}

fn of_no_plan(expected: &str) -> Error {
    let message = format!(
        "invalid plan: this row does not say what it was planned for, expected {expected}; pass the whole row as it was planned"
    );
    Error::config("change", message)
}

fn no_plan() -> Error {
    let message =
        "missing `change` in this input: only rows of a plan that have no error can be applied; plan this input again";
    Error::config("change", message)
}

fn exists_by_now(id: &RecordId, fields: impl Iterator<Item = String>) -> Error {
    let fields = fields.collect::<Vec<_>>().join(", ");
    let message = format!(
        "invalid `change`: this record should be created, but by now the record {id} has its key, and other values of {fields}; \
         plan this input again"
    );
    not_sent(Error::config("change", message))
}

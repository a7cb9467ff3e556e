//! One entity of the CRM and what can be done to its records.

use crate::bulk::{Bulk, BulkAction, BulkCalls, BulkInput, Done};
use crate::call::{Action, Call, Engine, Params};
use crate::cancel::Cancel;
use crate::envelope::Answer;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::list::RecordList;
use crate::record::{self, IntoRecord, Record};
use crate::settings::{Method, TokenIn};
use futures_util::future::BoxFuture;
use serde::Serialize;
use std::sync::Arc;

/// A kind of thing in the CRM, such as `Account`.
#[derive(Clone, Debug)]
pub struct Entity {
    engine: Engine,
    name: Arc<str>,
}

impl Entity {
    /// Error `config`: the name is not `[A-Za-z][A-Za-z0-9_]*`.
    pub(crate) fn new(engine: Engine, name: &str) -> Result<Self> {
        check_name("entity", name)?;
        Ok(Self { engine, name: name.into() })
    }

    /// Returns the same entity on another engine: each blocking call borrows other connections.
    pub(crate) fn over(&self, engine: &Engine) -> Self {
        Self { engine: engine.clone(), name: self.name.clone() }
    }

    /// Returns the same entity, whose calls `cancel` ends; see [`Client::cancelled_by`](crate::Client::cancelled_by).
    #[must_use]
    pub fn cancelled_by(&self, cancel: &Cancel) -> Self {
        self.over(&self.engine.cancelled_by(cancel))
    }

    /// Returns the same entity, whose calls have other settings; see [`Client::with_options`](crate::Client::with_options).
    ///
    /// Error `config`: a wrong value, or a setting that belongs to the whole client.
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.over(&self.engine.with_context(self.engine.context().with_options(json)?)))
    }

    /// Its name in the path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Saves a new record and gives its id.
    ///
    /// Sent again only where it surely was not done. Errors: `validation` with the server's complaints; `outcome_unknown`
    /// where the answer was lost, with the record that was sent; `config` where the record is no object.
    pub async fn create(&self, record: impl IntoRecord) -> Result<RecordId> {
        let record = Some(record.into_record()?);
        match self.run(Action::Create, Method::Post, None, record).await? {
            Answer::Id(Some(id)) => Ok(id),
            _ => unreachable!("a create without an id is an error of the envelope"),
        }
    }

    /// Reads one record. Error `not_found`: there is none with this id.
    pub async fn get(&self, id: impl Into<RecordId>) -> Result<Record> {
        match self.run(Action::Get, self.engine.settings().read_method(), Some(id.into()), None).await? {
            Answer::Record(record) => Ok(record),
            _ => unreachable!("a get is read as a record"),
        }
    }

    /// Changes the given fields of a record and gives its id.
    pub async fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<RecordId> {
        let fields = Some(fields.into_record()?);
        self.write(Action::Update, Method::Post, id.into(), fields).await
    }

    /// Deletes a record and gives its id.
    pub async fn delete(&self, id: impl Into<RecordId>) -> Result<RecordId> {
        self.write(Action::Delete, self.engine.settings().delete_method(), id.into(), None).await
    }

    /// Saves many new records, see [`Bulk`].
    pub fn create_many<T: Serialize>(&self, records: impl IntoIterator<Item = T, IntoIter: Send + 'static>) -> Bulk {
        let input = |record| Ok(BulkInput::of_record(record::to_json(&record)?));
        self.bulk(BulkAction::Create, records.into_iter().map(input))
    }

    /// Reads many records, see [`Bulk`].
    pub fn get_many<I: Into<RecordId>>(&self, ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>) -> Bulk {
        self.bulk(BulkAction::Get, ids.into_iter().map(|id| Ok(BulkInput::of_id(id.into()))))
    }

    /// Changes many records, see [`Bulk`].
    pub fn update_many<I: Into<RecordId>, T: Serialize>(
        &self,
        changes: impl IntoIterator<Item = (I, T), IntoIter: Send + 'static>,
    ) -> Bulk {
        let input = |(id, fields): (I, T)| Ok(BulkInput::of_change(id.into(), record::to_json(&fields)?));
        self.bulk(BulkAction::Update, changes.into_iter().map(input))
    }

    /// Deletes many records, see [`Bulk`].
    pub fn delete_many<I: Into<RecordId>>(&self, ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>) -> Bulk {
        self.bulk(BulkAction::Delete, ids.into_iter().map(|id| Ok(BulkInput::of_id(id.into()))))
    }

    /// The general form of these, for inputs that may be unreadable: such a one becomes a row with its error.
    pub fn bulk(&self, action: BulkAction, inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static) -> Bulk {
        Bulk::new(self.bulk_calls(action), inputs)
    }

    /// The same for inputs that are handed over one by one, see [`BulkCalls`].
    pub fn bulk_calls(&self, action: BulkAction) -> BulkCalls {
        let entity = self.clone();
        let call = move |engine: &Engine, input| {
            let entity = entity.over(engine);
            Box::pin(async move { entity.one_of_many(action, input).await }) as BoxFuture<'static, _>
        };
        BulkCalls::new(&self.engine, action, Arc::new(call))
    }

    async fn one_of_many(&self, action: BulkAction, input: BulkInput) -> Result<Done> {
        let BulkInput { id, record } = input;
        let missing = |what: &str| Error::config(what, format!("this input has no {what}"));
        let id = || id.ok_or_else(|| missing("id"));
        let record = || record.ok_or_else(|| missing("record"));
        Ok(match action {
            BulkAction::Create => Done::Id(self.create(record()?).await?),
            BulkAction::Get => Done::Record(self.get(id()?).await?),
            BulkAction::Update => Done::Id(self.update(id()?, record()?).await?),
            BulkAction::Delete => Done::Id(self.delete(id()?).await?),
        })
    }

    /// The entity's records, lazily.
    pub fn list(&self) -> RecordList {
        RecordList::new(self.engine.clone(), self.name.clone())
    }

    /// Any other action of the API, sent as POST. `params` is an object; the answer is handed on as it is.
    pub async fn call(&self, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.call_with_method(action, params, Method::Post).await
    }

    /// Any other action of the API, with the method of your choice; for GET the params go into the query.
    pub async fn call_with_method(&self, action: &str, params: impl IntoRecord, method: Method) -> Result<Record> {
        check_name("action", action)?;
        if method != Method::Post && self.engine.settings().token_in == TokenIn::Form {
            let message = "with `token_in = \"form\"` calls go as POST, since the token is in the body";
            return Err(Error::config("method", message));
        }
        let params = Params::Record { id: None, record: Some(params.into_record()?) };
        let call = Call { entity: self.name.clone(), action: Action::Other(action.to_owned()), method, params };
        match self.engine.run(call).await? {
            Answer::Json(json) => Ok(json),
            _ => unreachable!("another action is read as JSON"),
        }
    }

    /// `update` and `delete` hand back the server's id, or the one that was sent.
    async fn write(&self, action: Action, method: Method, id: RecordId, fields: Option<Record>) -> Result<RecordId> {
        match self.run(action, method, Some(id.clone()), fields).await? {
            Answer::Id(answered) => Ok(answered.unwrap_or(id)),
            _ => unreachable!("a write is read as an id"),
        }
    }

    async fn run(
        &self,
        action: Action,
        method: Method,
        id: Option<RecordId>,
        record: Option<Record>,
    ) -> Result<Answer> {
        if id.as_ref().is_some_and(RecordId::is_empty) {
            return Err(Error::config("id", "the id is empty; pass the id of a record"));
        }
        let params = Params::Record { id, record };
        self.engine.run(Call { entity: self.name.clone(), action, method, params }).await
    }
}

fn check_name(what: &str, name: &str) -> Result<()> {
    let rest = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let valid = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic()) && name.bytes().all(rest);
    if valid {
        return Ok(());
    }
    let message = format!("`{name}` is no name of an {what}; it begins with a letter, then letters, digits and `_`");
    Err(Error::config(what, message))
}

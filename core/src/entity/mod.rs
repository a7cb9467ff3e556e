//! An entity of the CRM, with the calls for its records.

mod bulk_call;
mod changes;
mod create_once;
mod keyed_call;
mod lookup;
mod not_found;
#[cfg(feature = "outbox")]
mod queued;
mod shared_lookup;
mod upsert;
mod upsert_many;
mod with_response;

pub use create_once::FoundOrCreated;
pub use upsert::Upserted;
pub use with_response::EntityWithResponse;

use crate::blank::is_blank;
use crate::bulk::{Bulk, BulkAction, BulkCalls, BulkInput};
use crate::call::{Action, Call, Engine, Params, check_name};
use crate::cancellation::CancellationToken;
use crate::envelope::ParsedResponse;
use crate::error::{Error, Result};
use crate::id::RecordId;
use crate::list::RecordList;
use crate::record::{self, IntoRecord, Record};
use crate::settings::{Method, TokenIn};
use bulk_call::EntityCalls;
use serde::Serialize;
use std::sync::Arc;

/// An entity of the CRM, such as `Account`: creates, reads, updates, deletes and lists its records.
///
/// [`Client::accounts`](crate::Client::accounts) and [`Client::entity`](crate::Client::entity) return one. Cheap to clone.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let leads = client.leads();
/// let id = leads.create(&serde_json::json!({"lastName": "Ryś"})).await?;
/// leads.update(&id, &serde_json::json!({"phone": "+48 12 446 66 66"})).await?;
/// assert_eq!(leads.get(&id).await?.raw("phone"), Some(r#""+48 12 446 66 66""#));
/// leads.delete(&id).await?;
/// # Ok(()) });
/// ```
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

    /// Returns the same entity on another engine. Each blocking call borrows other connections.
    pub(crate) fn with_engine(&self, engine: &Engine) -> Self {
        Self { engine: engine.clone(), name: self.name.clone() }
    }

    /// Returns the same entity, whose calls `cancellation` ends; see [`Client::with_cancellation`](crate::Client::with_cancellation).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let cancellation = egito::CancellationToken::default();
    /// let import = client.leads().with_cancellation(&cancellation);
    /// cancellation.cancel(); // from any thread
    /// assert!(import.get(1).await.unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.with_engine(&self.engine.with_cancellation(cancellation))
    }

    /// Returns the same entity, whose calls have other settings; see [`Client::with_options`](crate::Client::with_options).
    ///
    /// Error `config`: an invalid value, or a setting that single calls cannot have.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let impatient = client.leads().with_options(br#"{"timeout": 5, "maxRetries": 0}"#)?;
    /// let lead = impatient.get(1).await?;
    /// # Ok(()) });
    /// ```
    pub fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_engine(&self.engine.with_options(json)?))
    }

    pub(crate) fn tagged(&self, tag: u64) -> Self {
        self.with_engine(&self.engine.tagged(tag))
    }

    /// Returns the same entity, whose calls return their HTTP status and headers together with their result.
    ///
    /// [`RecordList::with_response`] does the same for the pages of a list. Calls of a bulk do not return their responses; use
    /// [`Client::on_event`](crate::Client::on_event) to get their status.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.leads().with_response().get(1).await?;
    /// println!("{}, trace {:?}: {}", response.status, response.headers.get("x-request-id"), response.value.json());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn with_response(&self) -> EntityWithResponse {
        EntityWithResponse { entity: self.clone() }
    }

    /// Returns the name of the entity.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// assert_eq!(client.accounts().name(), "Account");
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Creates a record and returns its id.
    ///
    /// The client retries only if it is certain that the server has not processed the request.
    ///
    /// Errors: `validation` with the fields that the server refuses; `outcome_unknown` with the record that was sent, if it may have
    /// been created; `config` if the record is not a JSON object.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o.", "city": "Kraków"})).await?;
    /// println!("created account {id}");
    /// # Ok(()) });
    /// ```
    pub async fn create(&self, record: impl IntoRecord) -> Result<RecordId> {
        let record = Some(record.into_record()?);
        match self.run(Action::Create, Method::Post, None, record).await? {
            ParsedResponse::Id(Some(id)) => Ok(id),
            _ => unreachable!("a create without an id is an error of the envelope"),
        }
    }

    /// Reads one record.
    ///
    /// Error `not_found`: no record has this id. A server may need a moment until it finds a record that was just created.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = client.accounts().get(1).await?;
    /// println!("{}", account.raw("name").unwrap_or("null"));
    /// # Ok(()) });
    /// ```
    pub async fn get(&self, id: impl Into<RecordId>) -> Result<Record> {
        match self.run(Action::Get, self.engine.settings().read_method(), Some(id.into()), None).await? {
            ParsedResponse::Record(record) => Ok(record),
            _ => unreachable!("a get is read as a record"),
        }
    }

    /// Updates the given fields of a record and returns its id.
    ///
    /// Errors: `validation` with the fields that the server refuses; `not_found`. After `connection` and `timeout` the update may have
    /// been done, and it is safe to retry the call.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// client.accounts().update(1, &serde_json::json!({"phone": "+48 12 446 66 66"})).await?;
    /// # Ok(()) });
    /// ```
    pub async fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<RecordId> {
        let fields = Some(fields.into_record()?);
        self.write(Action::Update, Method::Post, id.into(), fields).await
    }

    /// Deletes a record and returns its id.
    ///
    /// Error `not_found`: no record has this id. If the response to the first attempt was lost, a retry that finds no record is a
    /// success.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// client.leads().delete(1).await?;
    /// assert!(client.leads().get(1).await.unwrap_err().is_not_found());
    /// # Ok(()) });
    /// ```
    pub async fn delete(&self, id: impl Into<RecordId>) -> Result<RecordId> {
        self.write(Action::Delete, self.engine.settings().delete_method(), id.into(), None).await
    }

    /// Creates many records, see [`Bulk`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let leads = ["Ryś", "Żbik"].map(|name| serde_json::json!({"lastName": name}));
    /// for row in client.leads().create_many(leads).to_vec().await {
    ///     println!("{}: {:?} {:?}", row.index, row.id, row.error);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn create_many<T: Serialize>(&self, records: impl IntoIterator<Item = T, IntoIter: Send + 'static>) -> Bulk {
        let input = |record| Ok(BulkInput::from_record(record::to_json(&record)?));
        self.bulk(BulkAction::Create, records.into_iter().map(input))
    }

    /// Reads many records by their ids, see [`Bulk`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let rows = client.accounts().get_many([1, 2, 7_000_000]).to_vec().await;
    /// assert!(rows[0].record.is_some() && rows[2].error.as_ref().unwrap().is_not_found());
    /// # Ok(()) });
    /// ```
    pub fn get_many<I: Into<RecordId>>(&self, ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>) -> Bulk {
        self.bulk(BulkAction::Get, ids.into_iter().map(|id| Ok(BulkInput::from_id(id.into()))))
    }

    /// Updates many records, each with its own fields, see [`Bulk`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let changes = [(1, "Łódź"), (2, "Gdańsk")].map(|(id, city)| (id, serde_json::json!({"city": city})));
    /// let rows = client.accounts().update_many(changes).to_vec().await;
    /// assert!(rows.iter().all(|row| row.error.is_none()));
    /// # Ok(()) });
    /// ```
    pub fn update_many<I: Into<RecordId>, T: Serialize>(
        &self,
        changes: impl IntoIterator<Item = (I, T), IntoIter: Send + 'static>,
    ) -> Bulk {
        let input = |(id, fields): (I, T)| Ok(BulkInput::from_change(id.into(), record::to_json(&fields)?));
        self.bulk(BulkAction::Update, changes.into_iter().map(input))
    }

    /// Deletes many records by their ids, see [`Bulk`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let rows = client.leads().delete_many([1, 2]).to_vec().await;
    /// assert!(rows.iter().all(|row| row.error.is_none()));
    /// # Ok(()) });
    /// ```
    pub fn delete_many<I: Into<RecordId>>(&self, ids: impl IntoIterator<Item = I, IntoIter: Send + 'static>) -> Bulk {
        self.bulk(BulkAction::Delete, ids.into_iter().map(|id| Ok(BulkInput::from_id(id.into()))))
    }

    /// Creates a bulk of any action. An input that is an error becomes a row with this error.
    ///
    /// ```
    /// use egito::{BulkAction, BulkInput, Error, Record};
    ///
    /// # egito_test_support::run(async |client| {
    /// let lines = [r#"{"lastName": "Ryś"}"#, "{"]; // of a file, for instance
    /// let inputs = lines.into_iter().map(|line| Ok(BulkInput::from_record(Record::from_json(line)?.into())));
    /// let rows = client.leads().bulk(BulkAction::Create, inputs).to_vec().await;
    /// assert!(rows[0].id.is_some() && rows[1].error.is_some());
    /// # Ok(()) });
    /// ```
    pub fn bulk(&self, action: BulkAction, inputs: impl Iterator<Item = Result<BulkInput>> + Send + 'static) -> Bulk {
        Bulk::new(self.bulk_calls(action), inputs)
    }

    /// Creates a bulk whose inputs are pushed one by one, see [`BulkCalls`].
    ///
    /// ```
    /// use egito::{BulkAction, BulkInput};
    ///
    /// # egito_test_support::run(async |client| {
    /// let mut calls = client.leads().bulk_calls(BulkAction::Get);
    /// calls.push(Ok(BulkInput::from_id(1.into())));
    /// assert!(calls.next().await.unwrap().record.is_some());
    /// # Ok(()) });
    /// ```
    pub fn bulk_calls(&self, action: BulkAction) -> BulkCalls {
        let factory = EntityCalls::new(self.clone(), action);
        BulkCalls::new(&self.engine, self.name.clone(), action, Arc::new(factory))
    }

    /// Lists the records of the entity. Nothing is sent until the list is read.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let mut accounts = client.accounts().list().filter("city", "Kraków").records()?;
    /// while let Some(account) = accounts.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// # Ok(()) });
    /// ```
    pub fn list(&self) -> RecordList {
        RecordList::new(self.engine.clone(), self.name.clone())
    }

    /// Calls a custom action of the API with POST. `params` is a JSON object. The response is returned unchanged.
    ///
    /// Like a create, the call is retried only if it is certain that the server has not processed the request. If it may have been
    /// done, the error is `outcome_unknown`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.entity("Offer")?.call("print", &serde_json::json!({"id": 7})).await?;
    /// println!("{}", response.json());
    /// # Ok(()) });
    /// ```
    pub async fn call(&self, action: &str, params: impl IntoRecord) -> Result<Record> {
        self.call_with_method(action, params, Method::Post).await
    }

    /// Calls a custom action of the API with this HTTP method. With GET, the params are sent in the query.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let params = serde_json::json!({"id": 7});
    /// let response = client.entity("Offer")?.call_with_method("status", &params, egito::Method::Get).await?;
    /// # Ok(()) });
    /// ```
    pub async fn call_with_method(&self, action: &str, params: impl IntoRecord, method: Method) -> Result<Record> {
        check_name("action", action)?;
        if method != Method::Post && self.engine.settings().token_in == TokenIn::Form {
            let message =
                "invalid `method`: with `token_in = \"form\"` the token is in the body, so calls must use POST";
            return Err(Error::config("method", message));
        }
        let params = Params::Record { id: None, record: Some(params.into_record()?) };
        let call = Call { entity: self.name.clone(), action: Action::Custom(action.to_owned()), method, params };
        match self.engine.run(call).await? {
            ParsedResponse::Json(json) => Ok(json),
            _ => unreachable!("the response to a custom action is read as JSON"),
        }
    }

    /// Runs an update or a delete. Returns the server's id, or the one that was sent if the response has none.
    async fn write(&self, action: Action, method: Method, id: RecordId, fields: Option<Record>) -> Result<RecordId> {
        match self.run(action, method, Some(id.clone()), fields).await? {
            ParsedResponse::Id(returned) => Ok(returned.unwrap_or(id)),
            _ => unreachable!("a write is read as an id"),
        }
    }

    async fn run(
        &self,
        action: Action,
        method: Method,
        id: Option<RecordId>,
        record: Option<Record>,
    ) -> Result<ParsedResponse> {
        if id.as_ref().is_some_and(|id| is_blank(&id.to_string())) {
            return Err(Error::config("id", "invalid `id`: it is empty or blank; pass the id of a record"));
        }
        let params = Params::Record { id, record };
        self.engine.run(Call { entity: self.name.clone(), action, method, params }).await
    }
}

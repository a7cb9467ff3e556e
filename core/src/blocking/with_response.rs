//! Blocking calls that also return their HTTP response.

use super::Entity;
use crate::error::Result;
use crate::id::RecordId;
use crate::record::{IntoRecord, Record};
use crate::response::{Response, ResponseSink};
use crate::settings::Method;

/// An entity whose calls return a [`Response`], see [`crate::EntityWithResponse`].
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let leads = client.leads().with_response();
/// let created = leads.create(&serde_json::json!({"lastName": "Ryś"}))?;
/// println!("created {} in {:?}, call {}", created.value, created.elapsed, created.call_id);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct EntityWithResponse {
    entity: Entity,
}

impl EntityWithResponse {
    pub(super) fn new(entity: Entity) -> Self {
        Self { entity }
    }

    /// Creates a record, see [`crate::Entity::create`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let response = client.leads().with_response().create(&serde_json::json!({"lastName": "Ryś"}))?;
    /// println!("created lead {}", response.value);
    /// # Ok(()) });
    /// ```
    pub fn create(&self, record: impl IntoRecord) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| entity.create(record))
    }

    /// Reads one record, see [`crate::Entity::get`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.accounts().with_response().get(1)?.status, 200);
    /// # Ok(()) });
    /// ```
    pub fn get(&self, id: impl Into<RecordId>) -> Result<Response<Record>> {
        self.entity.response_of(|entity| entity.get(id))
    }

    /// Updates the given fields of a record, see [`crate::Entity::update`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let fields = serde_json::json!({"phone": "+48 12 446 66 66"});
    /// assert_eq!(client.accounts().with_response().update(1, &fields)?.value, 1.into());
    /// # Ok(()) });
    /// ```
    pub fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| entity.update(id, fields))
    }

    /// Deletes a record, see [`crate::EntityWithResponse::delete`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// assert_eq!(client.leads().with_response().delete(1)?.value, 1.into());
    /// # Ok(()) });
    /// ```
    pub fn delete(&self, id: impl Into<RecordId>) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| entity.delete(id))
    }

    /// Calls a custom action of the API, see [`crate::Entity::call`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let response = client.entity("Offer")?.with_response().call("print", &serde_json::json!({"id": 7}))?;
    /// println!("{}: {}", response.status, response.value.json());
    /// # Ok(()) });
    /// ```
    pub fn call(&self, action: &str, params: impl IntoRecord) -> Result<Response<Record>> {
        self.call_with_method(action, params, Method::Post)
    }

    /// Calls a custom action of the API with the given HTTP method, see [`crate::Entity::call_with_method`].
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let (offers, params) = (client.entity("Offer")?.with_response(), serde_json::json!({"id": 7}));
    /// let response = offers.call_with_method("status", &params, egito::Method::Get)?;
    /// # Ok(()) });
    /// ```
    pub fn call_with_method(&self, action: &str, params: impl IntoRecord, method: Method) -> Result<Response<Record>> {
        self.entity.response_of(|entity| entity.call_with_method(action, params, method))
    }
}

impl Entity {
    /// Runs one call, and returns its result with its response.
    pub(crate) fn response_of<T>(&self, call: impl FnOnce(&Self) -> Result<T>) -> Result<Response<T>> {
        let sink = ResponseSink::default();
        let client = self.runtimes.client().engine().with_response_sink(&sink);
        let value = call(&self.with_client(crate::Client::from_engine(client)))?;
        Ok(sink.response_of(value))
    }
}

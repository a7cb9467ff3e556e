//! Calls that return their HTTP response together with their result.

use super::Entity;
use crate::error::Result;
use crate::id::RecordId;
use crate::record::{IntoRecord, Record};
use crate::response::{Response, ResponseSink};
use crate::settings::Method;

/// An entity whose calls return a [`Response`]: the result with its HTTP status and headers. See [`Entity::with_response`].
///
/// ```
/// # egito_test_support::run(async |client| {
/// let leads = client.leads().with_response();
/// let created = leads.create(&serde_json::json!({"lastName": "Ryś"})).await?;
/// println!("created {} in {:?}, call {}", created.value, created.elapsed, created.call_id);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct EntityWithResponse {
    pub(super) entity: Entity,
}

impl EntityWithResponse {
    /// Creates a record, see [`Entity::create`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.leads().with_response().create(&serde_json::json!({"lastName": "Ryś"})).await?;
    /// println!("created lead {}", response.value);
    /// # Ok(()) });
    /// ```
    pub async fn create(&self, record: impl IntoRecord) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| async move { entity.create(record).await }).await
    }

    /// Reads one record, see [`Entity::get`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.accounts().with_response().get(1).await?;
    /// assert_eq!(response.status, 200);
    /// # Ok(()) });
    /// ```
    pub async fn get(&self, id: impl Into<RecordId>) -> Result<Response<Record>> {
        self.entity.response_of(|entity| async move { entity.get(id).await }).await
    }

    /// Updates the given fields of a record, see [`Entity::update`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let fields = serde_json::json!({"phone": "+48 12 446 66 66"});
    /// let response = client.accounts().with_response().update(1, &fields).await?;
    /// assert_eq!(response.value, 1.into());
    /// # Ok(()) });
    /// ```
    pub async fn update(&self, id: impl Into<RecordId>, fields: impl IntoRecord) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| async move { entity.update(id, fields).await }).await
    }

    /// Deletes a record, see [`Entity::delete`].
    ///
    /// If a retry finds that an earlier attempt has deleted the record, the response is that of the retry, with status 404.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.leads().with_response().delete(1).await?;
    /// assert_eq!(response.value, 1.into());
    /// # Ok(()) });
    /// ```
    pub async fn delete(&self, id: impl Into<RecordId>) -> Result<Response<RecordId>> {
        self.entity.response_of(|entity| async move { entity.delete(id).await }).await
    }

    /// Calls a custom action of the API, see [`Entity::call`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let offers = client.entity("Offer")?.with_response();
    /// let response = offers.call("print", &serde_json::json!({"id": 7})).await?;
    /// println!("{}: {}", response.status, response.value.json());
    /// # Ok(()) });
    /// ```
    pub async fn call(&self, action: &str, params: impl IntoRecord) -> Result<Response<Record>> {
        self.call_with_method(action, params, Method::Post).await
    }

    /// Calls a custom action of the API with this HTTP method, see [`Entity::call_with_method`].
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let (offers, params) = (client.entity("Offer")?.with_response(), serde_json::json!({"id": 7}));
    /// let response = offers.call_with_method("status", &params, egito::Method::Get).await?;
    /// # Ok(()) });
    /// ```
    pub async fn call_with_method(
        &self,
        action: &str,
        params: impl IntoRecord,
        method: Method,
    ) -> Result<Response<Record>> {
        self.entity.response_of(|entity| async move { entity.call_with_method(action, params, method).await }).await
    }
}

impl Entity {
    /// Runs one call and returns its result with its response.
    pub(crate) async fn response_of<T, F: Future<Output = Result<T>>>(
        &self,
        call: impl FnOnce(Self) -> F,
    ) -> Result<Response<T>> {
        let sink = ResponseSink::default();
        let value = call(self.with_engine(&self.engine.with_response_sink(&sink))).await?;
        Ok(sink.response_of(value))
    }
}

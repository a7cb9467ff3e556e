//! The HTTP response of a call, for callers who ask for it.

use http::HeaderMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The result of a call together with its HTTP response, see [`Entity::with_response`](crate::Entity::with_response).
///
/// Headers are those of the server, with secrets removed: an access token or a password is replaced by `[removed]` wherever it
/// stands, and so is the whole value of `set-cookie`, `www-authenticate` and other headers that carry credentials.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let response = client.accounts().with_response().get(1).await?;
/// println!("{}: {}", response.status, response.value.json());
/// assert_eq!(response.headers["content-type"], "application/json;charset=UTF-8");
/// assert_eq!(response.attempts, 1);
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// Result of the call: what it returns without `with_response`.
    pub value: T,
    /// HTTP status of the last response.
    pub status: u16,
    /// Headers of the last response, without secrets. A header that the server sent several times has several values.
    pub headers: HeaderMap,
    /// How many requests were made for the call.
    pub attempts: u32,
    /// Number of the call: the same as [`Event::call`](crate::Event::call) of its events.
    pub call_id: u64,
    /// Time from the start of the call to the last response, with earlier attempts and the pauses between them.
    pub elapsed: Duration,
}

impl<T> Response<T> {
    /// Returns the same response with another value.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let response = client.accounts().with_response().get(1).await?;
    /// let name = response.map(|account| account.raw("name").map(str::to_owned));
    /// assert_eq!((name.status, name.value.is_some()), (200, true));
    /// # Ok(()) });
    /// ```
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self { value, status, headers, attempts, call_id, elapsed } = self;
        Response { value: change(value), status, headers, attempts, call_id, elapsed }
    }
}

/// Where a call leaves its last response.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResponseSink(Arc<Mutex<Option<Response<()>>>>);

impl ResponseSink {
    /// Keeps a response in place of an earlier one.
    pub(crate) fn put(&self, response: Response<()>) {
        *self.lock() = Some(response);
    }

    /// Returns the last response, and forgets it.
    pub(crate) fn take(&self) -> Option<Response<()>> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Response<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The HTTP response of a call, for callers that ask for it.

use http::HeaderMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The result of a call together with its HTTP response, see [`Entity::with_response`](crate::Entity::with_response).
///
/// The headers are the server's, with secrets redacted: access tokens and passwords are replaced by `[removed]` in every header, and
/// so is the whole value of `set-cookie`, `www-authenticate` and other headers with credentials.
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
    /// Result of the call, as it is returned without `with_response`.
    pub value: T,
    /// HTTP status of the last response.
    pub status: u16,
    /// Headers of the last response, without secrets. A header that the server sent several times has several values.
    pub headers: HeaderMap,
    /// Number of requests that the call sent, retries included.
    pub attempts: u32,
    /// Number of the call, the same as [`Event::call`](crate::Event::call) of its events.
    pub call_id: u64,
    /// Time from the start of the call to the last response, earlier attempts and backoff included.
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

/// Receives the last response of calls. Clones share it.
///
/// See [`binding::with_response_sink`](crate::binding::with_response_sink).
///
/// ```
/// assert!(egito::binding::ResponseSink::default().get().is_none());
/// ```
#[derive(Clone, Debug, Default)]
pub struct ResponseSink(Arc<Mutex<Option<Arc<Response<()>>>>>);

impl ResponseSink {
    /// Returns the last response of the last call; `None` if the call got no response.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let sink = egito::binding::ResponseSink::default();
    /// let client = egito::binding::with_response_sink(&client, &sink);
    /// client.accounts().get(1)?;
    /// assert_eq!(sink.get().unwrap().status, 200);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn get(&self) -> Option<Arc<Response<()>>> {
        self.lock().clone()
    }

    /// Replaces the response. A binding's cursor sets the response of each page that it moves to.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let sink = egito::binding::ResponseSink::default();
    /// let page = client.accounts().list().with_response().pages()?.next().unwrap()?;
    /// sink.set(page.response().cloned().map(Into::into));
    /// assert_eq!(sink.get().unwrap().attempts, 1);
    /// # Ok(()) });
    /// ```
    pub fn set(&self, response: Option<Arc<Response<()>>>) {
        *self.lock() = response;
    }

    /// Returns the response of a successful call, with its result.
    pub(crate) fn response_of<T>(&self, value: T) -> Response<T> {
        let response = self.lock().take().expect("a call that succeeds has a response");
        Arc::unwrap_or_clone(response).map(|()| value)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<Response<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

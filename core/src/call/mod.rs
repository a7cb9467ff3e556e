//! Runs one call: gets a token, sends a request, reads the response and decides whether to retry.

mod action;
mod bare;
mod context;
mod engine;
mod failed_call;
mod form;
mod names;
mod request;
mod shutdown;

pub(crate) use action::Action;
pub(crate) use bare::BareResponse;
pub(crate) use context::CallContext;
pub(crate) use engine::Engine;
pub(crate) use names::check_name;

use crate::auth::{AccessToken, LoginContext};
use crate::decimals;
use crate::envelope::{ExpectedBody, ParsedResponse};
use crate::error::{Code, Error, Result};
use crate::events::CallInfo;
use crate::id::RecordId;
use crate::record::Record;
use crate::retry::{AttemptError, Attempts, Failure, RetryPolicy};
use crate::settings::{Decimals, Method};
use crate::transport::Response;
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tracing::Instrument;

/// One call of the API.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub entity: Arc<str>,
    pub action: Action,
    pub method: Method,
    pub params: Params,
}

/// What a call sends.
#[derive(Clone, Debug)]
pub(crate) enum Params {
    /// A record, an id or both.
    Record { id: Option<RecordId>, record: Option<Record> },
    /// Names and values.
    Query(Vec<(String, String)>),
}

impl Engine {
    /// Runs a call with all its attempts. Every failure, even a panic, becomes an error that names the call.
    pub(crate) async fn run(&self, call: Call) -> Result<ParsedResponse> {
        self.events().counters.calls.add(1);
        if call.action.may_remove_rows() {
            self.events().counters.removals.add(1);
        }
        let _in_flight = self.enter();
        if let Some(sink) = self.context().response_sink() {
            sink.set(None);
        }
        let policy = RetryPolicy::from(self.settings());
        let idempotency = call.action.idempotency();
        let mut attempts =
            Attempts::start(&self.client.retry, self.call_info(&call), policy, idempotency, self.context().timeout());
        let span = tracing::debug_span!(target: "egito", "call", action = call.action.name(), entity = &*call.entity);
        // The future and those of the attempts are boxed, since a caller's thread may have a small stack. This one has no name, so that
        // the compiler need not look into it to see whether a caller's future is `Send`: the depth of that search is limited.
        let work = catch_panic(self.attempt_until_done(&call, &mut attempts).boxed()).instrument(span);
        let result = self.until_cancelled(work).await;
        result.map_err(|error| failed_call::describe(self.client.secrets.redact(error), call, &attempts))
    }

    async fn attempt_until_done(&self, call: &Call, attempts: &mut Attempts<'_>) -> Result<ParsedResponse> {
        self.check_open()?;
        let (mut token, mut is_new) = match self.client.tokens.valid_token() {
            Some(token) => (token, false),
            None => (self.client.tokens.log_in(self.login_context(attempts)).await?, true),
        };
        loop {
            match Box::pin(self.attempt(call, &token, attempts)).await {
                Ok(response) => {
                    attempts.succeeded();
                    return Ok(response);
                }
                Err(AttemptError { failure: Failure::TokenRefused, error }) => {
                    let epoch = self.client.tokens.epoch();
                    attempts.wait_for_token(is_new, error).await?;
                    token = self.client.tokens.replace(&token, epoch, self.login_context(attempts)).await?;
                    is_new = true;
                }
                Err(AttemptError { error, .. }) if attempts.may_have_been_done() && is_deleted(call, &error) => {
                    attempts.succeeded();
                    return Ok(ParsedResponse::Id(None));
                }
                Err(failed) => attempts.wait_for_retry(failed).await?,
            }
        }
    }

    async fn attempt(
        &self,
        call: &Call,
        token: &AccessToken,
        attempts: &mut Attempts<'_>,
    ) -> std::result::Result<ParsedResponse, AttemptError> {
        let request = request::build(call, self.settings(), token)?;
        let permit = self.transport.acquire(attempts.time_left()).await?;
        let url_length = request.path.len() + request.query.as_ref().map_or(0, String::len);
        let state = attempts.begin();
        self.events().counters.attempts.add(1);
        let mut response = self.transport.send(permit, request, &state, attempts.time_left()).await;
        if let (Some(sink), Ok(response)) = (self.context().response_sink(), &mut response) {
            sink.set(Some(Arc::new(self.response_of(response, attempts))));
        }
        let (status, bytes) = response.as_ref().map_or((None, 0), |r| (Some(r.received.status), r.received.body.len()));
        let result = response.and_then(|response| self.read(call, response));
        let result = result.map_err(|failed| request::explain_length(failed, url_length));
        let code = result.as_ref().err().map(|failed| failed.error.code());
        attempts.report(status, code, bytes);
        result
    }

    /// Returns the response for callers that ask for it. Takes the headers out of `response`.
    fn response_of(&self, response: &mut Response, attempts: &Attempts<'_>) -> crate::response::Response<()> {
        crate::response::Response {
            value: (),
            status: response.received.status,
            headers: self.client.secrets.redact_headers(std::mem::take(&mut response.headers)),
            attempts: attempts.count(),
            call_id: attempts.call_info().call,
            elapsed: attempts.elapsed(),
        }
    }

    fn read(&self, call: &Call, mut response: Response) -> std::result::Result<ParsedResponse, AttemptError> {
        let retry_after = response.retry_after(self.client.retry.clock.system_time());
        let (settings, expected) = (self.settings(), call.action.expected_body());
        if settings.decimals == Decimals::String
            && matches!(expected, ExpectedBody::Record | ExpectedBody::Page | ExpectedBody::Json)
        {
            response.received.body = decimals::as_strings(response.received.body);
        }
        response.received.read(expected, settings.list_key.as_deref()).map_err(|error| match error.code() {
            Code::Auth => AttemptError::new(Failure::TokenRefused, error),
            _ => AttemptError::from_response(error, retry_after),
        })
    }

    fn login_context(&self, attempts: &Attempts<'_>) -> LoginContext {
        LoginContext {
            transport: self.transport.clone(),
            policy: RetryPolicy::from(self.settings()),
            time_left: attempts.time_left(),
            call: attempts.call_info().call,
            tag: attempts.call_info().tag,
        }
    }

    /// Returns the call for its events.
    fn call_info(&self, call: &Call) -> CallInfo {
        CallInfo {
            call: self.events().new_call(),
            tag: self.context().tag(),
            action: call.action.owned_name(),
            entity: Some(call.entity.clone()),
            entry: self.context().entry(),
            method: call.method.as_str(),
        }
    }

    /// Runs `work`, and drops it with the request in flight once the call is cancelled, by its caller or by closing the client.
    pub(crate) async fn until_cancelled<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let cancelled = async {
            match self.cancellation() {
                Some(cancellation) => cancellation.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = cancelled => Err(Error::cancelled()),
            result = work => result, // comes first: a call that begins after the close fails with `config`, not `cancelled`
            () = self.client.shutdown.cancellation.cancelled() => Err(cancelled_by_close()),
        }
    }

    #[cfg(feature = "test-panic")]
    pub(crate) async fn panic_for_tests(&self) -> Result<()> {
        catch_panic(async { panic!("a panic for tests") }).await
    }
}

/// Turns a panic into the error `internal`, so that it does not end the program.
async fn catch_panic<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let result = AssertUnwindSafe(work).catch_unwind().await;
    result.unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))
}

/// Returns the error of a call that was in flight when `close_timeout` was over.
fn cancelled_by_close() -> Error {
    Error::new(Code::Cancelled, "the client was closed before the call ended")
}

/// Returns whether a retry shows that the record is deleted. A delete whose retry gets "not found" has succeeded.
fn is_deleted(call: &Call, error: &Error) -> bool {
    call.action == Action::Delete && error.code() == Code::NotFound
}

//! The engine of calls: the state that all calls of a client share, connections, and the context of the calls.

use super::CallContext;
use super::shutdown::{InFlight, Shutdown};
use crate::auth::{self, Login, Tokens};
use crate::cancellation::CancellationToken;
use crate::clock::{Clock, SharedClock};
use crate::create_lock::CreateLocks;
use crate::descriptors::DescriptorCheck;
use crate::error::{Error, Result};
use crate::events::Events;
use crate::response::ResponseSink;
use crate::retry::RetryContext;
use crate::secret::Secrets;
use crate::settings::Settings;
use crate::transport::{RateLimiter, Transport};
use std::sync::Arc;
use std::time::Duration;

/// Runs calls. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    pub(super) client: Arc<ClientState>,
    pub(super) transport: Transport,
    context: CallContext,
}

/// The state that all calls of a client share, whichever connections they use.
#[derive(Debug)]
pub(super) struct ClientState {
    settings: Arc<Settings>,
    pub retry: RetryContext,
    pub secrets: Arc<Secrets>,
    pub tokens: Tokens,
    pub shutdown: Shutdown,
    creates: CreateLocks,
}

/// How long closing a client waits for calls that it has cancelled.
const CANCEL_GRACE: Duration = Duration::from_secs(1);

/// A call in flight, until it is dropped.
pub(super) struct CallInFlight<'a> {
    in_flight: Option<InFlight<'a>>,
    engine: &'a Engine,
}

impl Drop for CallInFlight<'_> {
    fn drop(&mut self) {
        self.in_flight = None;
        self.engine.close_idle();
    }
}

impl Engine {
    pub(crate) fn new(settings: Settings, clock: SharedClock) -> Result<Self> {
        settings.check_token_store()?;
        auth::check_token_store(&settings)?;
        Self::with_events(Arc::new(settings), clock, Arc::default())
    }

    fn with_events(settings: Arc<Settings>, clock: SharedClock, events: Arc<Events>) -> Result<Self> {
        let address = settings.check()?;
        let limiter = RateLimiter::new(settings.max_concurrency, settings.requests_per_second, clock.clone());
        let proxy = settings.proxy_for(&address)?;
        let secrets = Arc::new(auth::secrets(&settings, proxy.as_ref()));
        let transport = Transport::new(&settings, &address, proxy, limiter, events.clone(), clock.clone())?;
        let creates = CreateLocks::new(&settings, &address, clock.clone());
        let retry = RetryContext::new(clock, events, &address, settings.start_events);
        let tokens = Tokens::new(Login::new(settings.clone(), address, secrets.clone(), retry.clone()));
        let context = CallContext::new(settings.clone());
        let shutdown = Shutdown::default();
        let client = Arc::new(ClientState { settings, retry, secrets, tokens, shutdown, creates });
        Ok(Self { client, transport, context })
    }

    /// Returns an engine with other settings and the same listeners and cancellation that shares no token, connection or lock with this
    /// one.
    pub(crate) fn recreate_with(&self, settings: Settings) -> Result<Self> {
        let RetryContext { clock, events, .. } = &self.client.retry;
        let new = Self::with_events(Arc::new(settings), clock.clone(), events.clone())?;
        Ok(match self.context.cancellation() {
            Some(cancellation) => new.with_cancellation(cancellation),
            None => new,
        })
    }

    /// Returns an engine with the same settings, context and listeners that shares no token, connection or lock with this one.
    pub(crate) fn recreate(&self) -> Result<Self> {
        let RetryContext { clock, events, .. } = &self.client.retry;
        let new = Self::with_events(self.client.settings.clone(), clock.clone(), events.clone())?;
        if self.is_closed() {
            new.client.shutdown.close();
        }
        Ok(new.with_context(self.context.clone()))
    }

    /// Returns an engine for the same client with other connections and another context.
    pub(crate) fn with_connections(&self, connections: &Transport, context: CallContext) -> Self {
        Self { client: self.client.clone(), transport: connections.clone(), context }
    }

    /// Returns an engine for the same client and connections with another context.
    fn with_context(&self, context: CallContext) -> Self {
        Self { client: self.client.clone(), transport: self.transport.clone(), context }
    }

    /// Returns an engine whose calls `cancellation` cancels too.
    pub(crate) fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.with_context(self.context.with_cancellation(cancellation))
    }

    /// Returns an engine whose calls `cancellation` cancels, and no other token.
    pub(crate) fn with_only_cancellation(&self, cancellation: &CancellationToken) -> Self {
        self.with_context(self.context.with_only_cancellation(cancellation))
    }

    /// Returns an engine whose events have this tag, see [`CallContext::tagged`].
    pub(crate) fn tagged(&self, tag: u64) -> Self {
        self.with_context(self.context.tagged(tag))
    }

    /// Returns an engine whose events name this entry of an outbox.
    #[cfg(feature = "outbox")]
    pub(crate) fn for_entry(&self, id: i64) -> Self {
        self.with_context(self.context.for_entry(id))
    }

    /// Returns an engine for a call that stores its response in `sink`.
    pub(crate) fn with_response_sink(&self, sink: &ResponseSink) -> Self {
        self.with_context(self.context.with_response_sink(sink))
    }

    /// Returns an engine whose calls have other settings, see [`Settings::with_options`].
    pub(crate) fn with_options(&self, json: &[u8]) -> Result<Self> {
        Ok(self.with_context(self.context.with_options(json)?))
    }

    /// Returns an engine whose calls use these settings, see [`CallContext::with_settings`].
    pub(crate) fn with_settings(&self, settings: &Settings) -> Self {
        self.with_context(self.context.with_settings(settings))
    }

    /// Returns an engine for calls that have already waited this long.
    pub(crate) fn after(&self, waited: Duration) -> Self {
        self.with_context(self.context.after(waited))
    }

    /// Returns the locks of creates with a key.
    pub(crate) fn create_locks(&self) -> &CreateLocks {
        &self.client.creates
    }

    /// Returns the address of the server.
    pub(crate) fn address(&self) -> &str {
        self.client.creates.address()
    }

    /// Creates a separate pool of connections, for another runtime with these descriptors.
    pub(crate) fn new_connections(&self, descriptors: &Arc<DescriptorCheck>) -> Result<Transport> {
        self.transport.with_new_connections(descriptors)
    }

    pub(crate) fn context(&self) -> &CallContext {
        &self.context
    }

    /// Returns the settings of these calls.
    pub(crate) fn settings(&self) -> &Settings {
        self.context.settings()
    }

    /// Returns the cancellation token of these calls, if they have one.
    pub(crate) fn cancellation(&self) -> Option<&CancellationToken> {
        self.context.cancellation()
    }

    /// Returns the error of the proxy's login if it was just refused.
    pub(crate) fn proxy_refusal(&self) -> Option<Error> {
        self.transport.proxy_refusal()
    }

    /// Returns the clock of the client.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.client.retry.clock
    }

    /// Returns the clock of the client, to keep it.
    pub(crate) fn shared_clock(&self) -> SharedClock {
        self.client.retry.clock.clone()
    }

    /// Returns the counters and the event hook of the client.
    pub(crate) fn events(&self) -> &Events {
        &self.client.retry.events
    }

    /// Makes later calls fail, and closes idle connections. The future waits for the calls in flight, at most for the setting
    /// `close_timeout`, and then cancels them.
    pub(crate) fn close(&self) -> impl Future<Output = ()> + Send + use<> {
        self.client.shutdown.close();
        self.close_idle();
        let engine = self.clone();
        async move {
            let shutdown = &engine.client.shutdown;
            if tokio::time::timeout(engine.client.settings.close_timeout, shutdown.idle()).await.is_err() {
                shutdown.cancellation.cancel();
                let _ = tokio::time::timeout(CANCEL_GRACE, shutdown.idle()).await; // if they take longer, they end in the background
            }
        }
    }

    /// Cancels the calls in flight of a closed client.
    pub(crate) fn cancel_calls(&self) {
        self.client.shutdown.cancellation.cancel();
    }

    /// Returns whether the client was closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.client.shutdown.is_closed()
    }

    /// Waits until the client is closed.
    pub(crate) async fn closed(&self) {
        self.client.shutdown.closed().await;
    }

    /// Returns whether no call of the client is in flight.
    pub(crate) fn is_idle(&self) -> bool {
        self.client.shutdown.is_idle()
    }

    /// Counts a call as in flight. The last one of a closed client closes its connections.
    pub(super) fn enter(&self) -> CallInFlight<'_> {
        CallInFlight { in_flight: Some(self.client.shutdown.enter()), engine: self }
    }

    fn close_idle(&self) {
        if self.is_closed() && self.is_idle() {
            self.transport.close();
        }
    }

    /// Fails once the client is closed or these calls are cancelled.
    pub(crate) fn check_running(&self) -> Result<()> {
        self.check_open()?;
        if self.context.is_cancelled() { Err(Error::cancelled()) } else { Ok(()) }
    }

    pub(super) fn check_open(&self) -> Result<()> {
        if self.is_closed() { Err(Error::config("client", "the client is closed; create a new one")) } else { Ok(()) }
    }
}

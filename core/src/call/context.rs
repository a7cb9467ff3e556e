//! The options, the cancellation and the time limit of calls.

use crate::cancellation::CancellationToken;
use crate::error::Result;
use crate::response::ResponseSink;
use crate::settings::Settings;
use std::sync::Arc;
use std::time::Duration;

/// The options, the cancellation and the time limit of calls. It holds no connections, so it can be used with any.
#[derive(Clone, Debug)]
pub(crate) struct CallContext {
    /// The client's settings, with the options of these calls.
    settings: Arc<Settings>,
    cancellation: Option<CancellationToken>,
    /// The setting `timeout`, minus the time spent before the call began.
    timeout: Duration,
    /// The caller's number for these calls; 0 for none.
    tag: u64,
    /// The id of the outbox entry that these calls belong to.
    entry: Option<i64>,
    /// Receives the response of these calls, if the caller asked for it.
    response: Option<ResponseSink>,
}

impl CallContext {
    pub(super) fn new(settings: Arc<Settings>) -> Self {
        Self { timeout: settings.timeout, cancellation: None, settings, tag: 0, entry: None, response: None }
    }

    /// Returns a context with other options, see [`Settings::with_options`].
    pub(crate) fn with_options(&self, json: &[u8]) -> Result<Self> {
        let settings = Arc::new(self.settings.with_options(json)?);
        Ok(Self { timeout: settings.timeout, settings, ..self.clone() })
    }

    /// Returns a context with these settings for requests and responses, and the same timeout.
    pub(crate) fn with_settings(&self, settings: &Settings) -> Self {
        Self { settings: Arc::new(settings.clone()), ..self.clone() }
    }

    /// Returns a context whose events have this tag.
    pub(crate) fn tagged(&self, tag: u64) -> Self {
        Self { tag, ..self.clone() }
    }

    pub(crate) fn tag(&self) -> u64 {
        self.tag
    }

    /// Returns a context whose events name this entry of an outbox.
    #[cfg(feature = "outbox")]
    pub(crate) fn for_entry(&self, id: i64) -> Self {
        Self { entry: Some(id), ..self.clone() }
    }

    pub(crate) fn entry(&self) -> Option<i64> {
        self.entry
    }

    /// Returns a context for a call that stores its response in `sink`.
    pub(crate) fn with_response_sink(&self, sink: &ResponseSink) -> Self {
        Self { response: Some(sink.clone()), ..self.clone() }
    }

    pub(crate) fn response_sink(&self) -> Option<&ResponseSink> {
        self.response.as_ref()
    }

    /// Returns a context that `cancellation` cancels too, besides the token of this one.
    pub(crate) fn with_cancellation(&self, cancellation: &CancellationToken) -> Self {
        Self { cancellation: Some(cancellation.child_of(self.cancellation.as_ref())), ..self.clone() }
    }

    /// Returns a context that `cancellation` cancels, and no other token.
    pub(crate) fn with_only_cancellation(&self, cancellation: &CancellationToken) -> Self {
        Self { cancellation: Some(cancellation.clone()), ..self.clone() }
    }

    /// Returns a context for a call that has already waited this long.
    pub(crate) fn after(&self, waited: Duration) -> Self {
        Self { timeout: self.timeout.saturating_sub(waited), ..self.clone() }
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn cancellation(&self) -> Option<&CancellationToken> {
        self.cancellation.as_ref()
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancellation.as_ref().is_some_and(CancellationToken::is_cancelled)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }
}

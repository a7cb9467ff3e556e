//! State that an async client shares with its entities, lists and bulks.

use super::loop_bridge::{LastBridge, LoopBridge};
use super::pending::Pending;
use crate::events::context::EventContext;
use crate::events::hook::Hook;
use crate::runtime::owner::Owned;
use egito::binding::{self, PerProcess};
use egito::{Client, Decimals};
use pyo3::prelude::*;
use std::sync::Arc;

/// The client of the core, the bridge to the event loop, and options for the conversion of values.
pub(crate) struct Context {
    client: PerProcess<Owned<Client>>,
    last_bridge: LastBridge,
    pub decimals: Decimals,
    pub hook: Option<Arc<Hook>>,
}

impl Context {
    pub(crate) fn new(client: Client, hook: Option<Arc<Hook>>) -> Self {
        let last_bridge = LastBridge::default();
        client.on_event(hook.as_ref().map(|hook| last_bridge.on_loop_thread(hook)));
        let decimals = client.settings().decimals;
        Self { client: PerProcess::new(Owned::new(client)), last_bridge, decimals, hook }
    }

    /// Returns the same context with other options: events go to the same hook.
    pub(crate) fn with_options(&self, options: &[u8]) -> egito::Result<Self> {
        let client = self.client()?.with_options(options)?;
        let (decimals, last_bridge, hook) = (client.settings().decimals, self.last_bridge.clone(), self.hook.clone());
        Ok(Self { client: PerProcess::new(Owned::new(client)), last_bridge, decimals, hook })
    }

    pub(crate) fn client(&self) -> egito::Result<&Client> {
        let recreate = |lost: &Owned<Client>| binding::recreate(lost).map(Owned::new);
        self.client.get_usable(Owned::is_current, recreate).map(|client| &**client)
    }

    /// Starts a call, which keeps the `context` of its events. `to_python` converts its result when Python awaits it.
    pub(crate) fn start<T>(
        &self,
        py: Python<'_>,
        context: EventContext,
        call: impl Future<Output = egito::Result<T>> + Send + 'static,
        to_python: impl FnOnce(Python<'_>, T) -> PyResult<Bound<'_, PyAny>> + Send + 'static,
    ) -> PyResult<Pending>
    where
        T: Send + 'static,
    {
        LoopBridge::to_running_loop(py, &self.last_bridge)?.start(py, context, call, to_python)
    }
}

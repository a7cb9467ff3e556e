//! The client: its entities, dictionaries, events and counters.

use crate::background;
use crate::context::{Context, NativeContext};
use crate::entity::NativeEntity;
use crate::error::NativeResult;
use crate::events::{self, NativeEventListener};
use crate::json::plain_json;
use crate::list::NativeList;
use crate::outbox::NativeOutbox;
use egito::binding::{blocking_client, read_settings, report_to_json, run_blocking, server_address};
use egito::{Client, ProbeOptions, Result, blocking};
use std::path::Path;
use std::sync::Arc;

/// The handle of an `Egito`: one client, for blocking calls and for calls in the background.
#[derive(uniffi::Object)]
pub struct NativeClient {
    client: Client,
    blocking: blocking::Client,
}

#[uniffi::export]
impl NativeClient {
    /// Opens a client with settings as JSON. They override those of the file, or those of the environment with `from_env`.
    #[uniffi::constructor]
    pub fn new(settings: Vec<u8>, from_env: bool, file: Option<String>) -> NativeResult<Arc<Self>> {
        let client = Client::new(read_settings(&settings, from_env, file.as_ref().map(Path::new))?)?;
        let blocking = blocking_client(&client);
        Ok(Arc::new(Self { client, blocking }))
    }

    /// Returns the same client with other settings for its calls.
    pub fn with_options(&self, settings: Vec<u8>) -> NativeResult<Arc<Self>> {
        let (client, blocking) = (self.client.with_options(&settings)?, self.blocking.with_options(&settings)?);
        Ok(Arc::new(Self { client, blocking }))
    }

    /// Returns the address of the server.
    pub fn address(&self) -> String {
        server_address(self.client.settings())
    }

    /// Returns an entity.
    pub fn entity(&self, name: String) -> NativeResult<Arc<NativeEntity>> {
        Ok(Arc::new(NativeEntity::new(&self.client, &self.blocking, &name)?))
    }

    /// Returns a dictionary as a list.
    pub fn dictionary(&self, kind: String, options: Vec<u8>, context: Context) -> NativeResult<Arc<NativeList>> {
        let client = NativeContext::client(&context, &self.client);
        let blocking = NativeContext::blocking_client(&context, &self.blocking);
        let (blocking, list) = (blocking.dictionary(&kind), client.dictionary(&kind));
        NativeList::new(blocking, list, &options, NativeContext::wants_response(&context))
    }

    /// Returns the outbox in a file.
    pub fn outbox(&self, path: String, options: Vec<u8>) -> NativeResult<Arc<NativeOutbox>> {
        let outbox = self.client.outbox(path)?.with_json(&options)?;
        Ok(Arc::new(NativeOutbox::new(outbox, self.client.clone())))
    }

    /// Probes the server. The result is the report as JSON.
    pub fn probe(&self, options: Vec<u8>) -> NativeResult<Vec<u8>> {
        Ok(run_blocking(&self.blocking, |client| probe(client, options))?)
    }

    /// Probes the server in the background.
    pub async fn probe_async(&self, options: Vec<u8>) -> NativeResult<Vec<u8>> {
        background::spawn(probe(self.client.clone(), options)).await
    }

    /// Returns the counters as JSON.
    pub fn stats(&self) -> Vec<u8> {
        plain_json(&self.client.stats())
    }

    /// Calls the listener at the end of every attempt; nothing removes it.
    pub fn on_event(&self, listener: Option<Box<dyn NativeEventListener>>) {
        self.client.on_event(listener.map(events::hook));
    }

    /// Closes the client, and waits for calls in flight on other threads.
    pub fn shut_down(&self) {
        self.blocking.close();
    }

    /// Closes the client, and waits in the background for calls in flight.
    pub async fn shut_down_async(&self) -> NativeResult<()> {
        let (closing, blocking) = (self.client.close(), self.blocking.clone());
        background::spawn(async move {
            blocking.close(); // does not wait on this thread
            closing.await;
            Ok(())
        })
        .await
    }
}

async fn probe(client: Client, options: Vec<u8>) -> Result<Vec<u8>> {
    let report = client.probe(&ProbeOptions::from_json(&options)?).await?;
    Ok(report_to_json(&report).into_bytes())
}

/// Panics, to test that the JVM survives them. Each build has these methods, so that the border is the same; without the feature
/// `test-panic` they do nothing.
#[uniffi::export]
#[allow(clippy::unused_self, clippy::unused_async)] // some use nothing without the feature
impl NativeClient {
    /// Panics inside the core, to test that it becomes the error `internal`.
    pub fn panic_for_tests(&self) -> NativeResult<()> {
        #[cfg(feature = "test-panic")]
        egito::binding::blocking_panic_for_tests(&self.blocking)?;
        Ok(())
    }

    /// Panics inside the core in the background, to test that it becomes the error `internal`.
    pub async fn panic_for_tests_async(&self) -> NativeResult<()> {
        #[cfg(feature = "test-panic")]
        {
            let client = self.client.clone();
            background::spawn(async move { egito::binding::panic_for_tests(&client).await }).await?;
        }
        Ok(())
    }

    /// Panics in this library.
    pub fn panic_at_border(&self) {
        #[cfg(feature = "test-panic")]
        panic!("a panic for tests");
    }
}

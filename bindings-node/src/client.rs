//! The client: its entities, dictionaries, events and counters.

use crate::completions::{CallRunner, NativeCompletions};
use crate::context::NativeContext;
use crate::entity::NativeEntity;
use crate::json::plain_json;
use crate::list::NativeList;
use crate::native_result::NativeResult;
use crate::numbers::{Integers, NumberFormat};
use crate::outbox::NativeOutbox;
use egito::binding::{read_settings, report_to_json, tag_of, with_ca_file_of};
use egito::{Client, Event, ProbeOptions};
use napi::bindgen_prelude::{Either, Function};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// The handle of a JavaScript `Client`.
#[napi]
pub struct NativeClient {
    client: Client,
    runner: CallRunner,
}

/// Opens a client with settings as JSON, which override those of the file, or with `from_env` those of the environment. Returns the
/// client or an error.
#[napi(catch_unwind)]
pub fn open_client(
    settings: String,
    from_env: bool,
    file: Option<String>,
    integers_as_strings: bool,
    completions: &NativeCompletions,
) -> Either<NativeClient, NativeResult> {
    let integers = if integers_as_strings { Integers::Strings } else { Integers::BigInts };
    let settings = read_settings(settings.as_bytes(), from_env, file.as_ref().map(Path::new));
    let settings = settings.and_then(|settings| with_ca_file_of(settings, &["NODE_EXTRA_CA_CERTS"]));
    match settings.and_then(Client::new) {
        Ok(client) => {
            let runner = completions.runner(NumberFormat::of(&client, integers));
            Either::A(NativeClient { client, runner })
        }
        Err(error) => Either::B(NativeResult::error(&error, NumberFormat { integers, exact_decimals: false })),
    }
}

#[napi]
impl NativeClient {
    /// Returns an entity, or the error for an invalid name.
    #[napi(catch_unwind)]
    pub fn entity(&self, name: String) -> Either<NativeEntity, NativeResult> {
        match self.client.entity(&name) {
            Ok(entity) => Either::A(NativeEntity::new(entity, self.runner.clone())),
            Err(error) => Either::B(NativeResult::error(&error, self.runner.numbers)),
        }
    }

    /// Returns the same client with other settings for its calls, or an error.
    #[napi(catch_unwind)]
    pub fn with_options(&self, settings: String) -> Either<NativeClient, NativeResult> {
        match self.client.with_options(settings.as_bytes()) {
            Ok(client) => {
                let numbers = NumberFormat::of(&client, self.runner.numbers.integers);
                Either::A(Self { client, runner: self.runner.with(numbers) })
            }
            Err(error) => Either::B(NativeResult::error(&error, self.runner.numbers)),
        }
    }

    /// Returns a dictionary as a list.
    #[napi(catch_unwind)]
    pub fn dictionary(&self, kind: String, options: String, context: &NativeContext) -> NativeList {
        let list = context.client(&self.client).map(|client| context.list(client.dictionary(&kind)));
        NativeList::new(self.runner.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }

    /// Returns the outbox in a file, or an error.
    #[napi(catch_unwind)]
    pub fn outbox(&self, path: String, options: String) -> Either<NativeOutbox, NativeResult> {
        match self.client.outbox(path).and_then(|outbox| outbox.with_json(options.as_bytes())) {
            Ok(outbox) => Either::A(NativeOutbox::new(outbox, self.client.clone(), self.runner.clone())),
            Err(error) => Either::B(NativeResult::error(&error, self.runner.numbers)),
        }
    }

    /// Probes the server. The result is the report.
    #[napi(catch_unwind)]
    pub fn probe(&self, call_id: u32, options: String, context: Option<&NativeContext>) {
        let client = context.map_or_else(|| Ok(self.client.clone()), |context| context.client(&self.client));
        self.runner.run(call_id, move || async move {
            let report = client?.probe(&ProbeOptions::from_json(options.as_bytes())?).await?;
            Ok(Some(report_to_json(&report)))
        });
    }

    /// Returns the counters as JSON.
    #[napi(catch_unwind)]
    pub fn stats(&self) -> String {
        plain_json(&self.client.stats())
    }

    /// Calls `listener` with every event as JSON, with the `tag` of its call. It does not keep the process alive.
    #[napi(catch_unwind)]
    pub fn on_event(&self, listener: Function<String, ()>) -> napi::Result<()> {
        let listener = listener.build_threadsafe_function().weak::<true>().build()?;
        self.client.on_event(Some(Arc::new(move |event| {
            // This fails only if the JavaScript thread is ending.
            let json = plain_json(&TaggedEvent { tag: tag_of(event), event });
            let _ = listener.call(json, ThreadsafeFunctionCallMode::NonBlocking);
        })));
        Ok(())
    }

    /// Closes the client. The result, without a value, comes when no call is in flight. The listener is released then.
    #[napi(catch_unwind)]
    pub fn close(&self, call_id: u32) {
        let (closing, client) = (self.client.close(), self.client.clone());
        self.runner.run(call_id, move || async move {
            closing.await;
            client.on_event(None);
            Ok(None)
        });
    }
}

#[cfg(feature = "test-panic")]
#[napi]
impl NativeClient {
    /// Panics, in the core or in this module, to test that it becomes the error `internal`.
    #[napi(catch_unwind)]
    pub fn panic_for_tests(&self, call_id: u32, in_core: bool) {
        let client = self.client.clone();
        self.runner.run(call_id, move || async move {
            assert!(in_core, "a panic for tests");
            egito::binding::panic_for_tests(&client).await.map(|()| None)
        });
    }
}

/// An event, and the tag of its call.
#[derive(Serialize)]
struct TaggedEvent<'a> {
    tag: u64,
    #[serde(flatten)]
    event: &'a Event,
}

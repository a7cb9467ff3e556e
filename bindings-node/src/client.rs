//! The client: its entities, dictionaries, events and counters.

use crate::call::NativeCall;
use crate::entity::NativeEntity;
use crate::list::NativeList;
use crate::numbers::{Integers, Numbers};
use crate::queue::{Calls, NativeQueue};
use crate::reply::Reply;
use egito::binding::{tag_of, with_ca_file_of};
use egito::{Client, Event, Settings};
use napi::bindgen_prelude::{Either, Function};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;
use serde::Serialize;
use std::sync::Arc;

/// What a JavaScript `Client` holds.
#[napi]
pub struct NativeClient {
    client: Client,
    calls: Calls,
}

/// A client from settings as JSON, laid over those of the environment with `from_env`; or the error.
#[napi(catch_unwind)]
pub fn open_client(
    settings: String,
    from_env: bool,
    integers_as_text: bool,
    queue: &NativeQueue,
) -> Either<NativeClient, Reply> {
    let integers = if integers_as_text { Integers::Text } else { Integers::Exact };
    let read = if from_env { Settings::from_env } else { Settings::from_json };
    let settings = read(settings.as_bytes()).and_then(|settings| with_ca_file_of(settings, &["NODE_EXTRA_CA_CERTS"]));
    match settings.and_then(Client::new) {
        Ok(client) => {
            let calls = queue.calls(Numbers::of(&client, integers));
            Either::A(NativeClient { client, calls })
        }
        Err(error) => Either::B(Reply::error(&error, Numbers { integers, exact_decimals: false })),
    }
}

#[napi]
impl NativeClient {
    /// Returns an entity, or the error of a name that no entity can have.
    #[napi(catch_unwind)]
    pub fn entity(&self, name: String) -> Either<NativeEntity, Reply> {
        match self.client.entity(&name) {
            Ok(entity) => Either::A(NativeEntity::new(entity, self.calls.clone())),
            Err(error) => Either::B(Reply::error(&error, self.calls.numbers)),
        }
    }

    /// Returns the same client with other settings for its calls, or what is wrong with them.
    #[napi(catch_unwind)]
    pub fn with_options(&self, settings: String) -> Either<NativeClient, Reply> {
        match self.client.with_options(settings.as_bytes()) {
            Ok(client) => {
                let numbers = Numbers::of(&client, self.calls.numbers.integers);
                Either::A(Self { client, calls: self.calls.with(numbers) })
            }
            Err(error) => Either::B(Reply::error(&error, self.calls.numbers)),
        }
    }

    /// A dictionary, as a list.
    #[napi(catch_unwind)]
    pub fn dictionary(&self, kind: String, options: String, own: &NativeCall) -> NativeList {
        let list = own.client(&self.client).map(|client| own.list(client.dictionary(&kind)));
        NativeList::new(self.calls.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }

    /// What it has done so far, as JSON.
    #[napi(catch_unwind)]
    pub fn stats(&self) -> String {
        to_json(&self.client.stats())
    }

    /// Calls `listener` with every event as JSON, to which the `tag` of the call is added. It does not keep the process alive.
    #[napi(catch_unwind)]
    pub fn on_event(&self, listener: Function<String, ()>) -> napi::Result<()> {
        let listener = listener.build_threadsafe_function().weak::<true>().build()?;
        self.client.on_event(Some(Arc::new(move |event| {
            // It fails only where the thread that listens is ending.
            let json = to_json(&TaggedEvent { tag: tag_of(event), event });
            let _ = listener.call(json, ThreadsafeFunctionCallMode::NonBlocking);
        })));
        Ok(())
    }

    /// Makes later calls fail; the reply, without a value, comes once no call is in flight. The listener is let go then.
    #[napi(catch_unwind)]
    pub fn close(&self, ticket: u32) {
        let (closing, client) = (self.client.close(), self.client.clone());
        self.calls.run(ticket, move || async move {
            closing.await;
            client.on_event(None);
            Ok(None)
        });
    }

    /// Panics, in the core or in this module, so that a test can see it come out as the error `internal`.
    #[napi(catch_unwind)]
    pub fn panic_for_tests(&self, ticket: u32, in_core: bool) {
        let client = self.client.clone();
        self.calls.run(ticket, move || async move {
            assert!(in_core, "a panic for tests");
            egito::binding::panic_for_tests(&client).await.map(|()| None)
        });
    }
}

/// An event and the number of its call.
#[derive(Serialize)]
struct TaggedEvent<'a> {
    tag: u64,
    #[serde(flatten)]
    event: &'a Event,
}

fn to_json(plain: &impl Serialize) -> String {
    serde_json::to_string(plain).expect("plain data is JSON")
}

//! The client's calls: JSON text in; the reply is delivered under the ticket that the call was given.

use crate::bulk::NativeBulk;
use crate::list::NativeList;
use crate::numbers::Integers;
use crate::queue::{Calls, NativeQueue};
use crate::reply::Reply;
use crate::values::{record_id, text};
use egito::{BulkAction, Cancel, Client, Method, Record, Result, Settings};
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

/// What a call has of its own.
#[napi]
pub struct NativeCall {
    cancel: Cancel,
    settings: Option<String>,
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
    match read(settings.as_bytes()).and_then(Client::new) {
        Ok(client) => Either::A(NativeClient { client, calls: queue.calls(integers) }),
        Err(error) => Either::B(Reply::error(&error, integers)),
    }
}

#[napi]
impl NativeClient {
    /// The id of a new record.
    #[napi(catch_unwind)]
    pub fn create(&self, ticket: u32, entity: String, record: String, own: Option<&NativeCall>) {
        let client = self.of(own);
        self.calls.run(ticket, move || async move {
            let id = client?.entity(&entity)?.create(Record::from_bytes(record)?).await?;
            Ok(Some(id.to_json()))
        });
    }

    /// One record.
    #[napi(catch_unwind)]
    pub fn get(&self, ticket: u32, entity: String, id: String, own: Option<&NativeCall>) {
        let client = self.of(own);
        self.calls
            .run(ticket, move || async move { Ok(Some(text(&client?.entity(&entity)?.get(record_id(&id)?).await?))) });
    }

    /// The id of the changed record.
    #[napi(catch_unwind)]
    pub fn update(&self, ticket: u32, entity: String, id: String, fields: String, own: Option<&NativeCall>) {
        let client = self.of(own);
        self.calls.run(ticket, move || async move {
            let id = client?.entity(&entity)?.update(record_id(&id)?, Record::from_bytes(fields)?).await?;
            Ok(Some(id.to_json()))
        });
    }

    /// The id of the deleted record.
    #[napi(catch_unwind)]
    pub fn delete(&self, ticket: u32, entity: String, id: String, own: Option<&NativeCall>) {
        let client = self.of(own);
        self.calls.run(ticket, move || async move {
            Ok(Some(client?.entity(&entity)?.delete(record_id(&id)?).await?.to_json()))
        });
    }

    /// Whatever another action answers.
    #[napi(catch_unwind)]
    pub fn call(
        &self,
        ticket: u32,
        entity: String,
        action: String,
        params: String,
        method: String,
        own: Option<&NativeCall>,
    ) {
        let client = self.of(own);
        self.calls.run(ticket, move || async move {
            let (params, method) = (Record::from_bytes(params)?, method.parse::<Method>()?);
            Ok(Some(text(&client?.entity(&entity)?.call_with_method(&action, params, method).await?)))
        });
    }

    /// The error of a name that no entity can have; else an empty reply.
    #[napi(catch_unwind)]
    pub fn check_entity(&self, name: String) -> Reply {
        let integers = self.calls.integers;
        self.client.entity(&name).map_or_else(|error| Reply::error(&error, integers), |_| Reply::default())
    }

    /// A bulk with these options, or what is wrong with them.
    #[napi(catch_unwind)]
    pub fn bulk(
        &self,
        entity: String,
        action: String,
        options: String,
        keep_all_rows: bool,
        own: Option<&NativeCall>,
    ) -> Either<NativeBulk, Reply> {
        let bulk = || {
            let calls = self.of(own)?.entity(&entity)?.bulk_calls(action.parse::<BulkAction>()?);
            calls.with_json(options.as_bytes())
        };
        match bulk() {
            Ok(mut bulk) => {
                if keep_all_rows {
                    bulk.keep_all_rows();
                }
                Either::A(NativeBulk::new(bulk, self.calls.clone()))
            }
            Err(error) => Either::B(Reply::error(&error, self.calls.integers)),
        }
    }

    /// A list. What is wrong with its options is reported when it is read.
    #[napi(catch_unwind)]
    pub fn list(&self, entity: String, options: String, own: &NativeCall) -> NativeList {
        let list = self.of(Some(own)).and_then(|client| client.entity(&entity)).map(|entity| entity.list());
        NativeList::new(self.calls.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }

    /// A dictionary, as a list.
    #[napi(catch_unwind)]
    pub fn dictionary(&self, kind: String, options: String, own: &NativeCall) -> NativeList {
        let list = self.of(Some(own)).map(|client| client.dictionary(&kind));
        NativeList::new(self.calls.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }

    /// What it has done so far, as JSON.
    #[napi(catch_unwind)]
    pub fn stats(&self) -> String {
        to_json(&self.client.stats())
    }

    /// Calls `listener` with every event as JSON. It does not keep the process alive.
    #[napi(catch_unwind)]
    pub fn on_event(&self, listener: Function<String, ()>) -> napi::Result<()> {
        let listener = listener.build_threadsafe_function().weak::<true>().build()?;
        self.client.on_event(Some(Arc::new(move |event| {
            // It fails only where the thread that listens is ending.
            let _ = listener.call(to_json(event), ThreadsafeFunctionCallMode::NonBlocking);
        })));
        Ok(())
    }

    /// Later calls fail, and the listener is let go.
    #[napi(catch_unwind)]
    pub fn close(&self) {
        self.client.close();
        self.client.on_event(None);
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

    /// The client as one call sees it.
    fn of(&self, own: Option<&NativeCall>) -> Result<Client> {
        let Some(own) = own else { return Ok(self.client.clone()) };
        let client = self.client.cancelled_by(&own.cancel);
        own.settings.as_ref().map_or_else(|| Ok(client.clone()), |settings| client.with_options(settings.as_bytes()))
    }
}

#[napi]
impl NativeCall {
    /// With the settings that the call goes by instead of the client's, as JSON.
    #[napi(constructor, catch_unwind)]
    pub fn new(settings: Option<String>) -> Self {
        Self { cancel: Cancel::default(), settings }
    }

    /// Ends the calls that were given this: their requests are closed.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

fn to_json(plain: &impl Serialize) -> String {
    serde_json::to_string(plain).expect("plain data is JSON")
}

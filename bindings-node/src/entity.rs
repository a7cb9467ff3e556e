//! The calls of an entity: JSON text in; the reply is delivered under the ticket that the call was given.

use crate::bulk::NativeBulk;
use crate::call::NativeCall;
use crate::list::NativeList;
use crate::queue::Calls;
use crate::reply::Reply;
use crate::response;
use crate::values::{record_id, text};
use egito::binding::response_of;
use egito::{BulkAction, Entity, Method, Record, RecordId, Result};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// What a JavaScript `Entity` holds.
#[napi]
pub struct NativeEntity {
    entity: Entity,
    calls: Calls,
}

impl NativeEntity {
    pub fn new(entity: Entity, calls: Calls) -> Self {
        Self { entity, calls }
    }

    /// Returns the entity for one call.
    fn of(&self, own: Option<&NativeCall>) -> Result<Entity> {
        own.map_or_else(|| Ok(self.entity.clone()), |own| own.entity(&self.entity))
    }

    /// Begins a call, whose reply is its result as JSON; with the response where the caller wants it.
    fn run<T, W: Future<Output = Result<T>> + Send + 'static>(
        &self,
        ticket: u32,
        own: Option<&NativeCall>,
        call: impl FnOnce(Entity) -> W + Send + 'static,
        to_json: fn(&T) -> String,
    ) where
        T: Send + 'static,
    {
        let (entity, with_response) = (self.of(own), own.is_some_and(|own| own.with_response));
        self.calls.run(ticket, move || async move {
            let entity = entity?;
            if !with_response {
                return Ok(Some(to_json(&call(entity).await?)));
            }
            let answered = response_of(&entity, call).await?;
            Ok(Some(response::to_json(&answered, &to_json(&answered.value))))
        });
    }
}

#[napi]
impl NativeEntity {
    /// The id of a new record.
    #[napi(catch_unwind)]
    pub fn create(&self, ticket: u32, record: String, own: Option<&NativeCall>) {
        let call = |entity: Entity| async move { entity.create(Record::from_bytes(record)?).await };
        self.run(ticket, own, call, RecordId::to_json);
    }

    /// One record.
    #[napi(catch_unwind)]
    pub fn get(&self, ticket: u32, id: String, own: Option<&NativeCall>) {
        self.run(ticket, own, |entity| async move { entity.get(record_id(&id)?).await }, text);
    }

    /// The id of the changed record.
    #[napi(catch_unwind)]
    pub fn update(&self, ticket: u32, id: String, fields: String, own: Option<&NativeCall>) {
        let call = |entity: Entity| async move { entity.update(record_id(&id)?, Record::from_bytes(fields)?).await };
        self.run(ticket, own, call, RecordId::to_json);
    }

    /// The id of the deleted record.
    #[napi(catch_unwind)]
    pub fn delete(&self, ticket: u32, id: String, own: Option<&NativeCall>) {
        self.run(ticket, own, |entity| async move { entity.delete(record_id(&id)?).await }, RecordId::to_json);
    }

    /// Whatever another action answers.
    #[napi(catch_unwind)]
    pub fn call(&self, ticket: u32, action: String, params: String, method: String, own: Option<&NativeCall>) {
        let call = |entity: Entity| async move {
            let (params, method) = (Record::from_bytes(params)?, method.parse::<Method>()?);
            entity.call_with_method(&action, params, method).await
        };
        self.run(ticket, own, call, text);
    }

    /// A bulk with these options, or what is wrong with them.
    #[napi(catch_unwind)]
    pub fn bulk(
        &self,
        action: String,
        options: String,
        keep_all_rows: bool,
        report_progress: bool,
        own: Option<&NativeCall>,
    ) -> Either<NativeBulk, Reply> {
        let bulk = || {
            let calls = self.of(own)?.bulk_calls(action.parse::<BulkAction>()?);
            calls.with_json(options.as_bytes())
        };
        match bulk() {
            Ok(mut bulk) => {
                if keep_all_rows {
                    bulk.keep_all_rows();
                }
                if report_progress {
                    bulk.report_progress();
                }
                Either::A(NativeBulk::new(bulk, self.calls.clone()))
            }
            Err(error) => Either::B(Reply::error(&error, self.calls.numbers)),
        }
    }

    /// A list. What is wrong with its options is reported when it is read.
    #[napi(catch_unwind)]
    pub fn list(&self, options: String, own: &NativeCall) -> NativeList {
        let list = self.of(Some(own)).map(|entity| own.list(entity.list()));
        NativeList::new(self.calls.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }
}

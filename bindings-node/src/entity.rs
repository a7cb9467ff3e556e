//! The calls of an entity. They take JSON, and their results are delivered with the id of the call.

use crate::bulk::NativeBulk;
use crate::completions::CallRunner;
use crate::context::NativeContext;
use crate::json::{plain_json, record_id, record_json, utf8};
use crate::list::NativeList;
use crate::native_result::NativeResult;
use crate::response;
use egito::binding::{ids_from_json, response_of};
use egito::{BulkAction, Entity, Method, Record, RecordId, RecordKey, Result};
use napi::bindgen_prelude::{Either, Utf16String};
use napi_derive::napi;

/// The handle of a JavaScript `Entity`.
#[napi]
pub struct NativeEntity {
    entity: Entity,
    runner: CallRunner,
}

impl NativeEntity {
    pub fn new(entity: Entity, runner: CallRunner) -> Self {
        Self { entity, runner }
    }

    /// Returns the entity for one call.
    fn for_call(&self, context: Option<&NativeContext>) -> Result<Entity> {
        context.map_or_else(|| Ok(self.entity.clone()), |context| context.entity(&self.entity))
    }

    /// Starts a call, whose result is its value as JSON, with the response if the context wants it.
    fn run<T, W: Future<Output = Result<T>> + Send + 'static>(
        &self,
        call_id: u32,
        context: Option<&NativeContext>,
        call: impl FnOnce(Entity) -> W + Send + 'static,
        to_json: fn(&T) -> String,
    ) where
        T: Send + 'static,
    {
        let (entity, with_response) = (self.for_call(context), context.is_some_and(|context| context.with_response));
        self.runner.run(call_id, move || async move {
            let entity = entity?;
            if !with_response {
                return Ok(Some(to_json(&call(entity).await?)));
            }
            let response = response_of(&entity, call).await?;
            Ok(Some(response::to_json(&response, &to_json(&response.value))))
        });
    }
}

#[napi]
impl NativeEntity {
    /// Creates a record. The result is its id.
    #[napi(catch_unwind)]
    pub fn create(&self, call_id: u32, record: Utf16String, context: Option<&NativeContext>) {
        let call = |entity: Entity| async move { entity.create(Record::from_bytes(utf8(&record))?).await };
        self.run(call_id, context, call, RecordId::to_json);
    }

    /// Finds the record with the key that the options name, or creates it. The result has `id`, `created` and `duplicates`.
    #[napi(catch_unwind)]
    pub fn create_once(&self, call_id: u32, record: Utf16String, options: String, context: Option<&NativeContext>) {
        let call = |entity: Entity| async move {
            entity.create_once(Record::from_bytes(utf8(&record))?, RecordKey::from_json(options.as_bytes())?).await
        };
        self.run(call_id, context, call, plain_json);
    }

    /// Finds the record with the key that the options name, and creates or updates it. The result has `id`, `change`, `fields` and
    /// `duplicates`.
    #[napi(catch_unwind)]
    pub fn upsert(&self, call_id: u32, record: Utf16String, options: String, context: Option<&NativeContext>) {
        let call = |entity: Entity| async move {
            entity.upsert(Record::from_bytes(utf8(&record))?, RecordKey::from_json(options.as_bytes())?).await
        };
        self.run(call_id, context, call, plain_json);
    }

    /// Returns a record.
    #[napi(catch_unwind)]
    pub fn get(&self, call_id: u32, id: String, context: Option<&NativeContext>) {
        self.run(call_id, context, |entity| async move { entity.get(record_id(&id)?).await }, record_json);
    }

    /// Changes a record. The result is its id.
    #[napi(catch_unwind)]
    pub fn update(&self, call_id: u32, id: String, fields: Utf16String, context: Option<&NativeContext>) {
        let call =
            |entity: Entity| async move { entity.update(record_id(&id)?, Record::from_bytes(utf8(&fields))?).await };
        self.run(call_id, context, call, RecordId::to_json);
    }

    /// Deletes a record. The result is its id.
    #[napi(catch_unwind)]
    pub fn delete(&self, call_id: u32, id: String, context: Option<&NativeContext>) {
        self.run(call_id, context, |entity| async move { entity.delete(record_id(&id)?).await }, RecordId::to_json);
    }

    /// Runs a custom action.
    #[napi(catch_unwind)]
    pub fn call(
        &self,
        call_id: u32,
        action: String,
        params: Utf16String,
        method: String,
        context: Option<&NativeContext>,
    ) {
        let call = |entity: Entity| async move {
            let (params, method) = (Record::from_bytes(utf8(&params))?, method.parse::<Method>()?);
            entity.call_with_method(&action, params, method).await
        };
        self.run(call_id, context, call, record_json);
    }

    /// Returns a bulk with these options, or an error.
    #[napi(catch_unwind)]
    pub fn bulk(
        &self,
        action: String,
        options: String,
        keep_all_rows: bool,
        report_progress: bool,
        context: Option<&NativeContext>,
    ) -> Either<NativeBulk, NativeResult> {
        let bulk = || {
            let calls = self.for_call(context)?.bulk_calls(action.parse::<BulkAction>()?);
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
                Either::A(NativeBulk::new(bulk, self.runner.clone()))
            }
            Err(error) => Either::B(NativeResult::error(&error, self.runner.numbers)),
        }
    }

    /// Returns a list. Invalid options are reported when it is read.
    #[napi(catch_unwind)]
    pub fn list(&self, options: String, context: &NativeContext) -> NativeList {
        let list = self.for_call(Some(context)).map(|entity| context.list(entity.list()));
        NativeList::new(self.runner.clone(), list.and_then(|list| list.with_json(options.as_bytes())))
    }
    /// Returns the ids of all records.
    #[napi(catch_unwind)]
    pub fn ids(&self, call_id: u32, context: Option<&NativeContext>) {
        self.run(call_id, context, |entity| async move { entity.ids().await }, plain_json);
    }

    /// Returns those of the given ids whose records do not exist any more.
    #[napi(catch_unwind)]
    pub fn deleted(&self, call_id: u32, ids: String, context: Option<&NativeContext>) {
        let call = |entity: Entity| async move { entity.deleted(ids_from_json(ids.as_bytes())?).await };
        self.run(call_id, context, call, plain_json);
    }
}

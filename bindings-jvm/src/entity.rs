//! An entity: its calls, lists and bulks.

use crate::background;
use crate::bulk::NativeBulk;
use crate::context::{Context, NativeContext};
use crate::entity_call::EntityCall;
use crate::error::NativeResult;
use crate::list::NativeList;
use egito::binding::run_blocking;
use egito::{BulkAction, Client, Entity, blocking};
use std::sync::Arc;

/// The handle of an `Entity`.
#[derive(uniffi::Object)]
pub struct NativeEntity {
    entity: Entity,
    blocking: blocking::Client,
}

impl NativeEntity {
    /// Error `config`: the name is invalid.
    pub fn new(client: &Client, blocking: &blocking::Client, name: &str) -> egito::Result<Self> {
        Ok(Self { entity: client.entity(name)?, blocking: blocking.clone() })
    }
}

#[uniffi::export]
impl NativeEntity {
    /// Runs a call on this thread.
    pub fn run(&self, call: EntityCall, context: Context) -> NativeResult<Vec<u8>> {
        let client = NativeContext::blocking_client(&context, &self.blocking);
        let (name, with_response) = (self.entity.name(), NativeContext::wants_response(&context));
        Ok(run_blocking(&client, |client| async move { call.run(client.entity(name)?, with_response).await })?)
    }

    /// Runs a call in the background.
    pub async fn run_async(&self, call: EntityCall, context: Context) -> NativeResult<Vec<u8>> {
        let entity = NativeContext::entity(&context, &self.entity);
        background::spawn(call.run(entity, NativeContext::wants_response(&context))).await
    }

    /// Returns the records of the entity as a list.
    pub fn list(&self, options: Vec<u8>, context: Context) -> NativeResult<Arc<NativeList>> {
        let client = NativeContext::blocking_client(&context, &self.blocking);
        let entity = NativeContext::entity(&context, &self.entity);
        let blocking = client.entity(entity.name())?.list();
        NativeList::new(blocking, entity.list(), &options, NativeContext::wants_response(&context))
    }

    /// Returns a bulk, such as `create`. Its inputs are pushed one by one.
    pub fn bulk(
        &self,
        action: String,
        options: Vec<u8>,
        report_progress: bool,
        context: Context,
    ) -> NativeResult<Arc<NativeBulk>> {
        let entity = NativeContext::entity(&context, &self.entity);
        let mut calls = entity.bulk_calls(action.parse::<BulkAction>()?).with_json(&options)?;
        if report_progress {
            calls.report_progress();
        }
        Ok(Arc::new(NativeBulk::new(calls)))
    }
}

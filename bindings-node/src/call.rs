//! What one call has of its own: a cancellation, and settings that replace the client's.

use egito::binding::{tagged, tagged_entity};
use egito::{Cancel, Client, Entity, Result};
use napi_derive::napi;

/// The cancellation and the settings of one call.
#[napi]
pub struct NativeCall {
    cancel: Cancel,
    settings: Option<String>,
    tag: u32,
}

#[napi]
impl NativeCall {
    /// Takes the settings as JSON, and the number that the events of the call shall have.
    #[napi(constructor, catch_unwind)]
    pub fn new(settings: Option<String>, tag: Option<u32>) -> Self {
        Self { cancel: Cancel::default(), settings, tag: tag.unwrap_or_default() }
    }

    /// Ends the calls that were given this: their requests are closed.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl NativeCall {
    /// Returns the client for this call.
    pub fn client(&self, client: &Client) -> Result<Client> {
        let client = tagged(client, self.tag.into()).cancelled_by(&self.cancel);
        match &self.settings {
            None => Ok(client),
            Some(settings) => client.with_options(settings.as_bytes()),
        }
    }

    /// Returns the entity for this call.
    pub fn entity(&self, entity: &Entity) -> Result<Entity> {
        let entity = tagged_entity(entity, self.tag.into()).cancelled_by(&self.cancel);
        match &self.settings {
            None => Ok(entity),
            Some(settings) => entity.with_options(settings.as_bytes()),
        }
    }
}

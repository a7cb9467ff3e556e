//! What one call has of its own: a cancellation, and settings that replace the client's.

use egito::{Cancel, Client, Entity, Result};
use napi_derive::napi;

/// The cancellation and the settings of one call.
#[napi]
pub struct NativeCall {
    cancel: Cancel,
    settings: Option<String>,
}

#[napi]
impl NativeCall {
    /// Takes the settings as JSON.
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

impl NativeCall {
    /// Returns the client for this call.
    pub fn client(&self, client: &Client) -> Result<Client> {
        let client = client.cancelled_by(&self.cancel);
        match &self.settings {
            None => Ok(client),
            Some(settings) => client.with_options(settings.as_bytes()),
        }
    }

    /// Returns the entity for this call.
    pub fn entity(&self, entity: &Entity) -> Result<Entity> {
        let entity = entity.cancelled_by(&self.cancel);
        match &self.settings {
            None => Ok(entity),
            Some(settings) => entity.with_options(settings.as_bytes()),
        }
    }
}

//! The context of one call: its cancellation, and settings that replace the client's.

use egito::binding::{tagged, tagged_entity};
use egito::{CancellationToken, Client, Entity, RecordList, Result};
use napi_derive::napi;

/// The cancellation and the settings of one call.
#[napi]
pub struct NativeContext {
    cancel: CancellationToken,
    settings: Option<String>,
    tag: u32,
    /// Whether the caller wants the response with the result.
    pub with_response: bool,
}

#[napi]
impl NativeContext {
    /// Creates a context from settings as JSON, the tag for events of the call, and whether its results include the response.
    #[napi(constructor, catch_unwind)]
    pub fn new(settings: Option<String>, tag: Option<u32>, with_response: Option<bool>) -> Self {
        let (tag, with_response) = (tag.unwrap_or_default(), with_response.unwrap_or_default());
        Self { cancel: CancellationToken::default(), settings, tag, with_response }
    }

    /// Cancels the calls with this context, and their requests.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.cancel.cancel();
    }
}

impl NativeContext {
    /// Returns the client for this call.
    pub fn client(&self, client: &Client) -> Result<Client> {
        let client = tagged(client, self.tag.into()).with_cancellation(&self.cancel);
        match &self.settings {
            None => Ok(client),
            Some(settings) => client.with_options(settings.as_bytes()),
        }
    }

    /// Returns the list for one iteration, which keeps responses if the caller wants them.
    pub fn list(&self, list: RecordList) -> RecordList {
        if self.with_response { list.with_response() } else { list }
    }

    /// Returns the entity for this call.
    pub fn entity(&self, entity: &Entity) -> Result<Entity> {
        let entity = tagged_entity(entity, self.tag.into()).with_cancellation(&self.cancel);
        match &self.settings {
            None => Ok(entity),
            Some(settings) => entity.with_options(settings.as_bytes()),
        }
    }
}

//! The context of calls: their cancellation, and whether the caller wants responses.

use egito::{CancellationToken, Client, Entity, blocking};
use std::sync::Arc;

/// The handle of a `CancellationToken`.
#[derive(Default, uniffi::Object)]
pub struct NativeCancellation(CancellationToken);

/// The context of calls.
#[derive(uniffi::Object)]
pub struct NativeContext {
    cancellation: CancellationToken,
    with_response: bool,
}

#[uniffi::export]
impl NativeCancellation {
    /// Creates a token.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Cancels the calls with this token, and their requests.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

#[uniffi::export]
impl NativeContext {
    /// Creates a context from a token, and whether results include the response.
    #[uniffi::constructor]
    pub fn new(cancellation: Option<Arc<NativeCancellation>>, with_response: bool) -> Arc<Self> {
        let cancellation = cancellation.map_or_else(CancellationToken::default, |token| token.0.clone());
        Arc::new(Self { cancellation, with_response })
    }
}

/// The context of a call, if it has one.
pub type Context = Option<Arc<NativeContext>>;

impl NativeContext {
    /// Returns the client for a call with this context.
    pub fn client(context: &Context, client: &Client) -> Client {
        context.as_ref().map_or_else(|| client.clone(), |context| client.with_cancellation(&context.cancellation))
    }

    /// Like [`client`](Self::client), for a blocking call.
    pub fn blocking_client(context: &Context, client: &blocking::Client) -> blocking::Client {
        context.as_ref().map_or_else(|| client.clone(), |context| client.with_cancellation(&context.cancellation))
    }

    /// Returns the entity for a call with this context.
    pub fn entity(context: &Context, entity: &Entity) -> Entity {
        context.as_ref().map_or_else(|| entity.clone(), |context| entity.with_cancellation(&context.cancellation))
    }

    /// Returns whether the caller wants the response.
    pub fn wants_response(context: &Context) -> bool {
        context.as_ref().is_some_and(|context| context.with_response)
    }
}

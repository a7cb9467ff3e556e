//! Events of attempts, for a listener in Kotlin.

use crate::json::plain_json;
use egito::{Event, EventHook};
use std::sync::Arc;

/// Receives events.
#[uniffi::export(callback_interface)]
pub trait NativeEventListener: Send + Sync {
    /// Receives an event as JSON, on the thread of the call. It must not throw.
    fn on_event(&self, json: Vec<u8>);
}

/// Returns the hook that calls a listener.
pub fn hook(listener: Box<dyn NativeEventListener>) -> EventHook {
    Arc::new(move |event: &Event| listener.on_event(plain_json(event)))
}

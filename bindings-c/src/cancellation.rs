//! Cancellation tokens: abort calls from another thread.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, HandleTag, free, handle, if_live};
use crate::panic::infallible;
use egito_core::CancellationToken;

/// Aborts calls from another thread, see egito_client_with_cancellation. Thread-safe.
pub struct egito_cancellation_token {
    tag: HandleTag,
    pub(crate) core: CancellationToken,
}
handle!(egito_cancellation_token, b"e_cancel");

/// Creates a cancellation token.
///
/// token: receives the token; free it with egito_cancellation_token_free.
/// Fails with EGITO_ERROR_CONFIG if token is NULL. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancellation_token_new(
    token: *mut *mut egito_cancellation_token,
    error: *mut *mut egito_error,
) -> egito_status {
    fallible(error, || {
        let core = CancellationToken::default();
        Out::required("token", token)?
            .handle(egito_cancellation_token { tag: HandleTag::new(egito_cancellation_token::TAG), core });
        Ok(())
    })
}

/// Aborts the calls in flight with EGITO_ERROR_CANCELLED and closes their requests. Later calls fail at once.
///
/// A write in flight may have been done: egito_error_outcome of its error says so. Does nothing if token is NULL, or
/// the second time. Returns at once. Thread-safe, but not from a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancellation_token_cancel(token: Option<&egito_cancellation_token>) {
    infallible((), || {
        if let Some(token) = if_live(token) {
            token.core.cancel();
        }
    });
}

/// Frees a cancellation token. NULL is allowed. Clients that use it keep working, but can no longer be cancelled. Any
/// thread, after all other uses of the token.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancellation_token_free(token: *mut egito_cancellation_token) {
    infallible((), || free(token));
}

//! The word from another thread that nobody waits any longer.

use crate::error::{egito_error, egito_status, fallible};
use crate::ffi::Out;
use crate::handle::{Handle, Mark, free, handle, live};
use crate::panic::infallible;
use egito_core::CancellationToken;

/// Ends calls from another thread, see egito_client_cancelled_by. Any number of threads may use it.
pub struct egito_cancel {
    mark: Mark,
    pub(crate) core: CancellationToken,
}
handle!(egito_cancel, b"e_cancel");

/// Makes a cancel handle.
///
/// cancel: receives the handle; free it with egito_cancel_free.
/// Fails with EGITO_ERROR_CONFIG where cancel is NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancel_new(cancel: *mut *mut egito_cancel, error: *mut *mut egito_error) -> egito_status {
    fallible(error, || {
        let core = CancellationToken::default();
        Out::needed("cancel", cancel)?.handle(egito_cancel { mark: Mark::new(egito_cancel::KIND), core });
        Ok(())
    })
}

/// Ends what is under way with it, by the error EGITO_ERROR_CANCELLED, and closes its requests; what begins later ends at once.
///
/// A write that was under way may have been done: its error says so by egito_error_outcome. NULL and a second time are fine.
/// Returns at once. Any thread; not from a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancel_now(cancel: Option<&egito_cancel>) {
    infallible((), || {
        if let Some(cancel) = live(cancel) {
            cancel.core.cancel();
        }
    });
}

/// Frees a cancel handle. NULL is fine. Clients that were made with it go on, and can no longer be ended by it. Any thread, once
/// no other one uses the handle.
#[unsafe(no_mangle)]
pub extern "C" fn egito_cancel_free(cancel: *mut egito_cancel) {
    infallible((), || free(cancel));
}

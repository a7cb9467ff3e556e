//! Callbacks: functions of the program that the library calls, with the `user` pointer of the program.
//!
//! They may call the library. Handles that are in use meanwhile return an error. By the rules a callback returns
//! normally: no longjmp and no C++ exception leaves it.

use crate::row::egito_row;
use egito_core::{Error, Result};
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null;

/// Frees `user` after its last use.
pub type egito_free_callback = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// Provides the next input of a bulk for egito_bulk_run.
///
/// id, record_json: set them to the arguments of egito_bulk_push; both are NULL before. The strings must stay valid
///   until the next call of this function, or until egito_bulk_run returns.
/// user: the pointer that was passed to egito_bulk_run.
/// Returns 0 if there are no more inputs, otherwise any other value.
pub type egito_input_callback =
    Option<unsafe extern "C" fn(id: *mut *const c_char, record_json: *mut *const c_char, user: *mut c_void) -> c_int>;

/// Receives a row of a bulk from egito_bulk_run.
///
/// row: valid until the function returns; do not free it. egito_bulk_done and egito_bulk_failed already count it.
/// user: the pointer that was passed to egito_bulk_run.
pub type egito_row_callback = Option<unsafe extern "C" fn(row: *const egito_row, user: *mut c_void)>;

/// A pointer of the program, which is freed with its last user.
struct User {
    pointer: *mut c_void,
    free: egito_free_callback,
}

// SAFETY: the header says that callbacks are called on any thread that uses the client.
unsafe impl Send for User {}
// SAFETY: as above; the library itself never dereferences the pointer.
unsafe impl Sync for User {}

impl Drop for User {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            // SAFETY: by the rules it takes this pointer; it is called only here, once.
            unsafe { free(self.pointer) }
        }
    }
}

pub(crate) type EventListener = Listener<unsafe extern "C" fn(*const c_char, *mut c_void)>;
pub(crate) type LogListener = Listener<unsafe extern "C" fn(c_int, *const c_char, *mut c_void)>;

/// A callback that is kept for longer than one call.
pub(crate) struct Listener<Callback> {
    callback: Option<Callback>,
    user: User,
}

impl<Callback> Listener<Callback> {
    pub(crate) fn new(callback: Option<Callback>, user: *mut c_void, free: egito_free_callback) -> Self {
        Self { callback, user: User { pointer: user, free } }
    }

    /// Returns whether there is a function to call.
    pub(crate) fn has_callback(&self) -> bool {
        self.callback.is_some()
    }
}

thread_local! {
    /// Number of listeners that are running on this thread. The outermost one was called by a call in flight.
    static LISTENER_DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Counts a listener that is running.
struct ListenerGuard;

impl ListenerGuard {
    fn enter() -> Self {
        LISTENER_DEPTH.set(LISTENER_DEPTH.get() + 1);
        Self
    }
}

impl Drop for ListenerGuard {
    fn drop(&mut self) {
        LISTENER_DEPTH.set(LISTENER_DEPTH.get() - 1);
    }
}

/// Returns the error `config` if this thread is in a listener, which must not wait for the server.
pub(crate) fn check_may_block() -> Result<()> {
    if LISTENER_DEPTH.get() == 0 {
        return Ok(());
    }
    Err(Error::config(
        "callback",
        "a call to the server cannot be made inside a listener; make it after the listener has returned",
    ))
}

impl EventListener {
    pub(crate) fn notify(&self, event: &CStr) {
        if let Some(callback) = self.callback {
            let _guard = ListenerGuard::enter();
            // SAFETY: by the rules it may be called on any thread with this pointer; the string lives until it returns.
            unsafe { callback(event.as_ptr(), self.user.pointer) }
        }
    }
}

impl LogListener {
    pub(crate) fn log(&self, level: c_int, line: &CStr) {
        if let Some(callback) = self.callback {
            let _guard = ListenerGuard::enter();
            // SAFETY: by the rules it may be called on any thread with this pointer; the string lives until it returns.
            unsafe { callback(level, line.as_ptr(), self.user.pointer) }
        }
    }
}

/// Returns the next input of a bulk: its id and its record, which are valid until the next call.
pub(crate) fn next_input(callback: egito_input_callback, user: *mut c_void) -> Option<(*const c_char, *const c_char)> {
    let (mut id, mut record): (*const c_char, *const c_char) = (null(), null());
    // SAFETY: by the rules it writes at most these two pointers, which live until it returns.
    let more: c_int = unsafe { callback?(&raw mut id, &raw mut record, user) };
    (more != 0).then_some((id, record))
}

/// Passes a row of a bulk to the callback.
pub(crate) fn on_row(callback: egito_row_callback, row: &egito_row, user: *mut c_void) {
    if let Some(callback) = callback {
        // SAFETY: by the rules it only reads the row, which lives until it returns.
        unsafe { callback(row, user) }
    }
}

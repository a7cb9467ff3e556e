//! Functions of C that the library calls, each with the pointer that its program wants to find there again.
//!
//! They may call the library again: what is in use meanwhile says so by an error. By the rules they return: no longjmp and no
//! exception of C++ leaves them.

use crate::row::egito_row;
use egito_core::{Error, Result};
use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null;

/// What is done with `user` once nobody will use it any more.
pub type egito_free_callback = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// Gives the next input of a bulk to egito_bulk_run.
///
/// id, record_json: set what egito_bulk_push would be given; both are NULL before. The texts must be good until the next call
///   of this function, or the end of egito_bulk_run.
/// user: as it was given to egito_bulk_run.
/// Returns 0 where there are no more inputs, else anything else.
pub type egito_input_callback =
    Option<unsafe extern "C" fn(id: *mut *const c_char, record_json: *mut *const c_char, user: *mut c_void) -> c_int>;

/// Receives a row of a bulk from egito_bulk_run.
///
/// row: good until the function returns; do not free it. egito_bulk_done and egito_bulk_failed count it already.
/// user: as it was given to egito_bulk_run.
pub type egito_row_callback = Option<unsafe extern "C" fn(row: *const egito_row, user: *mut c_void)>;

/// A pointer of the program, which is freed with the last that uses it.
struct User {
    pointer: *mut c_void,
    free: egito_free_callback,
}

// SAFETY: the program was told that its functions are called on any thread that uses the client.
unsafe impl Send for User {}
// SAFETY: as above; the library itself never looks behind the pointer.
unsafe impl Sync for User {}

impl Drop for User {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            // SAFETY: by the rules it takes this pointer; this is the only place that calls it, once.
            unsafe { free(self.pointer) }
        }
    }
}

pub(crate) type EventListener = Listener<unsafe extern "C" fn(*const c_char, *mut c_void)>;
pub(crate) type LogListener = Listener<unsafe extern "C" fn(c_int, *const c_char, *mut c_void)>;

/// A function that is told things for longer than one call.
pub(crate) struct Listener<Callback> {
    callback: Option<Callback>,
    user: User,
}

impl<Callback> Listener<Callback> {
    pub(crate) fn new(callback: Option<Callback>, user: *mut c_void, free: egito_free_callback) -> Self {
        Self { callback, user: User { pointer: user, free } }
    }

    /// Whether there is a function to call.
    pub(crate) fn listens(&self) -> bool {
        self.callback.is_some()
    }
}

thread_local! {
    /// How many listeners this thread is in: a call that waits is at work below them.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Stands for a listener that is being told something.
struct Inside;

impl Inside {
    fn enter() -> Self {
        INSIDE.set(INSIDE.get() + 1);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(INSIDE.get() - 1);
    }
}

/// The error `config` where this thread is in a listener: it must not wait for the server there.
pub(crate) fn may_wait() -> Result<()> {
    if INSIDE.get() == 0 {
        return Ok(());
    }
    Err(Error::config(
        "callback",
        "a call that needs the server cannot be made from inside a listener; make it after the listener has returned",
    ))
}

impl EventListener {
    pub(crate) fn tell(&self, event: &CStr) {
        if let Some(callback) = self.callback {
            let _inside = Inside::enter();
            // SAFETY: by the rules it may be called on any thread with this pointer; the text lives until it returns.
            unsafe { callback(event.as_ptr(), self.user.pointer) }
        }
    }
}

impl LogListener {
    pub(crate) fn log(&self, level: c_int, line: &CStr) {
        if let Some(callback) = self.callback {
            let _inside = Inside::enter();
            // SAFETY: by the rules it may be called on any thread with this pointer; the text lives until it returns.
            unsafe { callback(level, line.as_ptr(), self.user.pointer) }
        }
    }
}

/// The next input of a bulk: its id and its record. They are good until the next call.
pub(crate) fn next_input(callback: egito_input_callback, user: *mut c_void) -> Option<(*const c_char, *const c_char)> {
    let (mut id, mut record): (*const c_char, *const c_char) = (null(), null());
    // SAFETY: by the rules it writes at most the two places, which live until it returns.
    let more: c_int = unsafe { callback?(&raw mut id, &raw mut record, user) };
    (more != 0).then_some((id, record))
}

/// Gives a row of a bulk.
pub(crate) fn on_row(callback: egito_row_callback, row: &egito_row, user: *mut c_void) {
    if let Some(callback) = callback {
        // SAFETY: by the rules it only reads the row, which lives until it returns.
        unsafe { callback(row, user) }
    }
}

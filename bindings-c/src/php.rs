//! For the PHP package only: requests of PHP, and strings that are returned to it. Not part of egito.h.

use crate::panic::infallible;
use crate::php_request;
use crate::serialize::serialize;
use egito_core::Record;
use std::cell::RefCell;

/// Maximum memory that is kept for the next string.
const MAX_SPARE: usize = 4 << 20;

#[derive(Default)]
struct Texts {
    /// Strings that PHP has not copied yet. A signal handler may make a call of its own meanwhile.
    returned: Vec<Vec<u8>>,
    /// Memory for the next string.
    spare: Vec<u8>,
}

thread_local! {
    static TEXTS: RefCell<Texts> = RefCell::default();
}

/// A string for PHP, valid until `egito_php_text_free`.
pub(crate) struct Text(Vec<u8>);

impl Text {
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut memory = spare();
        memory.extend_from_slice(text);
        Self(memory)
    }

    /// Encodes records for PHP's `unserialize`, which takes less than half the time of `json_decode`: the same arrays,
    /// integers, floats and strings, with integers beyond 64 bits as strings.
    pub(crate) fn of_records(records: &[Record]) -> Self {
        let mut memory = spare();
        serialize(&mut memory, records.iter().map(Record::json)).expect("records are JSON");
        Self(memory)
    }

    /// Returns the address and the length of the string, which lives until `egito_php_text_free`.
    pub(crate) fn leak(self) -> (*const u8, usize) {
        let parts = (self.0.as_ptr(), self.0.len());
        TEXTS.with_borrow_mut(|texts| texts.returned.push(self.0));
        parts
    }
}

fn spare() -> Vec<u8> {
    let mut memory = TEXTS.with_borrow_mut(|texts| std::mem::take(&mut texts.spare));
    memory.clear();
    memory.shrink_to(MAX_SPARE);
    memory
}

/// Frees the string of an egito_php_result.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_text_free(text: *const u8) {
    infallible((), || {
        TEXTS.with_borrow_mut(|texts| {
            if let Some(index) = texts.returned.iter().position(|known| known.as_ptr() == text) {
                texts.spare = texts.returned.swap_remove(index);
            }
        });
    });
}

/// Begins a request of PHP on this thread, and frees what the previous request has left. PHP runs no destructors after
/// a fatal error, but a worker of a web server continues.
///
/// request: unique id of the request; the id of the current request has no effect.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_begin_request(request: u64) {
    infallible((), || {
        if php_request::begin(request) {
            TEXTS.with_borrow_mut(|texts| texts.returned.clear());
        }
    });
}

//! For the PHP package alone: a request of PHP, and texts that are handed to it. No part of egito.h.

use crate::panic::infallible;
use crate::request;
use crate::serialize::serialize;
use egito_core::Record;
use std::cell::RefCell;

/// More memory than this is not kept from one text to the next.
const KEPT: usize = 4 << 20;

#[derive(Default)]
struct Texts {
    /// What PHP has not copied yet. A signal handler may make a call of its own meanwhile.
    handed_out: Vec<Vec<u8>>,
    /// Memory for the next text.
    spare: Vec<u8>,
}

thread_local! {
    static TEXTS: RefCell<Texts> = RefCell::default();
}

/// A text for PHP, good until `egito_php_text_free`.
pub(crate) struct Text(Vec<u8>);

impl Text {
    pub(crate) fn new(text: &[u8]) -> Self {
        let mut memory = spare();
        memory.extend_from_slice(text);
        Self(memory)
    }

    /// Records as an array that PHP's `unserialize` reads in less than half the time of `json_decode`: the same arrays, integers,
    /// floats and texts, with integers beyond 64 bits as text.
    pub(crate) fn of_records(records: &[Record]) -> Self {
        let mut memory = spare();
        serialize(&mut memory, records.iter().map(Record::json)).expect("the core gives JSON");
        Self(memory)
    }

    /// Hands it out: where it is, and its length.
    pub(crate) fn hand_out(self) -> (*const u8, usize) {
        let place = (self.0.as_ptr(), self.0.len());
        TEXTS.with_borrow_mut(|texts| texts.handed_out.push(self.0));
        place
    }
}

fn spare() -> Vec<u8> {
    let mut memory = TEXTS.with_borrow_mut(|texts| std::mem::take(&mut texts.spare));
    memory.clear();
    memory.shrink_to(KEPT);
    memory
}

/// Frees a text of an egito_php_result.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_text_free(text: *const u8) {
    infallible((), || {
        TEXTS.with_borrow_mut(|texts| {
            if let Some(place) = texts.handed_out.iter().position(|known| known.as_ptr() == text) {
                texts.spare = texts.handed_out.swap_remove(place);
            }
        });
    });
}

/// Begins a request of PHP on this thread: what the request before left behind is freed. PHP runs no destructors after a fatal
/// error, and a worker of a web server goes on.
///
/// request: tells requests apart; the same one again is no new request.
#[unsafe(no_mangle)]
pub extern "C" fn egito_php_begin_request(request: u64) {
    infallible((), || {
        if request::begin(request) {
            TEXTS.with_borrow_mut(|texts| texts.handed_out.clear());
        }
    });
}

//! Handles: objects behind a pointer that C keeps. What was freed, or never was a handle of this type, is told apart where it can be.

use crate::ffi::{Out, is_null};
use crate::request;
use egito_core::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire};

/// Stands in every handle: says what it is, as long as it lives.
pub(crate) struct Mark(AtomicU64);

/// What stands there after it was freed.
const FREED: u64 = 0;

/// A type behind a pointer that C keeps.
pub(crate) trait Handle {
    /// Its mark: no other type has it, and no memory by chance.
    const KIND: u64;

    /// Where the mark stands.
    fn mark(&self) -> &Mark;
}

impl Mark {
    pub(crate) fn new(kind: u64) -> Self {
        Self(AtomicU64::new(kind))
    }
}

/// Makes a struct with a field `mark` a handle.
macro_rules! handle {
    ($type:ident, $kind:literal) => {
        impl crate::handle::Handle for $type {
            const KIND: u64 = u64::from_le_bytes(*$kind);

            fn mark(&self) -> &crate::handle::Mark {
                &self.mark
            }
        }
    };
}
pub(crate) use handle;

/// A handle whose function changes it, under a lock of its own: C sees that by the type, several threads may come all the same.
pub(crate) fn shared<'a, T: Handle>(handle: *mut T) -> Option<&'a T> {
    // SAFETY: by the rules it is NULL or a handle that nobody frees during the call.
    unsafe { handle.as_ref() }
}

/// The handle, unless it is NULL or was freed.
pub(crate) fn live<T: Handle>(handle: Option<&T>) -> Option<&T> {
    handle.filter(|handle| handle.mark().0.load(Acquire) == T::KIND)
}

/// The handle, or the error `config` for NULL and for one that was freed.
pub(crate) fn needed<'a, T: Handle>(name: &str, handle: Option<&'a T>) -> Result<&'a T> {
    let handle = handle.ok_or_else(|| is_null(name))?;
    live(Some(handle)).ok_or_else(|| {
        Error::config(
            name,
            format!("`{name}` was freed before, or is no such handle; use handles before they are freed"),
        )
    })
}

impl<T: Handle> Out<*mut T> {
    /// Hands an object out, which its `_free` function takes back.
    pub(crate) fn handle(self, object: T) {
        if self.is_wanted() {
            let handle = Box::into_raw(Box::new(object));
            request::remember(handle.cast(), |handle| free::<T>(handle.cast()));
            self.value(handle);
        }
    }

    /// Hands an object out, or NULL where there is none.
    pub(crate) fn handle_or_null(self, object: Option<T>) {
        match object {
            Some(object) => self.handle(object),
            None => self.value(std::ptr::null_mut()),
        }
    }
}

/// Frees a handle, but not what was freed before.
pub(crate) fn free<T: Handle>(handle: *mut T) {
    if handle.is_null() {
        return;
    }
    // A second call is caught as long as nothing else has taken the memory.
    // SAFETY: by the rules it came from `Out::handle` and was not freed; where it was, this look reads memory of the heap.
    let mark = unsafe { &(*handle).mark().0 };
    if mark.compare_exchange(T::KIND, FREED, AcqRel, Acquire).is_ok() {
        request::forget(handle.cast());
        // SAFETY: it lived until now, and only one caller ever sees it turn.
        drop(unsafe { Box::from_raw(handle) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing {
        mark: Mark,
    }
    handle!(Thing, b"thing\0\0\0");

    #[test]
    fn what_is_no_handle_of_this_type_is_refused() {
        let (thing, mut other) = (Thing { mark: Mark::new(Thing::KIND) }, Thing { mark: Mark::new(7) });
        assert!(live(Some(&thing)).is_some() && needed("thing", Some(&thing)).is_ok());
        assert!(live(Some(&other)).is_none() && needed("thing", Some(&other)).is_err());
        assert!(live::<Thing>(None).is_none() && needed::<Thing>("thing", None).is_err());
        free(&raw mut other); // not freed: it would crash
    }
}

//! Handles: objects that C programs own through pointers. A freed handle, or one of another type, is detected if
//! possible.

use crate::ffi::{Out, is_null};
use crate::php_request;
use egito_core::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering::AcqRel, Ordering::Acquire};

/// Type tag at the start of every handle, until the handle is freed.
pub(crate) struct HandleTag(AtomicU64);

/// Tag of a handle that was freed.
const FREED: u64 = 0;

/// A type that C programs own through a pointer.
pub(crate) trait Handle {
    /// Unique tag of the type, which other memory is unlikely to contain.
    const TAG: u64;

    /// Returns the tag of this handle.
    fn tag(&self) -> &HandleTag;
}

impl HandleTag {
    pub(crate) fn new(tag: u64) -> Self {
        Self(AtomicU64::new(tag))
    }
}

/// Implements [`Handle`] for a struct with a field `tag`.
macro_rules! handle {
    ($type:ident, $tag:literal) => {
        impl crate::handle::Handle for $type {
            const TAG: u64 = u64::from_le_bytes(*$tag);

            fn tag(&self) -> &crate::handle::HandleTag {
                &self.tag
            }
        }
    };
}
pub(crate) use handle;

/// Returns a shared reference to a handle that C passes as a mutable pointer. The handle has a lock of its own, since
/// several threads may call at once despite the rules.
pub(crate) fn shared<'a, T: Handle>(handle: *mut T) -> Option<&'a T> {
    // SAFETY: by the rules it is NULL or a handle that no thread frees during the call.
    unsafe { handle.as_ref() }
}

/// Returns the handle, unless it is NULL or was freed.
pub(crate) fn if_live<T: Handle>(handle: Option<&T>) -> Option<&T> {
    handle.filter(|handle| handle.tag().0.load(Acquire) == T::TAG)
}

/// Returns the handle, or the error `config` if it is NULL or was freed.
pub(crate) fn require<'a, T: Handle>(name: &str, handle: Option<&'a T>) -> Result<&'a T> {
    let handle = handle.ok_or_else(|| is_null(name))?;
    if_live(Some(handle))
        .ok_or_else(|| Error::config(name, format!("invalid `{name}`: the handle was freed, or has another type")))
}

impl<T: Handle> Out<*mut T> {
    /// Moves an object into a new handle for C, which its `_free` function frees.
    pub(crate) fn handle(self, object: T) {
        if self.is_some() {
            let handle = Box::into_raw(Box::new(object));
            php_request::track(handle.cast(), |handle| free::<T>(handle.cast()));
            self.value(handle);
        }
    }

    /// Like [`Out::handle`], or writes NULL for `None`.
    pub(crate) fn handle_or_null(self, object: Option<T>) {
        match object {
            Some(object) => self.handle(object),
            None => self.value(std::ptr::null_mut()),
        }
    }
}

/// Frees a handle. Does nothing if it was already freed, which is detected until the memory is reused.
pub(crate) fn free<T: Handle>(handle: *mut T) {
    if handle.is_null() {
        return;
    }
    // SAFETY: by the rules it came from `Out::handle` and was not freed; if it was, this still reads memory of the heap.
    let tag = unsafe { &(*handle).tag().0 };
    if tag.compare_exchange(T::TAG, FREED, AcqRel, Acquire).is_ok() {
        php_request::untrack(handle.cast());
        // SAFETY: it was live until now, and only one caller can win the exchange.
        drop(unsafe { Box::from_raw(handle) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing {
        tag: HandleTag,
    }
    handle!(Thing, b"thing\0\0\0");

    #[test]
    fn a_handle_of_another_type_is_refused() {
        let (thing, mut other) = (Thing { tag: HandleTag::new(Thing::TAG) }, Thing { tag: HandleTag::new(7) });
        assert!(if_live(Some(&thing)).is_some() && require("thing", Some(&thing)).is_ok());
        assert!(if_live(Some(&other)).is_none() && require("thing", Some(&other)).is_err());
        assert!(if_live::<Thing>(None).is_none() && require::<Thing>("thing", None).is_err());
        free(&raw mut other); // not freed: that would crash
    }
}

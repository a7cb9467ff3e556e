//! For the PHP package only: tracks the handles of one request of PHP. A fatal error ends a request without
//! destructors; its handles are freed when the next request begins.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;

type Free = fn(*mut c_void);

struct Request {
    id: u64,
    /// Live handles, with the function that frees each.
    handles: HashMap<*mut c_void, Free>,
}

thread_local! {
    /// Current request of this thread; `None` outside of PHP.
    static CURRENT: RefCell<Option<Request>> = const { RefCell::new(None) };
}

/// Begins a request, and frees the handles of the previous one. Returns false if `id` is the current request.
pub(crate) fn begin(id: u64) -> bool {
    if CURRENT.with_borrow(|current| current.as_ref().is_some_and(|current| current.id == id)) {
        return false;
    }
    // No borrow may be held while a handle is freed: `untrack` borrows as well.
    let previous = CURRENT.replace(Some(Request { id, handles: HashMap::new() }));
    for (handle, free) in previous.into_iter().flat_map(|previous| previous.handles) {
        free(handle);
    }
    true
}

/// Adds a new handle to the current request.
pub(crate) fn track(handle: *mut c_void, free: Free) {
    with(|handles| {
        handles.insert(handle, free);
    });
}

/// Removes a handle that is being freed.
pub(crate) fn untrack(handle: *mut c_void) {
    with(|handles| {
        handles.remove(&handle);
    });
}

fn with(change: impl FnOnce(&mut HashMap<*mut c_void, Free>)) {
    // Fails on a thread that is ending, which begins no further request.
    let _ = CURRENT.try_with(|current| current.borrow_mut().as_mut().map(|current| change(&mut current.handles)));
}

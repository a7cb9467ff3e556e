//! The handles of one request of PHP. A fatal error ends a request without destructors; what it left behind is freed when the
//! next one begins.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;

type Free = fn(*mut c_void);

struct Request {
    number: u64,
    /// What frees each handle.
    handles: HashMap<*mut c_void, Free>,
}

thread_local! {
    /// The request that this thread is in; `None` outside of PHP.
    static CURRENT: RefCell<Option<Request>> = const { RefCell::new(None) };
}

/// Begins a request: frees what the one before left behind. Returns whether it is another one.
pub(crate) fn begin(number: u64) -> bool {
    if CURRENT.with_borrow(|current| current.as_ref().is_some_and(|current| current.number == number)) {
        return false;
    }
    // Nothing is borrowed while a handle is freed, which comes here itself.
    let before = CURRENT.replace(Some(Request { number, handles: HashMap::new() }));
    for (handle, free) in before.into_iter().flat_map(|before| before.handles) {
        free(handle);
    }
    true
}

/// Remembers a handle that was handed out.
pub(crate) fn remember(handle: *mut c_void, free: Free) {
    with(|handles| {
        handles.insert(handle, free);
    });
}

/// Forgets a handle that is being freed.
pub(crate) fn forget(handle: *mut c_void) {
    with(|handles| {
        handles.remove(&handle);
    });
}

fn with(change: impl FnOnce(&mut HashMap<*mut c_void, Free>)) {
    // It fails on a thread that is ending, which begins no other request.
    let _ = CURRENT.try_with(|current| current.borrow_mut().as_mut().map(|current| change(&mut current.handles)));
}

//! Locks of the shared state.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, also if a panic poisoned it: one failed request must not stop the sandbox.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Blocking calls whose parameters and results are integers: the JVM passes these in a small part of the time that uniffi's structs take.
//!
//! Each thread has a buffer. Kotlin writes a call into it, as uniffi serializes it, and reads its result from it. Neither side keeps
//! anything in it between two calls.

use crate::UniFfiTag;
use crate::context::{Context, NativeCancellation, NativeContext};
use crate::entity::NativeEntity;
use crate::entity_call::EntityCall;
use crate::error::{NativeError, NativeResult};
use crate::pages::{NativePage, NativePages};
use std::cell::RefCell;
use std::sync::Arc;
use uniffi::{Lift, Lower};

const BUFFER_SIZE: usize = 1 << 16;

thread_local! {
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; BUFFER_SIZE].into());
    /// The last result, if the buffer is too small for it.
    static LARGE_RESULT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Returns the size of the buffers.
#[uniffi::export]
pub fn direct_buffer_size() -> i32 {
    i32::try_from(BUFFER_SIZE).expect("it is a small number")
}

/// Returns the address of this thread's buffer. It never changes.
#[uniffi::export]
pub fn direct_buffer() -> i64 {
    BUFFER.with_borrow(|buffer| address(buffer))
}

/// Writes the version of the SDK into this thread's buffer, and returns its size: a jar of another version can call it, too.
#[uniffi::export]
pub fn direct_version() -> i64 {
    return_bytes(crate::version().into_bytes())
}

/// Returns the address of the last result, if it is larger than the buffer. It is valid until the next call.
#[uniffi::export]
pub fn direct_large_result() -> i64 {
    LARGE_RESULT.with_borrow(|result| address(result))
}

#[uniffi::export]
impl NativeEntity {
    /// Runs the call in the first `size` bytes of this thread's buffer. Returns the size of its result, or the negative size of the
    /// details of its error. They are in the buffer then, or a large result.
    pub fn run_direct(&self, size: i32, with_response: bool) -> i64 {
        self.run_buffer(size, with_response.then(|| NativeContext::new(None, true)))
    }

    /// Like [`run_direct`](Self::run_direct), for a call that the token cancels.
    pub fn run_direct_cancellable(&self, size: i32, with_response: bool, cancellation: Arc<NativeCancellation>) -> i64 {
        self.run_buffer(size, Some(NativeContext::new(Some(cancellation), with_response)))
    }
}

impl NativeEntity {
    fn run_buffer(&self, size: i32, context: Context) -> i64 {
        LARGE_RESULT.take();
        let size = usize::try_from(size).unwrap_or_default().min(BUFFER_SIZE);
        let call = BUFFER.with_borrow(|buffer| <EntityCall as Lift<UniFfiTag>>::try_read(&mut &buffer[..size]));
        let call = call.map_err(|error| NativeError::from(egito::Error::from_panic(&error.to_string())));
        return_result(call.and_then(|call| self.run(call, context)))
    }
}

#[uniffi::export]
impl NativePages {
    /// Waits for the next page. Returns the size of the page, or of nothing at the end, as uniffi serializes it; or the negative size of
    /// the details of an error. They are in the buffer then, or a large result.
    pub fn next_direct(&self) -> i64 {
        LARGE_RESULT.take();
        return_result(self.next().map(|page| {
            let mut bytes = Vec::new();
            <Option<NativePage> as Lower<UniFfiTag>>::write(page, &mut bytes);
            bytes
        }))
    }
}

fn return_result(result: NativeResult<Vec<u8>>) -> i64 {
    match result {
        Ok(bytes) => return_bytes(bytes),
        Err(NativeError::Failed { json }) => -return_bytes(json),
    }
}

fn return_bytes(bytes: Vec<u8>) -> i64 {
    let size = i64::try_from(bytes.len()).expect("a size in memory has less than 64 bits");
    BUFFER.with_borrow_mut(|buffer| match buffer.get_mut(..bytes.len()) {
        Some(start) => start.copy_from_slice(&bytes),
        None => LARGE_RESULT.set(bytes),
    });
    size
}

fn address(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.as_ptr().addr()).expect("an address has less than 64 bits")
}

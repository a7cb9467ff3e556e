//! Reuses the memory of large response bodies.
//!
//! A list reads page after page of about the same size. Without reuse the allocator returns the memory of each page to the
//! system and asks for it again, page fault by page fault.

use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};

/// Smaller bodies are cheap to allocate.
const MIN_SIZE: usize = 64 << 10;

/// Larger buffers are freed: an unusual response must not hold its memory for long.
const MAX_SIZE: usize = 8 << 20;

/// How many buffers are kept: those of one list that reads ahead.
const MAX_KEPT: usize = 4;

/// Buffers that no response uses at present.
#[derive(Clone, Debug, Default)]
pub(super) struct BufferPool(Arc<Mutex<Vec<Vec<u8>>>>);

/// A buffer that goes back to its pool once the last slice of it is dropped.
struct PooledBuffer {
    bytes: Vec<u8>,
    pool: Weak<Mutex<Vec<Vec<u8>>>>,
}

impl BufferPool {
    /// Returns an empty buffer with room for `capacity` bytes.
    pub(super) fn take(&self, capacity: usize) -> Vec<u8> {
        let is_large = capacity >= MIN_SIZE;
        let pooled = is_large.then(|| try_lock(&self.0)?.pop()).flatten();
        let mut buffer = pooled.unwrap_or_default();
        buffer.reserve(capacity);
        buffer
    }

    /// Returns the bytes of a buffer. Its memory is used again once they are dropped.
    pub(super) fn freeze(&self, buffer: Vec<u8>) -> Bytes {
        if !(MIN_SIZE..=MAX_SIZE).contains(&buffer.capacity()) {
            return buffer.into();
        }
        Bytes::from_owner(PooledBuffer { bytes: buffer, pool: Arc::downgrade(&self.0) })
    }
}

impl AsRef<[u8]> for PooledBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for PooledBuffer {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else { return };
        if let Some(mut buffers) = try_lock(&pool).filter(|buffers| buffers.len() < MAX_KEPT) {
            let mut buffer = std::mem::take(&mut self.bytes);
            buffer.clear();
            buffers.push(buffer);
        }
    }
}

/// Never waits: in a forked child, another thread of the parent may have left the pool locked.
fn try_lock(pool: &Mutex<Vec<Vec<u8>>>) -> Option<MutexGuard<'_, Vec<Vec<u8>>>> {
    match pool.try_lock() {
        Ok(buffers) => Some(buffers),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pool: &BufferPool, size: usize) -> Bytes {
        let mut buffer = pool.take(size);
        buffer.resize(size, b'x');
        pool.freeze(buffer)
    }

    #[test]
    fn a_page_uses_the_memory_of_one_that_was_dropped() {
        let pool = BufferPool::default();
        let first = page(&pool, MIN_SIZE);
        let (address, slice) = (first.as_ptr(), first.slice(1..2));
        drop(first);
        assert_ne!(page(&pool, MIN_SIZE).as_ptr(), address, "a slice of it is still there");
        drop(slice);
        assert_eq!(page(&pool, MIN_SIZE).as_ptr(), address);
    }

    #[test]
    fn few_buffers_are_kept_and_neither_small_nor_huge_ones() {
        let pool = BufferPool::default();
        drop((0..2 * MAX_KEPT).map(|_| page(&pool, MIN_SIZE)).collect::<Vec<_>>());
        assert_eq!(try_lock(&pool.0).unwrap().len(), MAX_KEPT);
        try_lock(&pool.0).unwrap().clear();
        drop([page(&pool, 100), page(&pool, MAX_SIZE + 1)]);
        assert!(try_lock(&pool.0).unwrap().is_empty());
    }
}

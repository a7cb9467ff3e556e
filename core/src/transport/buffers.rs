//! Reuses the memory of large response bodies.
//!
//! The pages of a list have about the same size. Without reuse, the allocator returns the memory of each page to the system and
//! requests it again, which costs page faults.

use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError, Weak};

/// Minimum size in bytes of a pooled buffer. Smaller ones are cheap to allocate.
const MIN_SIZE: usize = 64 << 10;

/// Maximum size in bytes of a pooled buffer. Larger ones are freed, so that an unusual response does not hold its memory.
const MAX_SIZE: usize = 8 << 20;

/// Maximum number of pooled buffers: those of one list that reads ahead.
const MAX_BUFFERS: usize = 4;

/// Buffers that no response uses.
#[derive(Clone, Debug, Default)]
pub(super) struct BufferPool(Arc<Mutex<Vec<Vec<u8>>>>);

/// A buffer that returns to its pool once its last slice is dropped.
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

    /// Returns the bytes of a buffer. The pool reuses its memory once they are dropped.
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
        if let Some(mut buffers) = try_lock(&pool).filter(|buffers| buffers.len() < MAX_BUFFERS) {
            let mut buffer = std::mem::take(&mut self.bytes);
            buffer.clear();
            buffers.push(buffer);
        }
    }
}

/// Locks the pool without waiting. In a forked child, it may stay locked by a thread of the parent.
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
    fn a_page_reuses_the_memory_of_a_dropped_one() {
        let pool = BufferPool::default();
        let first = page(&pool, MIN_SIZE);
        let (address, slice) = (first.as_ptr(), first.slice(1..2));
        drop(first);
        assert_ne!(page(&pool, MIN_SIZE).as_ptr(), address, "a slice of it is still in use");
        drop(slice);
        assert_eq!(page(&pool, MIN_SIZE).as_ptr(), address);
    }

    #[test]
    fn the_pool_has_few_buffers_and_neither_small_nor_huge_ones() {
        let pool = BufferPool::default();
        drop((0..2 * MAX_BUFFERS).map(|_| page(&pool, MIN_SIZE)).collect::<Vec<_>>());
        assert_eq!(try_lock(&pool.0).unwrap().len(), MAX_BUFFERS);
        try_lock(&pool.0).unwrap().clear();
        drop([page(&pool, 100), page(&pool, MAX_SIZE + 1)]);
        assert!(try_lock(&pool.0).unwrap().is_empty());
    }
}

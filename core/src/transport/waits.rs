//! How long a request may take, and how long the server may be silent meanwhile.

use std::time::{Duration, Instant};

/// The time limits of one request.
pub(super) struct Waits {
    end: Instant,
    silence: Duration,
}

impl Waits {
    /// For a request that ends within `left`, and at a silence of `silence`.
    pub(super) fn new(left: Duration, silence: Duration) -> Self {
        Self { end: Instant::now() + left, silence }
    }

    /// Waits for what the server sends next; the error names the setting whose limit was reached.
    pub(super) async fn next<T>(&self, piece: impl Future<Output = T>) -> Result<T, &'static str> {
        let left = self.end.saturating_duration_since(Instant::now());
        let (limit, time) = if self.silence < left { ("read_timeout", self.silence) } else { ("timeout", left) };
        tokio::time::timeout(time, piece).await.map_err(|_| limit)
    }
}

//! The time limits of one request: its deadline, and the maximum time without data.

use std::time::{Duration, Instant};

/// The deadline of a request, and the maximum time without data until then.
pub(super) struct RequestDeadline {
    end: Instant,
    read_timeout: Duration,
}

impl RequestDeadline {
    /// Starts now. The request times out after `time_left`, or after `read_timeout` without data.
    pub(super) fn new(time_left: Duration, read_timeout: Duration) -> Self {
        Self { end: Instant::now() + time_left, read_timeout }
    }

    /// Waits for data. The error is the name of the setting whose limit was reached.
    pub(super) async fn wait_for<T>(&self, data: impl Future<Output = T>) -> Result<T, &'static str> {
        let left = self.end.saturating_duration_since(Instant::now());
        let (limit, time) =
            if self.read_timeout < left { ("read_timeout", self.read_timeout) } else { ("timeout", left) };
        tokio::time::timeout(time, data).await.map_err(|_| limit)
    }
}

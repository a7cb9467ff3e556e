//! Counts the calls, requests and bytes of a client.

use serde::Serialize;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters of a client and its clones since the client was created.
///
/// ```
/// # egito_test_support::run(async |client| {
/// client.accounts().list().to_vec().await?;
/// let stats = client.stats();
/// println!("{} requests, {} bytes received", stats.attempts + stats.logins, stats.bytes_received);
/// # assert!(stats.bytes_received > 1000 && stats.retries == 0);
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// Number of calls that were begun. Each page of a list is one.
    pub calls: u64,
    /// Number of requests of these calls, retries included, logins not.
    pub attempts: u64,
    /// Number of retries after a failed attempt.
    pub retries: u64,
    /// Number of requests to the token endpoint.
    pub logins: u64,
    /// Bytes of request bodies.
    pub bytes_sent: u64,
    /// Bytes of response bodies, after decompression.
    pub bytes_received: u64,
}

/// The counters behind [`Stats`].
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub calls: Counter,
    pub attempts: Counter,
    pub retries: Counter,
    pub logins: Counter,
    pub bytes_sent: Counter,
    pub bytes_received: Counter,
    /// Number of calls that may have removed rows from a list. It is for lists, and not in [`Stats`].
    pub removals: Counter,
}

/// A number that only increases.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, number: u64) {
        self.0.fetch_add(number, Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

impl Counters {
    pub(crate) fn read(&self) -> Stats {
        Stats {
            calls: self.calls.get(),
            attempts: self.attempts.get(),
            retries: self.retries.get(),
            logins: self.logins.get(),
            bytes_sent: self.bytes_sent.get(),
            bytes_received: self.bytes_received.get(),
        }
    }
}

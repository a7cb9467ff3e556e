//! The journal: every request to the CRM and its result, in the order of arrival.

mod redact;
mod view;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::lock::lock;
use crate::request::Request;

pub(crate) use redact::Secrets;

/// Maximum number of entries. Older ones are removed, so a benchmark does not fill the memory.
const MAX_ENTRIES: usize = 20_000;

#[derive(Debug, Default)]
pub(crate) struct Journal {
    log: Mutex<Log>,
    changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Arc<Entry>>,
    last_number: u64,
    /// Number of resets. Connections that outlive one get a new number.
    epoch: u64,
    connections: u64,
    /// Each request in flight holds a clone, so the reference count is their number.
    in_flight: Arc<()>,
}

/// A request and its result.
#[derive(Debug)]
pub(crate) struct Entry {
    n: u64,
    connection: u64,
    in_flight: usize,
    request: Arc<Request>,
    result: Mutex<RequestResult>,
    changed: Arc<Notify>,
}

#[derive(Clone, Copy, Debug, Default)]
struct RequestResult {
    status: Option<u16>,
    applied: bool,
    client_gone: bool,
}

/// Counts a request as in flight until it is dropped, which happens before the response is sent.
#[derive(Debug)]
pub(crate) struct InFlightGuard(#[expect(dead_code, reason = "held, never read")] Arc<()>);

/// The number of a connection: 1 for the first one that sends a request.
#[derive(Debug, Default)]
pub(crate) struct Connection(Mutex<ConnectionNumber>);

#[derive(Clone, Copy, Debug, Default)]
struct ConnectionNumber {
    epoch: Option<u64>,
    ordinal: u64,
}

/// Notes in the entry that the client disconnected, if it is dropped before [`complete`](Self::complete).
#[derive(Debug)]
pub(crate) struct DisconnectWatch(Option<Arc<Entry>>);

impl Journal {
    /// Adds a request that has arrived.
    pub fn add(&self, request: &Arc<Request>, connection: &Connection) -> (Arc<Entry>, InFlightGuard) {
        let mut log = lock(&self.log);
        log.last_number += 1;
        let guard = InFlightGuard(Arc::clone(&log.in_flight));
        let entry = Arc::new(Entry {
            n: log.last_number,
            connection: log.number(connection),
            in_flight: Arc::strong_count(&log.in_flight) - 1,
            request: Arc::clone(request),
            result: Mutex::default(),
            changed: Arc::clone(&self.changed),
        });
        if log.entries.len() == MAX_ENTRIES {
            log.entries.pop_front();
        }
        log.entries.push_back(Arc::clone(&entry));
        drop(log);
        self.changed.notify_waiters();
        (entry, guard)
    }

    pub fn entries(&self) -> Vec<Arc<Entry>> {
        lock(&self.log).entries.iter().cloned().collect()
    }

    /// Waits for at least `count` entries that match.
    pub async fn wait(&self, count: usize, matches: impl Fn(&Entry) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.entries().iter().filter(|entry| matches(entry)).count() >= count {
                return;
            }
            changed.await;
        }
    }

    /// Removes the entries. Connections keep their numbers.
    pub fn clear(&self) {
        let mut log = lock(&self.log);
        log.entries.clear();
        log.last_number = 0;
    }

    /// Removes the entries, and numbers connections from 1 again.
    pub fn reset(&self) {
        let mut log = lock(&self.log);
        *log = Log { epoch: log.epoch + 1, ..Log::default() };
    }
}

impl Log {
    fn number(&mut self, connection: &Connection) -> u64 {
        let mut numbered = lock(&connection.0);
        if numbered.epoch != Some(self.epoch) {
            self.connections += 1;
            *numbered = ConnectionNumber { epoch: Some(self.epoch), ordinal: self.connections };
        }
        numbered.ordinal
    }
}

impl Entry {
    pub fn set_applied(&self, applied: bool) {
        lock(&self.result).applied = applied;
    }

    /// Notes the status of the response, if the client is still connected.
    pub fn set_status(&self, status: u16) {
        let mut result = lock(&self.result);
        result.status = Some(status).filter(|_| !result.client_gone);
        drop(result);
        self.changed.notify_waiters();
    }

    pub fn watch_disconnect(self: &Arc<Self>) -> DisconnectWatch {
        DisconnectWatch(Some(Arc::clone(self)))
    }

    pub fn request(&self) -> &Request {
        &self.request
    }

    pub fn client_gone(&self) -> bool {
        lock(&self.result).client_gone
    }
}

impl DisconnectWatch {
    /// The response was sent before the client disconnected.
    pub fn complete(mut self) {
        self.0 = None;
    }
}

impl Drop for DisconnectWatch {
    fn drop(&mut self) {
        if let Some(entry) = self.0.take() {
            lock(&entry.result).client_gone = true;
            entry.changed.notify_waiters();
        }
    }
}

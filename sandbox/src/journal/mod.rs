//! The journal: every request to the CRM and its result, in the order of arrival.

mod redact;
mod response;
mod view;
mod watchers;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::broadcast;

use crate::fault::Fault;
use crate::lock::lock;
use crate::request::Request;
use crate::response::Response;

pub(crate) use redact::Secrets;
use response::KeptResponse;
pub(crate) use watchers::Change;
use watchers::Watchers;

/// Maximum number of entries. Older ones are removed, so a benchmark does not fill the memory.
const MAX_ENTRIES: usize = 20_000;

/// Number of entries, the last ones, whose responses are kept.
const MAX_RESPONSES: usize = 500;

#[derive(Debug, Default)]
pub(crate) struct Journal {
    log: Mutex<Log>,
    watchers: Arc<Watchers>,
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
    /// The fault that applies to the request.
    fault: Option<Arc<Fault>>,
    received: SystemTime,
    started: Instant,
    result: Mutex<RequestResult>,
    watchers: Arc<Watchers>,
}

#[derive(Clone, Debug, Default)]
struct RequestResult {
    status: Option<u16>,
    applied: bool,
    client_gone: bool,
    /// The time until the response was ready or sent, or the connection was closed.
    duration: Option<Duration>,
    response: Option<Arc<KeptResponse>>,
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
    pub fn add(
        &self,
        request: &Arc<Request>,
        connection: &Connection,
        fault: Option<&Arc<Fault>>,
    ) -> (Arc<Entry>, InFlightGuard) {
        let mut log = lock(&self.log);
        log.last_number += 1;
        let guard = InFlightGuard(Arc::clone(&log.in_flight));
        let entry = Arc::new(Entry {
            n: log.last_number,
            connection: log.number(connection),
            in_flight: Arc::strong_count(&log.in_flight) - 1,
            request: Arc::clone(request),
            fault: fault.cloned(),
            received: SystemTime::now(),
            started: Instant::now(),
            result: Mutex::default(),
            watchers: Arc::clone(&self.watchers),
        });
        if log.entries.len() == MAX_ENTRIES {
            log.entries.pop_front();
        }
        log.entries.push_back(Arc::clone(&entry));
        log.forget_an_old_response();
        drop(log);
        entry.notify();
        (entry, guard)
    }

    pub fn entries(&self) -> Vec<Arc<Entry>> {
        lock(&self.log).entries.iter().cloned().collect()
    }

    /// Returns the last entries.
    pub fn last_entries(&self, count: usize) -> Vec<Arc<Entry>> {
        let log = lock(&self.log);
        log.entries.iter().skip(log.entries.len().saturating_sub(count)).cloned().collect()
    }

    /// Returns the changes from now on. A receiver that is too slow loses the oldest ones.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.watchers.subscribe()
    }

    /// Notifies those who follow the changes that no more will come.
    pub fn stop(&self) {
        self.watchers.send(Change::Stopped);
    }

    /// Waits for at least `count` entries that match.
    pub async fn wait(&self, count: usize, matches: impl Fn(&Entry) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.watchers.changed());
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
        drop(log);
        self.watchers.send(Change::Cleared);
    }

    /// Removes the entries, and numbers connections from 1 again.
    pub fn reset(&self) {
        let mut log = lock(&self.log);
        *log = Log { epoch: log.epoch + 1, ..Log::default() };
        drop(log);
        self.watchers.send(Change::Cleared);
    }
}

impl Log {
    fn forget_an_old_response(&mut self) {
        let old = self.entries.len().checked_sub(MAX_RESPONSES + 1).and_then(|index| self.entries.get(index));
        if let Some(entry) = old {
            lock(&entry.result).response = None;
        }
    }

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
    pub fn n(&self) -> u64 {
        self.n
    }

    pub fn set_applied(&self, applied: bool) {
        lock(&self.result).applied = applied;
    }

    /// Notes the response, and its status if the client is still connected.
    pub fn set_response(self: &Arc<Self>, response: &Response) {
        let kept = Arc::new(KeptResponse::new(response));
        let mut result = lock(&self.result);
        result.status = Some(response.status).filter(|_| !result.client_gone);
        result.response = Some(kept);
        result.duration = Some(self.started.elapsed());
        drop(result);
        self.notify();
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

    /// Notes that the response was sent or the connection closed, by the client or by a fault.
    fn end(self: &Arc<Self>, client_gone: bool) {
        let mut result = lock(&self.result);
        result.client_gone |= client_gone;
        result.duration = Some(self.started.elapsed());
        drop(result);
        self.notify();
    }

    fn notify(self: &Arc<Self>) {
        self.watchers.send(Change::Entry(Arc::clone(self)));
    }
}

impl DisconnectWatch {
    /// The response was sent, or the connection closed by a fault, before the client disconnected.
    pub fn complete(mut self) {
        if let Some(entry) = self.0.take() {
            entry.end(false);
        }
    }
}

impl Drop for DisconnectWatch {
    fn drop(&mut self) {
        if let Some(entry) = self.0.take() {
            entry.end(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Connection, Journal, MAX_RESPONSES};
    use crate::lock::lock;
    use crate::request::Request;
    use crate::response::Response;

    #[test]
    fn only_the_last_responses_are_kept() {
        let (journal, connection) = (Journal::default(), Connection::default());
        let (parts, ()) = axum::http::Request::new(()).into_parts();
        let request = Arc::new(Request::new(parts, bytes::Bytes::new()));
        for _ in 0..MAX_RESPONSES + 100 {
            journal.add(&request, &connection, None).0.set_response(&Response::empty(200));
        }
        let kept: Vec<bool> = journal.entries().iter().map(|entry| lock(&entry.result).response.is_some()).collect();
        assert_eq!((kept.len(), kept.iter().filter(|kept| **kept).count()), (MAX_RESPONSES + 100, MAX_RESPONSES));
        assert!(kept.is_sorted(), "the first ones are forgotten");
    }
}

//! The journal: every request to the CRM, in the order in which they came, and what became of it.

mod redact;
mod view;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use crate::exchange::Exchange;
use crate::lock::locked;

pub(crate) use redact::Secrets;

/// Older entries go when there are more, so that a benchmark does not fill the memory.
const MAX_ENTRIES: usize = 20_000;

#[derive(Debug, Default)]
pub(crate) struct Journal {
    pages: Mutex<Pages>,
    changed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: VecDeque<Arc<Entry>>,
    last: u64,
    /// Counts resets: connections that outlive one are numbered anew.
    epoch: u64,
    connections: u64,
    /// Every request that is here holds a share of it.
    presence: Arc<()>,
}

/// One request and what became of it.
#[derive(Debug)]
pub(crate) struct Entry {
    n: u64,
    connection: u64,
    in_flight: usize,
    request: Arc<Exchange>,
    fate: Mutex<Fate>,
    changed: Arc<Notify>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    status: Option<u16>,
    applied: bool,
    client_gone: bool,
}

/// A request is here until this is dropped, which comes before its answer goes out.
#[derive(Debug)]
pub(crate) struct Presence(#[expect(dead_code, reason = "held, never read")] Arc<()>);

/// The number of a connection: the first that asks something is 1.
#[derive(Debug, Default)]
pub(crate) struct Connection(Mutex<Numbered>);

#[derive(Clone, Copy, Debug, Default)]
struct Numbered {
    epoch: Option<u64>,
    ordinal: u64,
}

/// Notes that the client hung up, unless the answer came first.
#[derive(Debug)]
pub(crate) struct HangUp(Option<Arc<Entry>>);

impl Journal {
    /// Writes down a request that has arrived.
    pub fn open(&self, request: &Arc<Exchange>, connection: &Connection) -> (Arc<Entry>, Presence) {
        let mut pages = locked(&self.pages);
        pages.last += 1;
        let presence = Presence(Arc::clone(&pages.presence));
        let entry = Arc::new(Entry {
            n: pages.last,
            connection: pages.number(connection),
            in_flight: Arc::strong_count(&pages.presence) - 1,
            request: Arc::clone(request),
            fate: Mutex::default(),
            changed: Arc::clone(&self.changed),
        });
        if pages.entries.len() == MAX_ENTRIES {
            pages.entries.pop_front();
        }
        pages.entries.push_back(Arc::clone(&entry));
        drop(pages);
        self.changed.notify_waiters();
        (entry, presence)
    }

    pub fn entries(&self) -> Vec<Arc<Entry>> {
        locked(&self.pages).entries.iter().cloned().collect()
    }

    /// Waits until the entries that pass are at least so many.
    pub async fn wait(&self, count: usize, passes: impl Fn(&Entry) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.entries().iter().filter(|entry| passes(entry)).count() >= count {
                return;
            }
            changed.await;
        }
    }

    /// Forgets the requests; connections keep their numbers.
    pub fn clear(&self) {
        let mut pages = locked(&self.pages);
        pages.entries.clear();
        pages.last = 0;
    }

    /// Forgets everything.
    pub fn reset(&self) {
        let mut pages = locked(&self.pages);
        *pages = Pages { epoch: pages.epoch + 1, ..Pages::default() };
    }
}

impl Pages {
    fn number(&mut self, connection: &Connection) -> u64 {
        let mut numbered = locked(&connection.0);
        if numbered.epoch != Some(self.epoch) {
            self.connections += 1;
            *numbered = Numbered { epoch: Some(self.epoch), ordinal: self.connections };
        }
        numbered.ordinal
    }
}

impl Entry {
    pub fn acted(&self, applied: bool) {
        locked(&self.fate).applied = applied;
    }

    /// Notes the status that goes to the client, if it is still there.
    pub fn answers(&self, status: u16) {
        let mut fate = locked(&self.fate);
        fate.status = Some(status).filter(|_| !fate.client_gone);
        drop(fate);
        self.changed.notify_waiters();
    }

    pub fn watch(self: &Arc<Self>) -> HangUp {
        HangUp(Some(Arc::clone(self)))
    }

    pub fn request(&self) -> &Exchange {
        &self.request
    }

    pub fn client_gone(&self) -> bool {
        locked(&self.fate).client_gone
    }
}

impl HangUp {
    /// The answer is out: nobody hung up before.
    pub fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for HangUp {
    fn drop(&mut self) {
        if let Some(entry) = self.0.take() {
            locked(&entry.fate).client_gone = true;
            entry.changed.notify_waiters();
        }
    }
}

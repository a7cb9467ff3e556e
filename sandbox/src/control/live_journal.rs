//! `journal/live`: the journal as server-sent events, for the page.
//!
//! The requests never wait for a browser. A subscriber has a bounded number of changes that it has not read yet; one that
//! is too slow, or that would receive more than it can show, gets the last entries again instead of all changes.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use bytes::Bytes;
use http_body::Frame;
use serde_json::value::RawValue;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::fields::to_raw;
use crate::journal::{Change, Entry, Secrets};
use crate::lock::lock;
use crate::state::State;

/// Number of entries that a subscriber receives first.
const LAST_ENTRIES: usize = 200;

/// Maximum number of entries of an event. If more have changed, the oldest are skipped.
const MAX_ENTRIES: usize = 100;

/// Changes are collected for so long, so that many requests need few events.
const INTERVAL: Duration = Duration::from_millis(100);

/// A comment is sent after so long without a change, so that a connection that was lost is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(super) async fn follow(Shared(state): Shared<Arc<State>>) -> axum::response::Response {
    // One event is in the channel at most: the next one is made once the connection took it.
    let (sender, events) = mpsc::channel(1);
    tokio::spawn(send_events(state, sender));
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, Body::new(EventStream(events))).into_response()
}

async fn send_events(state: Arc<State>, sender: mpsc::Sender<Bytes>) {
    let mut changes = state.journal.changes();
    let mut batch = Batch { is_incomplete: true, ..Batch::default() };
    loop {
        if sender.send(batch.event(&state)).await.is_err() {
            return;
        }
        batch = tokio::select! {
            () = sender.closed() => return,
            () = sleep(HEARTBEAT) => Batch::default(),
            change = changes.recv() => Batch::collect(change, &mut changes).await,
        };
        if batch.is_end {
            return;
        }
    }
}

/// The changes of one interval.
#[derive(Default)]
struct Batch {
    entries: BTreeMap<u64, Arc<Entry>>,
    /// Whether changes were lost, so that the last entries are sent again.
    is_incomplete: bool,
    was_too_fast: bool,
    is_end: bool,
}

impl Batch {
    async fn collect(first: Result<Change, RecvError>, changes: &mut Receiver<Change>) -> Self {
        let mut batch = Self::default();
        batch.note(first.map_err(|error| match error {
            RecvError::Lagged(count) => TryRecvError::Lagged(count),
            RecvError::Closed => TryRecvError::Closed,
        }));
        sleep(INTERVAL).await;
        loop {
            match changes.try_recv() {
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Closed) => {
                    batch.is_end = true;
                    break;
                }
                received => batch.note(received),
            }
        }
        batch.was_too_fast |= batch.entries.len() > MAX_ENTRIES;
        batch.is_incomplete |= batch.was_too_fast;
        batch
    }

    fn note(&mut self, received: Result<Change, TryRecvError>) {
        match received {
            Ok(Change::Entry(entry)) => drop(self.entries.insert(entry.n(), entry)),
            Ok(Change::Cleared) => {
                self.entries.clear();
                self.is_incomplete = true;
            }
            Ok(Change::Stopped) | Err(TryRecvError::Closed) => self.is_end = true,
            Err(TryRecvError::Lagged(_)) => (self.is_incomplete, self.was_too_fast) = (true, true),
            Err(TryRecvError::Empty) => {}
        }
    }

    /// Returns the event that reports the batch.
    fn event(&self, state: &State) -> Bytes {
        if self.is_incomplete {
            let name = if self.was_too_fast { "reload" } else { "start" };
            return event(name, &views(state, &state.journal.last_entries(LAST_ENTRIES)));
        }
        if self.entries.is_empty() {
            return Bytes::from_static(b":\n\n");
        }
        event("entries", &views(state, &self.entries.values().cloned().collect::<Vec<_>>()))
    }
}

/// Returns entries as JSON, without secrets.
fn views(state: &State, entries: &[Arc<Entry>]) -> Box<RawValue> {
    let crm = lock(&state.crm);
    let secrets = Secrets::new(crm.secrets());
    to_raw(&entries.iter().map(|entry| entry.live_view(&secrets, &crm.tokens)).collect::<Vec<_>>())
}

/// Returns a server-sent event. Line breaks of JSON are only between its values, so a space has the same meaning.
fn event(name: &str, json: &RawValue) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {}\n\n", json.get().replace(['\n', '\r'], " ")))
}

/// A response body that sends what arrives in a channel.
struct EventStream(mpsc::Receiver<Bytes>);

impl http_body::Body for EventStream {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|received| received.map(|event| Ok(Frame::data(event))))
    }
}

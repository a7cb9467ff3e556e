//! A caller's word that it no longer waits, for languages whose callers cannot drop a future.

use futures_util::future::select_all;
use std::sync::Arc;
use tokio::sync::watch;

/// Ends calls from outside, once and for good. Clones end the same calls.
///
/// In Rust a call is cancelled by dropping its future, which closes its request; this does the same from another thread.
/// See [`Client::cancelled_by`](crate::Client::cancelled_by).
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    asked: Arc<watch::Sender<bool>>,
    /// What ends these calls as well, and more than these.
    outer: Vec<Arc<watch::Sender<bool>>>,
}

impl Cancel {
    /// Ends the calls that are under way, and every later one before it sends anything.
    pub fn cancel(&self) {
        self.asked.send_replace(true);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.all().any(|asked| *asked.borrow())
    }

    /// One for fewer calls: `outer` ends them as well, while this does not end those of `outer`.
    pub(crate) fn within(&self, outer: Option<&Self>) -> Self {
        let mut all = self.outer.clone();
        for asked in outer.into_iter().flat_map(Self::all) {
            if !all.iter().chain([&self.asked]).any(|known| Arc::ptr_eq(known, asked)) {
                all.push(asked.clone());
            }
        }
        Self { asked: self.asked.clone(), outer: all }
    }

    /// Waits until [`cancel`](Self::cancel) is called.
    pub(crate) async fn cancelled(&self) {
        if self.outer.is_empty() {
            is_asked(&self.asked).await;
        } else {
            select_all(self.all().map(|asked| Box::pin(is_asked(asked)))).await;
        }
    }

    fn all(&self) -> impl Iterator<Item = &Arc<watch::Sender<bool>>> {
        std::iter::once(&self.asked).chain(&self.outer)
    }
}

async fn is_asked(asked: &watch::Sender<bool>) {
    // It fails only where the sender is gone, and the caller holds that.
    let _ = asked.subscribe().wait_for(|&asked| asked).await;
}

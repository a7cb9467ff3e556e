//! Cancellation token for callers that cannot drop a future.

use futures_util::future::select_all;
use std::sync::Arc;
use tokio::sync::watch;

/// Cancels calls from outside, once and for good. Clones cancel the same calls.
///
/// An async call is also cancelled by dropping its future, which closes its request; this does the same from another thread, and
/// the call then returns an error that says what is known. See [`Client::cancelled_by`](crate::Client::cancelled_by).
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let cancel = egito::Cancel::default();
/// let import = client.cancelled_by(&cancel);
/// let worker = std::thread::spawn(move || loop {
///     if let Err(error) = import.accounts().get(1) {
///         return error;
///     }
/// });
/// cancel.cancel();
/// assert!(worker.join().unwrap().is_cancelled());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    /// How often it was asked.
    asked: Arc<watch::Sender<u32>>,
    /// What ends these calls as well, and more than these.
    outer: Vec<Arc<watch::Sender<u32>>>,
}

impl Cancel {
    /// Ends the calls that are in flight, and every later one before it sends anything.
    ///
    /// A bulk takes no further input then, but waits for its calls in flight for a moment, see
    /// [`Bulk::cancel_grace`](crate::Bulk::cancel_grace); a second call of this method ends them at once.
    ///
    /// ```
    /// let cancel = egito::Cancel::default();
    /// cancel.clone().cancel();
    /// assert!(cancel.is_cancelled());
    /// ```
    pub fn cancel(&self) {
        self.asked.send_modify(|times| *times = times.saturating_add(1));
    }

    /// Returns whether [`cancel`](Self::cancel) was called.
    ///
    /// ```
    /// assert!(!egito::Cancel::default().is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.times() > 0
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

    /// Waits until [`cancel`](Self::cancel) is called for the second time.
    pub(crate) async fn cancelled_again(&self) {
        loop {
            let mut changes: Vec<_> = self.all().map(|asked| asked.subscribe()).collect();
            if self.times() > 1 {
                return;
            }
            // It fails only where the sender is gone, and this holds that.
            let _ = select_all(changes.iter_mut().map(|change| Box::pin(change.changed()))).await;
        }
    }

    fn times(&self) -> u32 {
        self.all().fold(0, |times, asked| times.saturating_add(*asked.borrow()))
    }

    fn all(&self) -> impl Iterator<Item = &Arc<watch::Sender<u32>>> {
        std::iter::once(&self.asked).chain(&self.outer)
    }
}

async fn is_asked(asked: &watch::Sender<u32>) {
    // It fails only where the sender is gone, and the caller holds that.
    let _ = asked.subscribe().wait_for(|&times| times > 0).await;
}

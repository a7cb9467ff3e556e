//! Cancellation token for callers that cannot drop a future.

use futures_util::future::select_all;
use std::sync::Arc;
use tokio::sync::watch;

/// Cancels calls from another thread or task, for good. Clones cancel the same calls.
///
/// Dropping the future of an async call also cancels it, and closes its request. A token does the same from another thread, and the
/// call returns an error that says what is known about its outcome. See
/// [`Client::with_cancellation`](crate::Client::with_cancellation).
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// let cancellation = egito::CancellationToken::default();
/// let import = client.with_cancellation(&cancellation);
/// let worker = std::thread::spawn(move || loop {
///     if let Err(error) = import.accounts().get(1) {
///         return error;
///     }
/// });
/// cancellation.cancel();
/// assert!(worker.join().unwrap().is_cancelled());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancellationToken {
    /// Counts the calls of `cancel`.
    requests: Arc<watch::Sender<u32>>,
    /// The counts of the parent tokens, which cancel these calls as well.
    parents: Vec<Arc<watch::Sender<u32>>>,
}

impl CancellationToken {
    /// Cancels the calls in flight, and closes their requests. Every later call fails before it sends anything.
    ///
    /// A bulk takes no further input, but waits a moment for its calls in flight, see
    /// [`Bulk::cancel_grace`](crate::Bulk::cancel_grace). A second call of this method cancels them at once.
    ///
    /// ```
    /// let cancellation = egito::CancellationToken::default();
    /// cancellation.clone().cancel();
    /// assert!(cancellation.is_cancelled());
    /// ```
    pub fn cancel(&self) {
        self.requests.send_modify(|count| *count = count.saturating_add(1));
    }

    /// Returns whether [`cancel`](Self::cancel) was called.
    ///
    /// ```
    /// assert!(!egito::CancellationToken::default().is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.count() > 0
    }

    /// Returns a token that `parent` cancels as well. Cancelling the returned token does not cancel the calls of `parent`.
    pub(crate) fn child_of(&self, parent: Option<&Self>) -> Self {
        let mut parents = self.parents.clone();
        for requests in parent.into_iter().flat_map(Self::all) {
            if !parents.iter().chain([&self.requests]).any(|known| Arc::ptr_eq(known, requests)) {
                parents.push(requests.clone());
            }
        }
        Self { requests: self.requests.clone(), parents }
    }

    /// Waits until [`cancel`](Self::cancel) is called.
    pub(crate) async fn cancelled(&self) {
        if self.parents.is_empty() {
            requested(&self.requests).await;
        } else {
            select_all(self.all().map(|requests| Box::pin(requested(requests)))).await;
        }
    }

    /// Waits until [`cancel`](Self::cancel) is called for the second time.
    pub(crate) async fn cancelled_again(&self) {
        loop {
            let mut changes: Vec<_> = self.all().map(|requests| requests.subscribe()).collect();
            if self.count() > 1 {
                return;
            }
            // It fails only if the sender is dropped, and this token holds the sender.
            let _ = select_all(changes.iter_mut().map(|change| Box::pin(change.changed()))).await;
        }
    }

    fn count(&self) -> u32 {
        self.all().fold(0, |count, requests| count.saturating_add(*requests.borrow()))
    }

    fn all(&self) -> impl Iterator<Item = &Arc<watch::Sender<u32>>> {
        std::iter::once(&self.requests).chain(&self.parents)
    }
}

async fn requested(requests: &watch::Sender<u32>) {
    // It fails only if the sender is dropped, and the caller holds the sender.
    let _ = requests.subscribe().wait_for(|&count| count > 0).await;
}

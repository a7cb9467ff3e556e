//! Counts the calls of a bulk that have finished, and detects that too many have failed.

use super::row::Progress;
use crate::cancellation::CancellationToken;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts calls as they finish, in any order.
#[derive(Debug, Default)]
pub(super) struct ProgressCounter {
    counts: Mutex<Counts>,
    max_failures: Option<u64>,
    limit_reached: CancellationToken,
}

#[derive(Debug, Default)]
struct Counts {
    progress: Progress,
    /// The progress after each call that was not reported yet; `None` if progress is not reported.
    unreported: Option<VecDeque<Progress>>,
}

impl ProgressCounter {
    pub(super) fn new(max_failures: Option<u64>) -> Self {
        Self { max_failures, ..Self::default() }
    }

    /// Keeps the progress after each call, for [`report`](Self::report).
    pub(super) fn keep_reports(&self) {
        self.lock().unreported.get_or_insert_default();
    }

    pub(super) fn count(&self, has_failed: bool) {
        let mut counts = self.lock();
        counts.progress.done += 1;
        counts.progress.failed += u64::from(has_failed);
        let progress = counts.progress;
        if let Some(unreported) = &mut counts.unreported {
            unreported.push_back(progress);
        }
        if has_failed && self.max_failures.is_some_and(|limit| progress.failed >= limit) {
            self.limit_reached.cancel();
        }
    }

    pub(super) fn progress(&self) -> Progress {
        self.lock().progress
    }

    /// Returns the progress after the oldest call that was not reported yet.
    pub(super) fn report(&self) -> Option<Progress> {
        self.lock().unreported.as_mut()?.pop_front()
    }

    pub(super) fn has_report(&self) -> bool {
        self.lock().unreported.as_ref().is_some_and(|unreported| !unreported.is_empty())
    }

    pub(super) fn max_failures(&self) -> Option<u64> {
        self.max_failures
    }

    /// Returns a token that is cancelled once `max_failures` calls have failed.
    pub(super) fn limit_reached(&self) -> &CancellationToken {
        &self.limit_reached
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

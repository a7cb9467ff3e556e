//! Ends a bulk early: no further input is taken, calls in flight have a moment to finish, and then they are ended.

use crate::cancellation::CancellationToken;
use crate::clock::Clock;
use crate::error::Result;
use std::time::Duration;

/// How long calls in flight may go on after a cancel, unless the caller sets another time.
const CANCEL_GRACE: Duration = Duration::from_secs(5);

/// What cancels a bulk, and what its calls are ended by.
#[derive(Clone, Debug)]
pub(super) struct GracefulCancel {
    /// Cancelled by the caller: once to end the bulk, twice to end its calls at once.
    pub asked: CancellationToken,
    /// Cancels the calls themselves.
    pub calls: CancellationToken,
    pub grace: Duration,
}

impl GracefulCancel {
    /// Returns a stop that `outer` asks for as well.
    pub(super) fn new(outer: Option<&CancellationToken>) -> Self {
        Self {
            asked: CancellationToken::default().child_of(outer),
            calls: CancellationToken::default(),
            grace: CANCEL_GRACE,
        }
    }

    /// Runs a call. Once the bulk is cancelled, the call has the grace to finish; then it is ended, and says what is known.
    pub(super) async fn run<T>(&self, clock: &dyn Clock, call: impl Future<Output = Result<T>>) -> Result<T> {
        let mut call = std::pin::pin!(call);
        tokio::select! {
            biased;
            result = &mut call => return result,
            () = self.grace_is_over(clock) => self.calls.cancel(),
        }
        call.await
    }

    async fn grace_is_over(&self, clock: &dyn Clock) {
        self.asked.cancelled().await;
        tokio::select! {
            () = clock.sleep(self.grace) => {}
            () = self.asked.cancelled_again() => {}
        }
    }
}

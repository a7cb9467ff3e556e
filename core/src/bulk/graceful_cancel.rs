//! Cancels a bulk, or other work of several calls: those in flight have some time to finish, and then they are cancelled.

use crate::cancellation::CancellationToken;
use crate::clock::Clock;
use crate::error::Result;
use std::time::Duration;

/// Default of the time for which calls in flight may continue after a cancel.
const DEFAULT_CANCEL_GRACE: Duration = Duration::from_secs(5);

/// The two tokens of a bulk: the caller cancels one, and the other cancels the calls.
#[derive(Clone, Debug)]
pub(crate) struct GracefulCancel {
    /// Cancelled by the caller: once to cancel the bulk, twice to cancel its calls without the grace period.
    pub requested: CancellationToken,
    /// Cancels the calls.
    pub calls: CancellationToken,
    pub grace: Duration,
}

impl GracefulCancel {
    /// Creates the tokens of a bulk, which `outer` cancels as well.
    pub(crate) fn new(outer: Option<&CancellationToken>) -> Self {
        Self {
            requested: CancellationToken::default().child_of(outer),
            calls: CancellationToken::default(),
            grace: DEFAULT_CANCEL_GRACE,
        }
    }

    /// Runs a call. Once the bulk is cancelled, the call has the grace period to finish. Then it is cancelled, and its error has the
    /// outcome that is known.
    pub(crate) async fn run<T>(&self, clock: &dyn Clock, call: impl Future<Output = Result<T>>) -> Result<T> {
        let mut call = std::pin::pin!(call);
        tokio::select! {
            biased;
            result = &mut call => return result,
            () = self.grace_is_over(clock) => self.calls.cancel(),
        }
        call.await
    }

    async fn grace_is_over(&self, clock: &dyn Clock) {
        self.requested.cancelled().await;
        tokio::select! {
            () = clock.sleep(self.grace) => {}
            () = self.requested.cancelled_again() => {}
        }
    }
}

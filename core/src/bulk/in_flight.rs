//! The calls of a bulk in flight: their number, and the result of each.

use super::circuit_breaker::CircuitBreaker;
use super::journaled::JournalRow;
use super::row::CallOutput;
use crate::error::{Error, Result};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;

/// Counts the calls in flight, and wakes all waiters when one finishes.
#[derive(Clone, Debug, Default)]
pub(super) struct InFlight {
    count: Arc<AtomicUsize>,
    finished: Arc<Notify>,
    /// A task will wake the waiters soon.
    wake_is_scheduled: Arc<AtomicBool>,
}

/// Wakes the waiters when it is dropped, also if the runtime drops the task that owns it.
struct ScheduledWake(InFlight);

/// Counts as one call in flight until it is dropped, or leaves before.
pub(super) struct InFlightGuard {
    in_flight: InFlight,
    has_left: AtomicBool,
}

/// The result of a call; `None` if the call was dropped before it finished.
pub(super) type Finished = Option<Result<CallOutput>>;

/// A call that runs as a task of its own, independent of the reader of the rows: otherwise a slow reader would cause timeouts.
///
/// Dropping it cancels the call. In a forked child it does nothing, since the call belongs to the parent.
pub(super) struct Task {
    result: oneshot::Receiver<Finished>,
    /// `None` if the call finished before it was spawned, or its result was taken.
    handle: Option<AbortHandle>,
    process: u32,
    /// The row of a bulk with a journal, until the result is taken.
    row: Option<Arc<JournalRow>>,
}

/// Sends the result of a call to its [`Task`], also if the call is dropped before it finishes.
struct ResultSender {
    sender: Option<oneshot::Sender<Finished>>,
    breaker: Arc<CircuitBreaker>,
    /// Dropped after the result was sent.
    _guard: Arc<InFlightGuard>,
}

impl InFlight {
    pub(super) fn enter(&self) -> InFlightGuard {
        self.count.fetch_add(1, Ordering::Relaxed);
        InFlightGuard { in_flight: self.clone(), has_left: AtomicBool::new(false) }
    }

    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Returns a future that waits until a call finishes after this method was called.
    pub(super) fn next_finish(&self) -> impl Future<Output = ()> + Send + 'static {
        self.finished.clone().notified_owned()
    }

    /// Wakes the waiters after the runtime has handled all responses that have arrived: waking the thread that reads the rows costs
    /// more than handling a response. Outside of a task, wakes them at once.
    fn wake_waiters(&self) {
        let Some(runtime) = tokio::task::try_id().and_then(|_| Handle::try_current().ok()) else {
            return self.finished.notify_waiters();
        };
        if !self.wake_is_scheduled.swap(true, Ordering::AcqRel) {
            let wake = ScheduledWake(self.clone());
            runtime.spawn(async move {
                tokio::task::yield_now().await;
                drop(wake);
            });
        }
    }
}

impl Drop for ScheduledWake {
    fn drop(&mut self) {
        // A swap sees what the calls did that found a wake scheduled: a plain store would not.
        self.0.wake_is_scheduled.swap(false, Ordering::AcqRel);
        self.0.finished.notify_waiters();
    }
}

impl InFlightGuard {
    /// Stops to count, although the result of the call is not known yet.
    pub(super) fn leave(&self) {
        if !self.has_left.swap(true, Ordering::Relaxed) {
            self.in_flight.count.fetch_sub(1, Ordering::Release);
            self.in_flight.wake_waiters();
        }
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        self.leave();
        self.in_flight.wake_waiters();
    }
}

impl Task {
    /// Runs the call on the current runtime. A panic in it becomes the error `internal`.
    pub(super) fn spawn(
        call: impl Future<Output = Result<CallOutput>> + Send + 'static,
        guard: Arc<InFlightGuard>,
        breaker: Arc<CircuitBreaker>,
        row: Option<Arc<JournalRow>>,
    ) -> Self {
        let (run, result) = into_task(call, guard, breaker);
        let handle = tokio::spawn(run).abort_handle();
        Self { result, handle: Some(handle), process: std::process::id(), row }
    }

    /// Runs the call on the caller's thread until it has to wait, and spawns the rest. A call that does not wait costs neither a task
    /// nor the wake-up of another thread.
    pub(super) fn begin_here(
        call: impl Future<Output = Result<CallOutput>> + Send + 'static,
        guard: Arc<InFlightGuard>,
        breaker: Arc<CircuitBreaker>,
    ) -> Self {
        let (run, result) = into_task(call, guard, breaker);
        let mut run = Box::pin(run);
        let is_finished = run.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready();
        let handle = (!is_finished).then(|| tokio::spawn(run).abort_handle());
        Self { result, handle, process: std::process::id(), row: None }
    }

    pub(super) fn is_finished(&self) -> bool {
        !self.result.is_empty()
    }

    /// Takes the result of a finished call.
    pub(super) fn take(&mut self) -> Finished {
        (self.row, self.handle) = (None, None);
        self.result.try_recv().ok().flatten()
    }
}

/// Returns a future that makes the call, and the receiver of its result.
fn into_task(
    call: impl Future<Output = Result<CallOutput>> + Send + 'static,
    guard: Arc<InFlightGuard>,
    breaker: Arc<CircuitBreaker>,
) -> (impl Future<Output = ()> + Send + 'static, oneshot::Receiver<Finished>) {
    let (sender, result) = oneshot::channel();
    let sender = ResultSender { sender: Some(sender), breaker, _guard: guard };
    let run = async move {
        let result = AssertUnwindSafe(call).catch_unwind().await;
        sender.send_result(result.unwrap_or_else(|panic| Err(Error::from_panic(&*panic))));
    };
    (run, result)
}

impl Drop for Task {
    fn drop(&mut self) {
        let Some(handle) = self.handle.take() else { return };
        if self.process == std::process::id() {
            self.row.iter().filter(|_| !self.is_finished()).for_each(|row| row.abandon());
            handle.abort();
        } else {
            std::mem::forget(handle);
        }
    }
}

impl ResultSender {
    fn send_result(mut self, result: Result<CallOutput>) {
        self.send(Some(result));
    }

    fn send(&mut self, result: Finished) {
        if let Some(sender) = self.sender.take() {
            self.breaker.counter.count(!matches!(result, Some(Ok(_))));
            let _ = sender.send(result); // fails if the bulk was dropped
        }
    }
}

impl Drop for ResultSender {
    fn drop(&mut self) {
        self.send(None);
    }
}

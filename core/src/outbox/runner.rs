//! Delivers again and again, in a task of the caller's runtime.

use super::delivery::deliver;
use super::entry::Delivery;
use super::options::OutboxOptions;
use super::queue::Queue;
use crate::call::Engine;
use crate::cancellation::CancellationToken;
use crate::error::Result;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// The shortest pause between two deliveries without a new entry.
const MIN_PAUSE: Duration = Duration::from_millis(100);

/// The task of an outbox, if it was started.
#[derive(Debug, Default)]
pub(super) struct Runner {
    running: Mutex<Option<Running>>,
    last: Arc<Mutex<Option<Result<Delivery>>>>,
}

/// A running task. Dropping it stops the task.
#[derive(Debug)]
struct Running {
    cancellation: CancellationToken,
    /// Closes once the task has ended.
    ended: watch::Receiver<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cancellation.cancel();
    }
}

impl Runner {
    /// Returns a runner without a task, whose results this one returns, too.
    pub(super) fn for_other_runtime(&self) -> Self {
        Self { running: Mutex::default(), last: self.last.clone() }
    }

    /// Starts the task, unless it runs already.
    pub(super) fn start(&self, engine: &Engine, queue: &Arc<Queue>, options: OutboxOptions, interval: Duration) {
        if let Err(error) = engine.check_running() {
            *lock(&self.last) = Some(Err(error));
            return;
        }
        let mut running = lock(&self.running);
        if running.as_ref().is_some_and(|running| running.ended.has_changed().is_ok()) {
            return;
        }
        let cancellation = CancellationToken::default();
        let (is_running, ended) = watch::channel(());
        let engine = engine.with_cancellation(&cancellation);
        let (queue, last) = (queue.clone(), self.last.clone());
        tokio::spawn(async move {
            let _is_running = is_running;
            run(&engine, &queue, options, interval, &last).await;
        });
        *running = Some(Running { cancellation, ended });
    }

    /// Stops the task, and returns a future that waits for its calls in flight.
    pub(super) fn stop(&self) -> impl Future<Output = ()> + Send + use<> {
        let running = lock(&self.running).take();
        async move {
            if let Some(running) = running {
                running.cancellation.cancel();
                let _ = running.ended.clone().changed().await; // an error: the task has ended
            }
        }
    }

    /// Returns the result of the last delivery of the task.
    pub(super) fn last_delivery(&self) -> Option<Result<Delivery>> {
        lock(&self.last).clone()
    }
}

async fn run(
    engine: &Engine,
    queue: &Arc<Queue>,
    options: OutboxOptions,
    interval: Duration,
    last: &Mutex<Option<Result<Delivery>>>,
) {
    while engine.check_running().is_ok() {
        let result = deliver(engine, queue, &options, None).await;
        if engine.check_running().is_err() && result.is_err() {
            return;
        }
        if let Err(error) = &result {
            tracing::warn!(target: "egito", %error, "the outbox could not be delivered");
        }
        let pause = queue.time_to_next(&result).unwrap_or(interval).clamp(MIN_PAUSE, interval.max(MIN_PAUSE));
        *lock(last) = Some(result);
        let Ok(file) = queue.file() else { return };
        tokio::select! {
            () = engine.clock().sleep(pause) => {}
            () = file.has_new.notified() => {}
            () = engine.closed() => {}
            () = cancelled(engine) => {}
        }
    }
}

async fn cancelled(engine: &Engine) {
    match engine.cancellation() {
        Some(cancellation) => cancellation.cancelled().await,
        None => std::future::pending().await,
    }
}

fn lock<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

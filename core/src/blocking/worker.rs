//! A runtime with its own thread, for calls that run in the background.

use super::call_slots::wait_here;
use super::fork::check_process;
use super::runtime_pool::{Interrupted, RuntimePool, check_thread, out_of_resources, until};
use crate::client::Client;
use crate::descriptors::DescriptorCheck;
use crate::driver_thread;
use crate::error::{Error, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{EnterGuard, Handle};
use tokio::sync::{oneshot, watch};

/// Maximum time to wait for the thread of a dropped worker.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(100);

/// A runtime, and a client whose connections live in it.
pub(super) struct Worker {
    /// `None` once it is dropped.
    parts: Option<Parts>,
    interrupted: Option<Interrupted>,
    process: u32,
}

struct Parts {
    runtime: Handle,
    client: Client,
    descriptors: Arc<DescriptorCheck>,
    /// Dropping it stops the thread.
    stop: oneshot::Sender<()>,
    /// Closes once the thread has ended.
    ended: watch::Receiver<()>,
}

impl Worker {
    pub(super) fn start(pool: &RuntimePool, thread: &str) -> Result<Self> {
        let (runtime, client, descriptors) = pool.new_background_runtime()?;
        let (stop, stopped) = oneshot::channel();
        let (running, ended) = watch::channel(());
        let handle = runtime.handle().clone();
        let work = async { drop(stopped.await) };
        driver_thread::spawn(thread, runtime, descriptors.clone(), work, running)
            .map_err(|error| out_of_resources(&error))?;
        let parts = Parts { runtime: handle, client, descriptors, stop, ended };
        Ok(Self { parts: Some(parts), interrupted: pool.interrupted().cloned(), process: std::process::id() })
    }

    /// Returns the client whose connections live here.
    pub(super) fn client(&self) -> &Client {
        &self.parts().client
    }

    /// Makes this the runtime for tasks that are spawned while the guard lives.
    pub(super) fn enter(&self) -> EnterGuard<'_> {
        self.parts().runtime.enter()
    }

    /// Waits on the caller's thread. Fails if the worker's thread has died.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let Parts { runtime, ended, .. } = self.parts();
        let mut ended = ended.clone();
        runtime.block_on(async {
            tokio::select! {
                biased;
                result = future => Ok(result),
                _ = ended.changed() => Err(Error::from_panic(&"the thread of the bulk has died")),
            }
        })
    }

    /// Like [`wait`](Self::wait), but returns `None` after `max_wait`.
    pub(super) fn wait_for<T>(&self, future: impl Future<Output = T>, max_wait: Duration) -> Result<Option<T>> {
        self.wait(async { tokio::time::timeout(max_wait, future).await.ok() })
    }

    /// Like [`wait`](Self::wait), but returns `None` once the caller is interrupted.
    pub(super) fn wait_unless_interrupted<T>(&self, future: impl Future<Output = T>) -> Result<Option<T>> {
        let Some(interrupted) = &self.interrupted else { return self.wait(future).map(Some) };
        self.wait(async {
            tokio::select! {
                biased;
                result = future => Some(result),
                () = until(interrupted) => None,
            }
        })
    }

    /// Fails in a forked child, which has the parent's sockets but not its thread.
    pub(super) fn check_process(&self) -> Result<()> {
        check_process(self.process, "bulk")
    }

    /// Like [`check_process`](Self::check_process), and also fails if the program closed the sockets.
    pub(super) fn check(&self) -> Result<()> {
        self.check_process()?;
        self.check_descriptors()
    }

    /// Fails if the program closed the sockets.
    pub(super) fn check_descriptors(&self) -> Result<()> {
        self.parts().descriptors.check("bulk")
    }

    fn parts(&self) -> &Parts {
        self.parts.as_ref().expect("they are set until this is dropped")
    }
}

/// Stops the thread. A worker may be dropped anywhere, also inside an async runtime. Sockets that belong to the parent process or to
/// the program are leaked.
impl Drop for Worker {
    fn drop(&mut self) {
        if self.check().is_err() {
            return std::mem::forget(self.parts.take());
        }
        let Some(Parts { stop, mut ended, .. }) = self.parts.take() else { return };
        drop(stop);
        if check_thread().is_ok() {
            // Wait for a moment, since the program may end next.
            let grace = |waited| if waited < SHUTDOWN_GRACE { Ok(()) } else { Err(Error::cancelled()) };
            let _ = wait_here(std::pin::pin!(ended.changed()), grace);
        }
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

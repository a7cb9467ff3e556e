//! A runtime with a thread of its own, for calls that go on whatever their caller does meanwhile.

use super::fork::check_process;
use super::runtime_pool::{Interrupted, RuntimePool, check_thread, until};
use crate::client::Client;
use crate::error::Result;
use std::time::Duration;
use tokio::runtime::{Builder, EnterGuard, Runtime};

/// How long dropping a worker waits for its thread.
const SHUTDOWN_GRACE: Duration = Duration::from_millis(100);

/// The runtime and the client whose connections live in it.
pub(super) struct Worker {
    /// Both are taken only to be shut down or forgotten.
    runtime: Option<Runtime>,
    client: Option<Client>,
    interrupted: Option<Interrupted>,
    process: u32,
}

impl Worker {
    pub(super) fn start(pool: &RuntimePool) -> Result<Self> {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("egito-bulk").enable_io().enable_time();
        let (runtime, client) = pool.new_runtime(&mut builder)?;
        let interrupted = pool.interrupted().cloned();
        Ok(Self { runtime: Some(runtime), client: Some(client), interrupted, process: std::process::id() })
    }

    /// Returns the client whose connections live here.
    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("it is there until it is dropped")
    }

    /// Makes this the runtime for tasks spawned while the guard lives.
    pub(super) fn enter(&self) -> EnterGuard<'_> {
        self.runtime().enter()
    }

    /// Waits on the caller's thread.
    pub(super) fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime().block_on(future)
    }

    /// Waits on the caller's thread; returns `None` once the caller is interrupted.
    pub(super) fn wait_unless_interrupted<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let Some(interrupted) = &self.interrupted else { return Some(self.wait(future)) };
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

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until it is dropped")
    }
}

/// A worker may be dropped anywhere, also inside an async runtime. In a forked child its sockets belong to the parent.
impl Drop for Worker {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget((self.runtime.take(), self.client.take()));
        } else if let Some(runtime) = self.runtime.take() {
            if check_thread().is_ok() {
                runtime.shutdown_timeout(SHUTDOWN_GRACE); // a program that ends next leaves nothing half done
            } else {
                runtime.shutdown_background();
            }
        }
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

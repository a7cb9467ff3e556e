//! The runtimes of bindings whose calls run in the background: asyncio and Node.js.

use crate::descriptors::DescriptorCheck;
use crate::driver_thread;
use crate::signals::block_sigpipe;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::oneshot;

/// Starts a runtime with one thread. Calls mostly wait, and the language reads their results on one thread, so more threads would
/// only wake each other.
///
/// ```
/// assert!(egito::binding::background_runtime().is_ok());
/// ```
pub fn background_runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("egito")
        .on_thread_start(block_sigpipe)
        .enable_all()
        .build()
}

/// A runtime with its own thread, for programs that close all descriptors. Dropping it stops the thread.
///
/// ```
/// let (thread, _) = egito::binding::BackgroundThread::start()?;
/// thread.handle().spawn(async {});
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct BackgroundThread {
    handle: Handle,
    /// Dropping it stops the thread.
    stop: oneshot::Sender<()>,
    /// Disconnected once the thread has ended.
    ended: Receiver<()>,
}

impl BackgroundThread {
    /// Starts the thread.
    ///
    /// The check says whether the runtime can be used. Once the program has closed its descriptors, the thread stops for good before
    /// it uses or closes any of them, and this must be leaked. (A thread of a multi-threaded runtime may wait for input a second
    /// time before it calls a hook; that would panic, and close them.)
    ///
    /// ```
    /// let (thread, descriptors) = egito::binding::BackgroundThread::start()?;
    /// assert!(descriptors.are_open());
    /// # drop(thread);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start() -> io::Result<(Self, Arc<DescriptorCheck>)> {
        let mut builder = Builder::new_current_thread();
        let (runtime, descriptors) = driver_thread::new_runtime(builder.on_thread_start(block_sigpipe).enable_all())?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let (running, ended) = channel();
        let of_thread = descriptors.clone();
        let work = async move {
            of_thread.set_for_thread();
            drop(stopped.await);
        };
        driver_thread::spawn("egito", runtime, descriptors.clone(), work, running)?;
        Ok((Self { handle, stop, ended }, descriptors))
    }

    /// Returns the handle to spawn tasks.
    ///
    /// ```
    /// let (thread, _) = egito::binding::BackgroundThread::start()?;
    /// let (sender, receiver) = std::sync::mpsc::channel();
    /// thread.handle().spawn(async move { sender.send("done") });
    /// assert_eq!(receiver.recv(), Ok("done"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Drops all tasks, and waits at most `max_wait` until the thread has ended.
    ///
    /// ```
    /// let (thread, _) = egito::binding::BackgroundThread::start()?;
    /// thread.stop(std::time::Duration::from_secs(1));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn stop(self, max_wait: Duration) {
        drop(self.stop);
        let _ = self.ended.recv_timeout(max_wait);
    }
}

/// Returns whether this thread is a [`BackgroundThread`].
pub(crate) fn is_background_thread() -> bool {
    DescriptorCheck::of_thread().is_some()
}

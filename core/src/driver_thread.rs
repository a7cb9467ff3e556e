//! A background thread that drives a runtime.

use crate::descriptors::DescriptorCheck;
use crate::signals::block_sigpipe;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use tokio::runtime::Runtime;

/// Starts a thread that runs `work`, shuts down the runtime, and then drops `running`.
///
/// If the program closed the runtime's file descriptors, the runtime is leaked: their numbers may now belong to files of the program.
pub(crate) fn spawn(
    name: &str,
    runtime: Runtime,
    descriptors: Arc<DescriptorCheck>,
    work: impl Future<Output = ()> + Send + 'static,
    running: impl Send + 'static,
) -> io::Result<()> {
    let drive = move || {
        let _running = running;
        block_sigpipe();
        match catch_unwind(AssertUnwindSafe(|| runtime.block_on(work))) {
            Ok(()) if descriptors.are_open() => runtime.shutdown_background(),
            // Dropping the runtime would panic, which ends the process if it is the second panic.
            _ => std::mem::forget(runtime),
        }
    };
    thread::Builder::new().name(name.into()).spawn(drive).map(drop)
}

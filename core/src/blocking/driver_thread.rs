//! A thread of the library that drives a runtime.

use super::descriptors::DescriptorCheck;
use crate::signals::block_sigpipe;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use tokio::runtime::Runtime;

/// Starts a thread that runs `work` to its end, closes what is still open in the runtime, and then drops `running`.
///
/// Descriptors that the program closed are left alone: their numbers may stand for its own files by now.
pub(super) fn spawn(
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
            // Dropping it would panic, perhaps for the second time, and end the process.
            _ => std::mem::forget(runtime),
        }
    };
    thread::Builder::new().name(name.into()).spawn(drive).map(drop)
}

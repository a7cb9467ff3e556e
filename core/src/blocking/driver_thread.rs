//! A thread of the library that drives a runtime.

use crate::signals::block_sigpipe;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use tokio::runtime::Runtime;

/// Starts a thread that runs `work` to its end, closes what is still open in the runtime, and then drops `running`.
pub(super) fn spawn(
    name: &str,
    runtime: Runtime,
    work: impl Future<Output = ()> + Send + 'static,
    running: impl Send + 'static,
) -> io::Result<()> {
    let drive = move || {
        let _running = running;
        block_sigpipe();
        match catch_unwind(AssertUnwindSafe(|| runtime.block_on(work))) {
            Ok(()) => runtime.shutdown_background(),
            // The program may have closed its descriptors: dropping it would panic again, and end the process.
            Err(_) => std::mem::forget(runtime),
        }
    };
    thread::Builder::new().name(name.into()).spawn(drive).map(drop)
}

//! A background thread that drives a runtime.

use crate::descriptors::DescriptorCheck;
use crate::signals::block_sigpipe;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use tokio::runtime::{Builder, Runtime};

/// Creates the runtime of a thread. Once the program has closed its descriptors, the thread stops for good before it uses or closes
/// any of them.
pub(crate) fn new_runtime(builder: &mut Builder) -> io::Result<(Runtime, Arc<DescriptorCheck>)> {
    let descriptors = Arc::new(DescriptorCheck::new()?);
    let stop = descriptors.stop_if_closed();
    let runtime = builder.on_thread_park(stop.clone()).on_thread_unpark(stop).build()?;
    descriptors.cover_new_descriptors();
    Ok((runtime, descriptors))
}

/// Starts a thread that runs `work`, shuts down the runtime, and then drops `running`.
///
/// If the program closed the runtime's file descriptors, the runtime and `work` are leaked: their numbers may now belong to files of
/// the program.
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
        let mut work = Box::pin(work);
        let result = catch_unwind(AssertUnwindSafe(|| runtime.block_on(work.as_mut())));
        let are_open = descriptors.are_open();
        if !are_open {
            std::mem::forget(work);
        }
        match result {
            Ok(()) if are_open => runtime.shutdown_background(),
            // Dropping the runtime would panic, which ends the process if it is the second panic.
            _ => std::mem::forget(runtime),
        }
    };
    thread::Builder::new().name(name.into()).spawn(drive).map(drop)
}

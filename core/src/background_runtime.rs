//! The runtime of bindings whose calls run in the background: asyncio and Node.js.

use crate::descriptors::DescriptorCheck;
use crate::signals::block_sigpipe;
use std::io;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};

/// Starts a runtime with one thread. Calls mostly wait, and the language reads their results on one thread, so more threads would
/// only wake each other.
///
/// The check says whether the runtime can be used. Once the program has closed its descriptors, the thread stops for good before it
/// uses or closes any of them, and the runtime must be leaked.
///
/// ```
/// let (runtime, descriptors) = egito::binding::background_runtime()?;
/// assert!(descriptors.are_open());
/// # drop(runtime);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn background_runtime() -> io::Result<(Runtime, Arc<DescriptorCheck>)> {
    let descriptors = Arc::new(DescriptorCheck::new()?);
    let check = descriptors.clone();
    let stop_if_closed = move || {
        while !check.are_open() {
            std::thread::park();
        }
    };
    let of_thread = descriptors.clone();
    let start_thread = move || {
        block_sigpipe();
        of_thread.set_for_thread();
    };
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).thread_name("egito").on_thread_start(start_thread).on_thread_unpark(stop_if_closed);
    let runtime = builder.enable_all().build()?;
    descriptors.cover_new_descriptors();
    Ok((runtime, descriptors))
}

//! The tokio runtime of `AsyncClient`: one for each process, started on first use, stopped before the interpreter ends.
//!
//! If the program closes its descriptors, as daemons do with `os.closerange`, it is leaked and the next call starts another one.

use egito::binding::{BackgroundThread, DescriptorCheck, PerProcess};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;

/// How long the end of the interpreter may wait for calls that no task awaits any more.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

static RUNTIME: OnceLock<PerProcess<Running>> = OnceLock::new();

struct Running {
    /// Number of runtimes before this one, which are in a parent process or lost their descriptors.
    generation: u64,
    handle: Handle,
    thread: Mutex<Option<BackgroundThread>>,
    descriptors: Arc<DescriptorCheck>,
}

/// Returns the handle to spawn calls on. Starts the runtime if it is not running.
pub(crate) fn handle(py: Python<'_>) -> PyResult<Handle> {
    let running = if let Some(running) = RUNTIME.get() {
        running
    } else {
        py.import("atexit")?.call_method1("register", (wrap_pyfunction!(stop, py)?,))?;
        let first = PerProcess::new(start(0)?);
        RUNTIME.get_or_init(|| first)
    };
    Ok(running.get_usable(Running::is_usable, |lost| start(lost.generation + 1))?.handle.clone())
}

/// Returns the number of the runtime that calls of this process use. Objects of earlier ones must not be used or dropped.
pub(crate) fn generation() -> u64 {
    let number =
        |running: &PerProcess<Running>| match running.get_usable(Running::is_usable, |lost| Err(lost.generation + 1)) {
            Ok(running) => running.generation,
            Err(next) => next,
        };
    RUNTIME.get().map_or(0, number)
}

fn start(generation: u64) -> PyResult<Running> {
    let (thread, descriptors) = BackgroundThread::start()
        .map_err(|e| PyOSError::new_err(format!("the background thread of AsyncClient cannot be started: {e}")))?;
    Ok(Running { generation, handle: thread.handle().clone(), thread: Mutex::new(Some(thread)), descriptors })
}

impl Running {
    fn is_usable(&self) -> bool {
        self.descriptors.are_open()
    }
}

/// Stops the runtime. A thread that enters the interpreter after its end would crash the program.
#[pyfunction]
fn stop(py: Python<'_>) {
    let mine = RUNTIME.get().and_then(|running| running.get_usable(Running::is_usable, |_| Err(())).ok());
    let thread = mine.and_then(|running| running.thread.lock().unwrap_or_else(PoisonError::into_inner).take());
    if let Some(thread) = thread {
        py.detach(|| thread.stop(SHUTDOWN_TIMEOUT));
    }
}

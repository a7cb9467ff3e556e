//! The tokio runtime of `AsyncClient`: one for each process, started on first use, stopped before the interpreter ends.

use egito::binding::{PerProcess, block_sigpipe};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// More threads would only pass calls to each other: making Python objects of responses is the work of the event loop.
const THREADS: usize = 1;
/// How long the end of the interpreter may wait for calls that no task awaits any more.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

static RUNTIME: PyOnceLock<PerProcess<Running>> = PyOnceLock::new();

struct Running {
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

/// Returns the handle to spawn calls on. Starts the runtime if it is not running.
pub(crate) fn handle(py: Python<'_>) -> PyResult<Handle> {
    let running = RUNTIME.get_or_try_init(py, || {
        let stop = wrap_pyfunction!(stop, py)?;
        py.import("atexit")?.call_method1("register", (stop,))?;
        Ok::<_, PyErr>(PerProcess::new(start()?))
    })?;
    Ok(running.get(|_| start())?.handle.clone())
}

fn start() -> PyResult<Running> {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(THREADS).thread_name("egito").on_thread_start(block_sigpipe).enable_all();
    let runtime = builder
        .build()
        .map_err(|e| PyOSError::new_err(format!("the background thread of AsyncClient cannot be started: {e}")))?;
    Ok(Running { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
}

/// Stops the runtime. A thread that enters the interpreter after its end would crash the program.
#[pyfunction]
fn stop(py: Python<'_>) {
    let mine = RUNTIME.get(py).and_then(|running| running.get(|_| Err(())).ok());
    let runtime = mine.and_then(|running| running.runtime.lock().unwrap_or_else(PoisonError::into_inner).take());
    if let Some(runtime) = runtime {
        py.detach(|| runtime.shutdown_timeout(SHUTDOWN_TIMEOUT));
    }
}

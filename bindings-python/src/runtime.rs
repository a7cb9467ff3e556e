//! The tokio runtime of `AsyncClient`: started when first needed, one for each process, stopped before Python ends.

use egito::binding::{PerProcess, block_sigpipe};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Handle, Runtime};

/// More would hand each call to one another; making objects of the answers is the event loop's own work.
const THREADS: usize = 1;
/// How long the end of Python may wait for calls that nobody waits for any more.
const LAST_WAIT: Duration = Duration::from_secs(1);

static RUNTIME: PyOnceLock<PerProcess<Running>> = PyOnceLock::new();

struct Running {
    handle: Handle,
    runtime: Mutex<Option<Runtime>>,
}

/// Where calls are started.
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
        .map_err(|e| PyOSError::new_err(format!("the threads for AsyncClient cannot be started: {e}")))?;
    Ok(Running { handle: runtime.handle().clone(), runtime: Mutex::new(Some(runtime)) })
}

/// A thread that comes back to an interpreter that is gone crashes the program.
#[pyfunction]
fn stop(py: Python<'_>) {
    let mine = RUNTIME.get(py).and_then(|running| running.get(|_| Err(())).ok());
    let runtime = mine.and_then(|running| running.runtime.lock().unwrap_or_else(PoisonError::into_inner).take());
    if let Some(runtime) = runtime {
        py.detach(|| runtime.shutdown_timeout(LAST_WAIT));
    }
}

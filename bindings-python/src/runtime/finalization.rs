//! The end of the interpreter, while daemon threads have calls in flight.
//!
//! Before Python 3.14, a thread that enters Python code after finalization is unwound. If Rust called that code, the unwinding
//! aborts the program (SIGABRT). So from `atexit` on, only the finalizing thread runs Python code for Rust.

use egito::binding::PerProcess;
use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// How long finalization waits for hooks, log handlers and conversions that are running.
const GRACE_PERIOD: Duration = Duration::from_secs(1);
const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// The thread that finalizes the interpreter.
static FINALIZING_THREAD: OnceLock<ThreadId> = OnceLock::new();
/// Number of threads that run Python code for Rust. A forked child starts with zero.
static THREADS_IN_PYTHON: LazyLock<PerProcess<AtomicUsize>> = LazyLock::new(|| PerProcess::new(AtomicUsize::new(0)));

/// Delays the end of the interpreter, for at most [`GRACE_PERIOD`], until it is dropped.
pub(crate) struct FinalizationGuard(&'static AtomicUsize);

impl FinalizationGuard {
    /// Must be called before Rust calls Python code. Returns `None` if the interpreter is ending: then this thread must not call any.
    pub(crate) fn acquire() -> Option<Self> {
        let threads = threads_in_python();
        threads.fetch_add(1, Ordering::SeqCst);
        // Counted before the check: either this thread sees the finalization, or the finalization waits for this thread.
        let guard = Self(threads);
        let is_ending = FINALIZING_THREAD.get().is_some_and(|thread| *thread != std::thread::current().id());
        (!is_ending).then_some(guard)
    }

    /// As [`acquire`](Self::acquire), for code that cannot go on without Python: waits for the end of the interpreter. If the end
    /// waits for this thread, `SystemExit` ends the thread silently.
    pub(crate) fn acquire_or_exit(py: Python<'_>) -> PyResult<Self> {
        Self::acquire().ok_or_else(|| {
            py.detach(|| std::thread::sleep(GRACE_PERIOD));
            PySystemExit::new_err(())
        })
    }
}

impl Drop for FinalizationGuard {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Registers [`finalize`] with `atexit`, which runs it while Python code still works.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(finalize, py)?,))?;
    Ok(())
}

#[pyfunction]
fn finalize(py: Python<'_>) {
    FINALIZING_THREAD.get_or_init(|| std::thread::current().id());
    let start = Instant::now();
    py.detach(|| {
        while threads_in_python().load(Ordering::SeqCst) > 0 && start.elapsed() < GRACE_PERIOD {
            std::thread::sleep(POLL_INTERVAL);
        }
    });
}

fn threads_in_python() -> &'static AtomicUsize {
    let Ok(threads) = THREADS_IN_PYTHON.get(|_| Ok::<_, Infallible>(AtomicUsize::new(0)));
    threads
}

//! The end of Python, while daemon threads have calls under way.
//!
//! Before Python 3.14, a thread that runs Python code when Python has ended is unwound; where Rust has called that code, this ends
//! the whole program with SIGABRT. So from the last moment at which Python still works no thread but the one that ends it runs
//! Python code for Rust.

use egito::binding::PerProcess;
use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, OnceLock};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// How long the end of Python waits for a hook, a log handler or a conversion that has begun.
const LAST_WAIT: Duration = Duration::from_secs(1);
const LOOK: Duration = Duration::from_millis(1);

/// The thread that ends Python.
static ENDED_BY: OnceLock<ThreadId> = OnceLock::new();
/// How many threads run Python code for Rust. A forked child has none of its parent's.
static INSIDE: LazyLock<PerProcess<AtomicUsize>> = LazyLock::new(|| PerProcess::new(AtomicUsize::new(0)));

/// While it lives, Python does not end.
pub(crate) struct Inside(&'static AtomicUsize);

/// Before Rust calls Python code. None: Python ends, and this thread must not call any.
pub(crate) fn inside() -> Option<Inside> {
    let count = count();
    count.fetch_add(1, Ordering::SeqCst);
    let inside = Inside(count); // counted before it looks: either this sees the end, or the end sees this
    let elsewhere = ENDED_BY.get().is_some_and(|thread| *thread != std::thread::current().id());
    (!elsewhere).then_some(inside)
}

/// As [`inside`], where nothing can be done without Python code: then the thread waits for the end. Should something wait for this
/// thread first, `SystemExit` ends it without a word.
pub(crate) fn inside_or_exit(py: Python<'_>) -> PyResult<Inside> {
    inside().ok_or_else(|| {
        py.detach(|| std::thread::sleep(LAST_WAIT));
        PySystemExit::new_err(())
    })
}

/// Lets [`end`] be called while Python still works.
pub(crate) fn register(py: Python<'_>) -> PyResult<()> {
    py.import("atexit")?.call_method1("register", (wrap_pyfunction!(end, py)?,))?;
    Ok(())
}

#[pyfunction]
fn end(py: Python<'_>) {
    ENDED_BY.get_or_init(|| std::thread::current().id());
    let begun = Instant::now();
    py.detach(|| {
        while count().load(Ordering::SeqCst) > 0 && begun.elapsed() < LAST_WAIT {
            std::thread::sleep(LOOK);
        }
    });
}

fn count() -> &'static AtomicUsize {
    let Ok(count) = INSIDE.get(|_| Ok::<_, Infallible>(AtomicUsize::new(0)));
    count
}

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

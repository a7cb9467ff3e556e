//! Wakes the event loop: by a byte in a socket, which needs no interpreter, or by `call_soon_threadsafe`.
//!
//! A thread that acquires the interpreter only to wake the loop waits while the thread of the loop is busy, and does nothing for
//! other calls during that time.

use crate::convert::errors::catch_panics;
use crate::runtime::finalization::FinalizationGuard;
use pyo3::prelude::*;
use std::sync::Arc;

/// What the event loop calls on its own thread after it is woken.
pub(super) type Callback = Arc<dyn Fn(Python<'_>) -> PyResult<()> + Send + Sync>;

/// Wakes one event loop, which then calls a function.
pub(super) enum LoopWaker {
    #[cfg(unix)]
    Socket(socket::SocketWaker),
    /// For loops without `add_reader`, such as the default loop of Windows.
    CallSoon { event_loop: Py<PyAny>, callback: Callback },
}

impl LoopWaker {
    pub(super) fn new(event_loop: &Bound<'_, PyAny>, callback: Callback) -> PyResult<Self> {
        #[cfg(unix)]
        if let Some(waker) = socket::SocketWaker::register(event_loop, &callback)? {
            return Ok(Self::Socket(waker));
        }
        Ok(Self::without_socket(event_loop, callback))
    }

    /// Returns a waker that has no descriptors.
    pub(super) fn without_socket(event_loop: &Bound<'_, PyAny>, callback: Callback) -> Self {
        Self::CallSoon { event_loop: event_loop.clone().unbind(), callback }
    }

    /// Returns whether this can wake the loop: the program has not closed its sockets.
    pub(super) fn is_open(&self) -> bool {
        match self {
            #[cfg(unix)]
            Self::Socket(waker) => waker.is_open(),
            Self::CallSoon { .. } => true,
        }
    }

    /// Returns false if the loop is known to be closed.
    pub(super) fn wake(&self) -> bool {
        match self {
            #[cfg(unix)]
            Self::Socket(waker) => {
                waker.notify();
                true
            }
            Self::CallSoon { event_loop, callback } => Python::try_attach(|py| {
                let Some(_guard) = FinalizationGuard::acquire() else { return Ok(()) };
                let callback = Bound::new(py, PyCallback(callback.clone()))?;
                event_loop.bind(py).call_method1("call_soon_threadsafe", (callback,)).map(drop)
            })
            .is_some_and(|called| called.is_ok()),
        }
    }
}

/// The callback as a Python object.
#[pyclass(frozen)]
struct PyCallback(Callback);

#[pymethods]
impl PyCallback {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        catch_panics(py, || (self.0)(py))
    }
}

#[cfg(unix)]
mod socket {
    use super::{Callback, catch_panics};
    use egito::binding::OwnedFile;
    use pyo3::exceptions::PyNotImplementedError;
    use pyo3::prelude::*;
    use std::fs::File;
    use std::io::{Read, Result, Write};
    use std::os::fd::{AsRawFd, OwnedFd};
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;

    /// A pair of connected sockets. The loop reads one of them until the other one is closed.
    pub(crate) struct SocketWaker {
        sender: OwnedFile,
        /// Kept open here, too: writing to a socket whose peer is closed can kill the program.
        receiver: Arc<OwnedFile>,
    }

    impl SocketWaker {
        /// Returns `None` if the loop does not implement `add_reader`.
        pub(super) fn register(event_loop: &Bound<'_, PyAny>, callback: &Callback) -> PyResult<Option<Self>> {
            let (sender, receiver) = UnixStream::pair()?;
            let (sender, receiver) = (nonblocking(sender)?, nonblocking(receiver)?);
            let Some(number) = receiver.get().map(AsRawFd::as_raw_fd) else { return Ok(None) };
            let receiver = Arc::new(receiver);
            let reader = SocketReader { receiver: receiver.clone(), callback: callback.clone() };
            let reader = Bound::new(event_loop.py(), reader)?;
            match event_loop.call_method1("add_reader", (number, reader)) {
                Ok(_) => Ok(Some(Self { sender, receiver })),
                Err(error) if error.is_instance_of::<PyNotImplementedError>(event_loop.py()) => Ok(None),
                Err(error) => Err(error),
            }
        }

        pub(super) fn is_open(&self) -> bool {
            self.sender.get().is_some() && self.receiver.get().is_some()
        }

        pub(super) fn notify(&self) {
            // The buffer has at most one byte. If it were full, the loop would wake anyway.
            drop(self.sender.get().map(|mut sender| sender.write(&[0])));
        }
    }

    fn nonblocking(socket: UnixStream) -> Result<OwnedFile> {
        socket.set_nonblocking(true)?;
        OwnedFile::new(File::from(OwnedFd::from(socket)))
    }

    /// The reader that the loop calls. It does not refer to the loop: the cycle would keep both alive.
    #[pyclass(frozen)]
    struct SocketReader {
        receiver: Arc<OwnedFile>,
        callback: Callback,
    }

    #[pymethods]
    impl SocketReader {
        fn __call__(&self, py: Python<'_>) -> PyResult<()> {
            catch_panics(py, || {
                let Some(mut receiver) = self.receiver.get() else { return Ok(()) };
                if receiver.read(&mut [0; 64]).is_ok_and(|bytes| bytes == 0) {
                    let event_loop = py.import("asyncio")?.call_method0("get_running_loop")?;
                    event_loop.call_method1("remove_reader", (receiver.as_raw_fd(),))?;
                }
                (self.callback)(py)
            })
        }
    }
}

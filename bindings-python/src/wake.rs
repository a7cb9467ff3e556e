//! How the event loop is woken: by a byte in a socket, which needs no interpreter, or by `call_soon_threadsafe`.
//!
//! A thread that asks for the interpreter only to wake the loop waits for as long as the loop's thread is busy, and does
//! nothing for other calls meanwhile.

use crate::ending::inside;
use crate::errors::contained;
use pyo3::prelude::*;
use std::sync::Arc;

/// What the event loop calls on its own thread once it is awake.
pub(crate) type Callback = Arc<dyn Fn(Python<'_>) -> PyResult<()> + Send + Sync>;

/// Wakes one event loop, which then calls a function.
pub(crate) enum Waker {
    #[cfg(unix)]
    Bell(socket::Bell),
    /// For loops that watch no sockets, such as that of Windows.
    Call { event_loop: Py<PyAny>, callback: Callback },
}

impl Waker {
    pub(crate) fn new(event_loop: &Bound<'_, PyAny>, callback: Callback) -> PyResult<Self> {
        #[cfg(unix)]
        if let Some(bell) = socket::Bell::in_loop(event_loop, &callback)? {
            return Ok(Self::Bell(bell));
        }
        Ok(Self::Call { event_loop: event_loop.clone().unbind(), callback })
    }

    /// False where it is known that the loop is closed.
    pub(crate) fn wake(&self) -> bool {
        match self {
            #[cfg(unix)]
            Self::Bell(bell) => {
                bell.ring();
                true
            }
            Self::Call { event_loop, callback } => Python::try_attach(|py| {
                let Some(_inside) = inside() else { return Ok(()) };
                let woken = Bound::new(py, Woken(callback.clone()))?;
                event_loop.bind(py).call_method1("call_soon_threadsafe", (woken,)).map(drop)
            })
            .is_some_and(|called| called.is_ok()),
        }
    }
}

/// The callback as Python calls it.
#[pyclass(frozen)]
struct Woken(Callback);

#[pymethods]
impl Woken {
    fn __call__(&self, py: Python<'_>) -> PyResult<()> {
        contained(py, || (self.0)(py))
    }
}

#[cfg(unix)]
mod socket {
    use super::{Callback, contained};
    use pyo3::exceptions::PyNotImplementedError;
    use pyo3::prelude::*;
    use std::io::{Read, Write};
    use std::os::fd::AsRawFd;
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;

    /// A pair of sockets. The loop watches the far end until the near one is closed.
    pub(crate) struct Bell {
        near: UnixStream,
        /// Kept open here as well: writing to a socket without another end can kill the program.
        _far: Arc<UnixStream>,
    }

    impl Bell {
        /// None: this loop watches no sockets.
        pub(super) fn in_loop(event_loop: &Bound<'_, PyAny>, callback: &Callback) -> PyResult<Option<Self>> {
            let (near, far) = UnixStream::pair()?;
            near.set_nonblocking(true)?;
            far.set_nonblocking(true)?;
            let far = Arc::new(far);
            let listener = Bound::new(event_loop.py(), Listener { far: far.clone(), callback: callback.clone() })?;
            match event_loop.call_method1("add_reader", (far.as_raw_fd(), listener)) {
                Ok(_) => Ok(Some(Self { near, _far: far })),
                Err(error) if error.is_instance_of::<PyNotImplementedError>(event_loop.py()) => Ok(None),
                Err(error) => Err(error),
            }
        }

        pub(super) fn ring(&self) {
            // There is at most one byte under way; were there no room, the loop would be awake anyhow.
            drop((&self.near).write(&[0]));
        }
    }

    /// What the loop calls when the bell rings. It holds no loop: that would keep both for ever.
    #[pyclass(frozen)]
    struct Listener {
        far: Arc<UnixStream>,
        callback: Callback,
    }

    #[pymethods]
    impl Listener {
        fn __call__(&self, py: Python<'_>) -> PyResult<()> {
            contained(py, || {
                if (&*self.far).read(&mut [0; 64]).is_ok_and(|bytes| bytes == 0) {
                    let event_loop = py.import("asyncio")?.call_method0("get_running_loop")?;
                    event_loop.call_method1("remove_reader", (self.far.as_raw_fd(),))?;
                }
                (self.callback)(py)
            })
        }
    }
}

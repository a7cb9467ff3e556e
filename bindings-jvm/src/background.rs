//! The runtime of calls that no thread waits for, and of bulks and outboxes.

use crate::error::NativeResult;
use egito::binding::background_runtime;
use egito::{Code, Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, OnceLock, PoisonError};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Returns the runtime, which is started once. Error `connection`: the system has no free thread or file descriptor.
pub fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    static STARTING: Mutex<()> = Mutex::new(());
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    if RUNTIME.get().is_none() {
        let started = background_runtime();
        let runtime = started.map_err(|error| {
            egito::binding::error(Code::Connection, format!("cannot start the thread of the SDK: {error}"))
        })?;
        let _ = RUNTIME.set(runtime); // the lock makes this the first one
    }
    Ok(RUNTIME.get().expect("it was set"))
}

/// Runs a call on the runtime. Dropping the future cancels the call, and closes its request. A panic becomes an error.
pub async fn spawn<T, F>(call: F) -> NativeResult<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let mut task = AbortOnDrop(runtime()?.spawn(call));
    Ok(flatten((&mut task.0).await)?)
}

/// Runs a call on the runtime, and waits for it on this thread. A panic becomes an error.
///
/// Error `config`: this is the runtime's own thread, which would wait for itself.
pub fn wait<T, F>(call: F) -> NativeResult<T>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let runtime = runtime()?;
    if tokio::runtime::Handle::try_current().is_ok() {
        let message = "cannot make a blocking call in a callback of the SDK; make it on another thread";
        return Err(Error::config("client", message).into());
    }
    let waited = catch_unwind(AssertUnwindSafe(|| runtime.block_on(call)));
    Ok(waited.unwrap_or_else(|panic| Err(Error::from_panic(&*panic)))?)
}

fn flatten<T>(joined: std::result::Result<Result<T>, tokio::task::JoinError>) -> Result<T> {
    joined.unwrap_or_else(|failed| match failed.try_into_panic() {
        Ok(panic) => Err(Error::from_panic(&*panic)),
        Err(_) => Err(Error::cancelled()),
    })
}

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

//! A call that goes on only while its caller waits for it, so that the caller can wait in slices.

use super::runtime_pool::{BorrowedRuntime, RuntimePool, check_thread};
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::error::{Error, Result};
use std::pin::Pin;
use std::time::Duration;

/// A call of a blocking client that was begun. Dropping it closes its request, and nobody learns its outcome.
///
/// ```
/// # egito_test_support::run_blocking(|client| {
/// use egito::binding::{PendingCall, begin_call};
///
/// let mut call: PendingCall<egito::Record> = begin_call(&client, |client| async move { client.accounts().get(1).await })?;
/// while call.wait_for(std::time::Duration::from_millis(50)).is_none() {
///     println!("still waiting");
/// }
/// # Ok(()) });
/// ```
pub struct PendingCall<T> {
    /// `None` once it has ended.
    running: Option<Running<T>>,
    cancellation: CancellationToken,
}

struct Running<T> {
    /// Dropped before its runtime.
    call: Pin<Box<dyn Future<Output = Result<T>> + Send>>,
    runtime: BorrowedRuntime,
}

impl<T> PendingCall<T> {
    pub(super) fn begin<F>(runtimes: &RuntimePool, call: impl FnOnce(Client) -> F) -> Result<Self>
    where
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let (runtime, client) = runtimes.borrow()?;
        let cancellation = CancellationToken::default();
        let call = Box::pin(call(client.with_cancellation(&cancellation)));
        Ok(Self { running: Some(Running { call, runtime }), cancellation })
    }

    /// Waits on this thread, at most for so long. Returns `None` if the call has not ended by then, and once its result was given.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut call = egito::binding::begin_call(&client, |client| async move { client.accounts().get(1).await })?;
    /// let account = loop {
    ///     if let Some(result) = call.wait_for(std::time::Duration::from_millis(50)) {
    ///         break result?;
    ///     }
    /// };
    /// # Ok(()) });
    /// ```
    pub fn wait_for(&mut self, most: Duration) -> Option<Result<T>> {
        self.run(Some(most))
    }

    /// Waits for the call's end.
    pub(super) fn wait(&mut self) -> Result<T> {
        self.run(None).unwrap_or_else(|| Err(Error::cancelled()))
    }

    /// Cancels the call and returns what became of it: the error `cancelled` or `outcome_unknown`, or its result if it had ended.
    ///
    /// ```
    /// # egito_test_support::run_blocking(|client| {
    /// let mut call = egito::binding::begin_call(&client, |client| async move { client.accounts().get(1).await })?;
    /// assert!(call.cancel().unwrap_err().is_cancelled());
    /// # Ok(()) });
    /// ```
    pub fn cancel(&mut self) -> Result<T> {
        self.cancellation.cancel();
        self.wait()
    }

    fn run(&mut self, most: Option<Duration>) -> Option<Result<T>> {
        if let Err(error) = check_thread() {
            return Some(Err(error));
        }
        if let Err(error) = self.check() {
            self.forget();
            return Some(Err(error));
        }
        let Running { mut call, mut runtime } = self.running.take()?;
        let waited = runtime.block_on(async {
            match most {
                None => Some(call.as_mut().await),
                Some(most) => tokio::time::timeout(most, call.as_mut()).await.ok(),
            }
        });
        match waited {
            Ok(None) => {
                self.running = Some(Running { call, runtime });
                None
            }
            Ok(Some(result)) => {
                runtime.give_back(&result);
                Some(result)
            }
            Err(panic) => {
                std::mem::forget(call); // it belongs to the runtime, which is in an unknown state
                Some(Err(panic))
            }
        }
    }

    fn check(&self) -> Result<()> {
        self.running.as_ref().map_or(Ok(()), |running| running.runtime.check())
    }

    /// Leaves sockets and files alone that belong to the parent process or to the program.
    fn forget(&mut self) {
        if let Some(Running { call, runtime }) = self.running.take() {
            std::mem::forget(call);
            drop(runtime);
        }
    }
}

impl<T> Drop for PendingCall<T> {
    fn drop(&mut self) {
        if self.check().is_err() {
            self.forget();
        }
    }
}

impl<T> std::fmt::Debug for PendingCall<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PendingCall").finish_non_exhaustive()
    }
}

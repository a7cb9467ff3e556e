//! A call that runs only while its caller waits for it, so that the caller can wait in short intervals.

use super::runtime_pool::{BorrowedRuntime, RuntimePool, check_thread};
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::error::{Error, Result};
use std::pin::Pin;
use std::time::Duration;

/// A call of a blocking client that was begun. Dropping it closes its request, and its outcome stays unknown.
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
    /// `None` once the call has ended.
    running: Option<Running<T>>,
    /// Whether the runtime was borrowed just now, which has checked it.
    is_checked: bool,
    cancellation: CancellationToken,
}

struct Running<T> {
    /// Declared before the runtime, so that it is dropped first.
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
        Ok(Self { running: Some(Running { call, runtime }), is_checked: true, cancellation })
    }

    /// Waits on this thread for at most `max_wait`. Returns `None` if the call has not ended by then, or if its result was already
    /// returned. The first wait follows the begin at once, in the same process.
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
    pub fn wait_for(&mut self, max_wait: Duration) -> Option<Result<T>> {
        self.run(Some(max_wait))
    }

    /// Waits until the call ends.
    pub(super) fn wait(&mut self) -> Result<T> {
        self.run(None).unwrap_or_else(|| Err(Error::cancelled()))
    }

    /// Cancels the call and returns its result: the error `cancelled` or `outcome_unknown`, unless it had already ended.
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

    fn run(&mut self, max_wait: Option<Duration>) -> Option<Result<T>> {
        if let Err(error) = check_thread() {
            return Some(Err(error));
        }
        let is_checked = std::mem::take(&mut self.is_checked);
        if let Some(error) = (!is_checked).then(|| self.check().err()).flatten() {
            self.forget();
            return Some(Err(error));
        }
        let Running { mut call, mut runtime } = self.running.take()?;
        let waited = runtime.block_on(async {
            match max_wait {
                None => Some(call.as_mut().await),
                Some(max_wait) => wait_for(call.as_mut(), max_wait).await,
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
                std::mem::forget(call); // its runtime is in an unknown state
                Some(Err(panic))
            }
        }
    }

    fn check(&self) -> Result<()> {
        self.running.as_ref().map_or(Ok(()), |running| running.runtime.check())
    }

    /// Leaks the call, since its file descriptors belong to the parent process or to the program.
    fn forget(&mut self) {
        if let Some(Running { call, runtime }) = self.running.take() {
            std::mem::forget(call);
            drop(runtime);
        }
    }
}

/// Waits for at most `max_wait`.
///
/// tokio wakes a future that yields only when the runtime polls its sockets next. If `block_on` ended before that, the wake-up would be
/// lost, and calls that run side by side (such as those of a delivery) would wait forever.
async fn wait_for<T>(call: Pin<&mut (impl Future<Output = T> + ?Sized)>, max_wait: Duration) -> Option<T> {
    let result = tokio::time::timeout(max_wait, call).await.ok();
    if result.is_none() {
        tokio::task::yield_now().await;
    }
    result
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

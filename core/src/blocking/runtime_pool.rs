//! Runs calls on the caller's thread. Each call borrows a small runtime with its own connections, and returns it.
//!
//! No thread is started, except to read a list ahead (`read_ahead`) and to run a bulk (`worker`). So a program can
//! fork, load the library at any time, and exit at any time. A forked child starts with a client and connections of its own.

use super::call_slots::{CallSlots, POLL_INTERVAL};
use super::fork::check_process;
use crate::call::Engine;
use crate::cancellation::CancellationToken;
use crate::client::Client;
use crate::descriptors::DescriptorCheck;
use crate::driver_thread;
use crate::error::{Code, Error, Outcome, Result};
use crate::per_process::PerProcess;
use crate::signals::{PendingSigpipe, SigpipeBlock};
use crate::transport::{Transport, max_wait};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// How long an idle runtime is kept. Its connections are closed earlier.
const IDLE_TTL: Duration = Duration::from_secs(10);

/// Maximum number of idle runtimes, since each has its own file descriptors.
const MAX_IDLE: usize = 8;

/// Returns whether the caller wants to stop waiting, for example because Ctrl-C was pressed.
pub(super) type Interrupted = Arc<dyn Fn() -> bool + Send + Sync>;

/// A client with the runtimes for its calls.
pub(super) struct RuntimePool {
    client: Client,
    pool: Arc<PerProcess<Arc<ProcessPool>>>,
    interrupted: Option<Interrupted>,
}

/// The runtimes of one process, each with its own connections.
struct ProcessPool {
    process: u32,
    engine: Engine,
    /// The last one used is borrowed first, since its connections are still open.
    idle: Mutex<Vec<PooledRuntime>>,
    /// One for each runtime in use, at most `max_concurrency`. More runtimes would only wait, each with its descriptors.
    slots: CallSlots,
}

/// A runtime with its own connections, idle in the pool or borrowed by a call.
struct PooledRuntime {
    runtime: Runtime,
    connections: Transport,
    pending_sigpipe: PendingSigpipe,
    descriptors: Arc<DescriptorCheck>,
    idle_since: Instant,
}

impl RuntimePool {
    pub(super) fn new(client: Client, interrupted: Option<Interrupted>) -> Self {
        let pool = Arc::new(PerProcess::new(ProcessPool::new(client.engine().clone())));
        Self { client, pool, interrupted }
    }

    /// Returns the same runtimes for the calls of a client with another context.
    pub(super) fn with_client(&self, client: Client) -> Self {
        Self { client, pool: self.pool.clone(), interrupted: self.interrupted.clone() }
    }

    /// Returns the client, for operations that need no runtime.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn interrupted(&self) -> Option<&Interrupted> {
        self.interrupted.as_ref()
    }

    /// Makes later calls fail, closes idle connections, and waits for the calls in flight, see [`Engine::close`].
    pub(super) fn close(&self) {
        drop(self.client.close()); // so that a child that is forked later has a closed client
        let Ok(pool) = self.process_pool() else { return };
        let closing = pool.engine.close();
        pool.shut_down_idle();
        // An event hook that closes the client runs inside a call, which cannot end before it does.
        if check_thread().is_err() || pool.engine.is_idle() {
            return;
        }
        let Ok(runtime) = current_thread().build() else { return };
        runtime.block_on(async {
            let mut closing = std::pin::pin!(closing);
            if let Some(interrupted) = &self.interrupted {
                tokio::select! {
                    biased;
                    () = &mut closing => return,
                    () = until(interrupted) => pool.engine.cancel_calls(),
                }
            }
            closing.await;
        });
    }

    /// Runs one call.
    pub(super) fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(Client) -> F) -> Result<T> {
        let (mut runtime, client) = self.borrow()?;
        let result = runtime.block_on(self.until_interrupted(client, call)).and_then(|result| result);
        runtime.give_back(&result);
        result
    }

    /// Borrows a runtime, and a client whose connections live in it. Waits while `max_concurrency` of them are in use.
    pub(super) fn borrow(&self) -> Result<(BorrowedRuntime, Client)> {
        check_thread()?;
        let pool = self.process_pool()?;
        let (slot, waited) = pool.slots.acquire(|waited| self.check_wait(waited))?;
        let pooled = pool.take()?;
        slot.forget(); // the borrowed runtime frees it
        let client = self.client_on(pool, &pooled.connections, waited);
        Ok((BorrowedRuntime { pool: pool.clone(), pooled: Some(pooled) }, client))
    }

    /// Creates a runtime with its own connections, outside the pool, for a thread of the library.
    pub(super) fn new_background_runtime(&self) -> Result<(Runtime, Client, Arc<DescriptorCheck>)> {
        let pool = self.process_pool()?;
        let created = driver_thread::new_runtime(&mut current_thread());
        let (runtime, descriptors) = created.map_err(|error| out_of_resources(&error))?;
        let connections = pool.engine.new_connections(&descriptors)?;
        Ok((runtime, self.client_on(pool, &connections, Duration::ZERO), descriptors))
    }

    /// Returns the client for a call on these connections, which has already waited this long.
    fn client_on(&self, pool: &ProcessPool, connections: &Transport, waited: Duration) -> Client {
        let context = self.client.engine().context().after(waited);
        Client::from_engine(pool.engine.with_connections(connections, context))
    }

    /// Fails once a caller that waits for a slot is cancelled, interrupted or timed out.
    fn check_wait(&self, waited: Duration) -> Result<()> {
        let context = self.client.engine().context();
        if context.is_cancelled() || self.interrupted.as_ref().is_some_and(|interrupted| interrupted()) {
            return Err(Error::cancelled().with(|d| d.outcome = Some(Outcome::NotSent)));
        }
        if waited < max_wait(context.timeout()) {
            return Ok(());
        }
        let message = "timed out waiting for one of the `max_concurrency` calls in flight to end; raise `timeout` or `max_concurrency`";
        Err(Error::timed_out("timeout", Outcome::NotSent, message))
    }

    fn process_pool(&self) -> Result<&Arc<ProcessPool>> {
        self.pool.get(|parent| parent.engine.recreate().map(ProcessPool::new))
    }

    /// Runs the call, and cancels it once the caller is interrupted, so that its error says what is known about the outcome.
    ///
    /// The call is boxed, since the caller's thread may have a small stack.
    async fn until_interrupted<T, F>(&self, client: Client, call: impl FnOnce(Client) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let Some(interrupted) = &self.interrupted else { return Box::pin(call(client)).await };
        let cancellation = CancellationToken::default();
        cancel_when(interrupted, &cancellation, Box::pin(call(client.with_cancellation(&cancellation)))).await
    }
}

/// A runtime that one call uses. Dropping it closes the request in flight.
pub(super) struct BorrowedRuntime {
    pool: Arc<ProcessPool>,
    /// `None` after a panic, and once it was returned.
    pooled: Option<PooledRuntime>,
}

impl BorrowedRuntime {
    /// Runs the future on the caller's thread. A panic becomes the error `internal`.
    pub(super) fn block_on<T>(&mut self, future: impl Future<Output = T>) -> Result<T> {
        let Some(pooled) = &self.pooled else { return Err(Error::from_panic(&"the runtime of this call was lost")) };
        let sigpipe_block = SigpipeBlock::new(&pooled.pending_sigpipe);
        let result = catch_unwind(AssertUnwindSafe(|| pooled.runtime.block_on(future)));
        sigpipe_block.end(result.is_ok().then_some(&pooled.pending_sigpipe)); // after a panic, it may be closed
        result.map_err(|panic| {
            // If other code closed its descriptors, dropping it would panic again.
            std::mem::forget(self.pooled.take());
            Error::from_panic(&*panic).with(|d| d.outcome = Some(Outcome::Unknown))
        })
    }

    /// Fails in a forked child, where the sockets are the parent's, and if the program closed the sockets.
    pub(super) fn check(&self) -> Result<()> {
        check_process(self.pool.process, "call")?;
        self.pooled.as_ref().map_or(Ok(()), |pooled| pooled.descriptors.check("call"))
    }

    /// Returns the runtime to the pool, unless its request may still be in flight.
    pub(super) fn give_back<T>(mut self, result: &Result<T>) {
        if result.as_ref().is_err_and(|error| may_leave_request_open(error.code())) {
            return;
        }
        if let Some(pooled) = self.pooled.take() {
            self.pool.put(PooledRuntime { idle_since: Instant::now(), ..pooled });
        }
    }
}

impl Drop for BorrowedRuntime {
    fn drop(&mut self) {
        // A call that has given it back was in this process: only another one can be in a forked child.
        if let Some(pooled) = self.pooled.take() {
            if self.pool.process != std::process::id() {
                return std::mem::forget(pooled);
            }
            shut_down([pooled]);
        }
        self.pool.slots.release();
    }
}

/// Waits until `interrupted` returns true.
pub(super) async fn until(interrupted: &Interrupted) {
    loop {
        tokio::time::sleep(POLL_INTERVAL).await;
        if interrupted() {
            return;
        }
    }
}

/// Waits for the future, and cancels `cancellation` once `interrupted` returns true.
async fn cancel_when<T>(
    interrupted: &Interrupted,
    cancellation: &CancellationToken,
    future: impl Future<Output = T>,
) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        tokio::select! {
            biased;
            result = &mut future => return result,
            () = tokio::time::sleep(POLL_INTERVAL) => if interrupted() { cancellation.cancel() },
        }
    }
}

impl ProcessPool {
    fn new(engine: Engine) -> Arc<Self> {
        let slots = CallSlots::new(engine.settings().max_concurrency as usize);
        Arc::new(Self { process: std::process::id(), engine, idle: Mutex::default(), slots })
    }

    fn take(&self) -> Result<PooledRuntime> {
        while let Some(idle) = self.pop() {
            if idle.descriptors.are_open() {
                return Ok(idle);
            }
            std::mem::forget(idle);
        }
        let runtime = current_thread().build().map_err(|error| out_of_resources(&error))?;
        let pending_sigpipe = PendingSigpipe::new(); // before the check, which covers it
        let descriptors = Arc::new(DescriptorCheck::new().map_err(|error| out_of_resources(&error))?);
        let connections = self.engine.new_connections(&descriptors)?;
        Ok(PooledRuntime { runtime, connections, pending_sigpipe, descriptors, idle_since: Instant::now() })
    }

    fn pop(&self) -> Option<PooledRuntime> {
        self.lock().pop()
    }

    /// Keeps a runtime for the next call. Shuts down runtimes that expired or exceed the maximum.
    fn put(&self, idle: PooledRuntime) {
        let mut all = self.lock();
        if !self.engine.is_closed() {
            all.push(idle);
        }
        // If callers wait for a slot, one of them takes this runtime at once.
        let max_idle = if self.slots.all_taken() { usize::MAX } else { MAX_IDLE };
        let surplus = all.len().saturating_sub(max_idle);
        let expired = all.iter().take_while(|idle| idle.idle_since.elapsed() >= IDLE_TTL).count();
        let removed: Vec<_> = all.drain(..surplus.max(expired)).collect();
        drop(all);
        shut_down(removed);
    }

    fn shut_down_idle(&self) {
        let all = std::mem::take(&mut *self.lock());
        shut_down(all);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PooledRuntime>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shuts the runtimes down in the background, since a client may be dropped anywhere, for example by a garbage collector inside an
/// async runtime.
impl Drop for ProcessPool {
    fn drop(&mut self) {
        self.shut_down_idle();
    }
}

/// Returns the builder of a runtime that runs on the calling thread.
fn current_thread() -> Builder {
    let mut builder = Builder::new_current_thread();
    builder.enable_io().enable_time();
    builder
}

/// Checks that this thread can wait for a call. One that drives async tasks must not, and one that is ending cannot.
pub(super) fn check_thread() -> Result<()> {
    let message = match tokio::runtime::Handle::try_current() {
        Err(error) if error.is_missing_context() => return Ok(()),
        Err(_) => {
            "cannot make a call while its thread ends, for example in a destructor that runs at exit; make it earlier"
        }
        Ok(_) => {
            "cannot make a blocking call on a thread of an async runtime (in Rust also in `spawn_blocking`), or in a listener of events; make it on another thread, or use the async client"
        }
    };
    Err(Error::config("client", message))
}

fn shut_down(runtimes: impl IntoIterator<Item = PooledRuntime>) {
    for pooled in runtimes {
        if pooled.descriptors.are_open() {
            pooled.runtime.shutdown_background();
        } else {
            std::mem::forget(pooled);
        }
    }
}

/// Returns the error for a system without free file descriptors or threads.
pub(super) fn out_of_resources(error: &std::io::Error) -> Error {
    let message = format!("cannot connect: the system has no free file descriptors or threads: {error}");
    Error::new(Code::Connection, message).with(|d| d.outcome = Some(Outcome::NotSent)).caused_by(error)
}

/// Returns whether a request may still be in flight after this error, or the rest of a response that is too large.
fn may_leave_request_open(code: Code) -> bool {
    use Code::{Cancelled, Connection, Internal, OutcomeUnknown, Timeout, UnexpectedResponse};
    matches!(code, Cancelled | Connection | Internal | OutcomeUnknown | Timeout | UnexpectedResponse)
}

impl std::fmt::Debug for RuntimePool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuntimePool").finish_non_exhaustive()
    }
}

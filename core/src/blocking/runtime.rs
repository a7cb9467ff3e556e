//! Runs calls on the caller's own thread: a small runtime with its own connections is borrowed, and given back.
//!
//! No thread is started for that (a list that is read ahead has one, see `read_ahead`, and a bulk that is read, see `Worker`), so
//! programs that fork, load the library late or end early are safe. A forked child begins with a client and connections of its
//! own.

use super::places::Places;
use crate::cancel::Cancel;
use crate::client::Client;
use crate::error::{Code, Error, Outcome, Result};
use crate::per_process::PerProcess;
use crate::transport::longest_wait;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, EnterGuard, Runtime};

/// How often a waiting call looks whether its caller was interrupted.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// How long an idle runtime is kept: its connections are closed before.
const KEPT: Duration = Duration::from_secs(10);

/// How many are kept idle: each has descriptors of its own.
const MOST_IDLE: usize = 8;

/// How long the end of a bulk waits for its thread.
const MOMENT: Duration = Duration::from_millis(100);

/// Says whether the caller wants to stop waiting, e.g. because Ctrl-C was pressed.
pub(super) type Interrupted = Arc<dyn Fn() -> bool + Send + Sync>;

/// What calls run on.
pub(super) struct Runtimes {
    client: Client,
    here: Arc<PerProcess<Here>>,
    interrupted: Option<Interrupted>,
    /// What ends all calls that are made through this, if anything does.
    cancel: Option<Cancel>,
}

/// The runtimes of one process, each with its own connections.
struct Here {
    client: Client,
    /// The last one used is the first one taken, since its connections are warm.
    idle: Mutex<Vec<Idle>>,
    /// One for each runtime in use: more than `max_concurrency` would but wait for their turn, with all their descriptors.
    places: Places,
}

/// A runtime, and the client whose connections live in it.
struct Idle {
    runtime: Runtime,
    client: Client,
    since: Instant,
}

impl Runtimes {
    pub(super) fn new(client: Client, interrupted: Option<Interrupted>) -> Self {
        let here = Arc::new(PerProcess::new(Here::new(client.clone())));
        Self { here, client, interrupted, cancel: None }
    }

    /// The same runtimes, for calls that end once `cancel` says so.
    pub(super) fn cancelled_by(&self, cancel: &Cancel) -> Self {
        let (here, interrupted) = (self.here.clone(), self.interrupted.clone());
        Self { here, client: self.client.clone(), interrupted, cancel: Some(cancel.within(self.cancel.as_ref())) }
    }

    /// The same runtimes, for calls that go by other settings.
    pub(super) fn with_options(&self, json: &[u8]) -> Result<Self> {
        let (here, interrupted) = (self.here.clone(), self.interrupted.clone());
        Ok(Self { here, client: self.client.with_options(json)?, interrupted, cancel: self.cancel.clone() })
    }

    /// Whether all calls that are made through this have been ended for good.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    /// The client, for what needs no runtime.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Later calls fail, and idle connections are closed.
    pub(super) fn close(&self) {
        self.client.close();
        if let Ok(here) = self.here() {
            here.client.close();
            for idle in std::mem::take(&mut *here.lock()) {
                idle.runtime.shutdown_background();
            }
        }
    }

    /// Runs one call to its end.
    pub(super) fn run<T, F: Future<Output = Result<T>>>(&self, call: impl FnOnce(Client) -> F) -> Result<T> {
        check_thread()?;
        let here = self.here()?;
        let (_place, waited) = here.places.take(|waited| self.may_wait_on(waited))?;
        let Idle { runtime, client, .. } = here.take()?;
        let to_use = self.within(client.with_options_of(&self.client), waited);
        let work = AssertUnwindSafe(|| runtime.block_on(self.until_interrupted(&to_use, call)));
        let result = match catch_unwind(work) {
            Ok(result) => result,
            Err(panic) => {
                // Its descriptors were closed by somebody else, say: it would panic again while it is dropped.
                std::mem::forget((runtime, client, to_use));
                return Err(Error::from_panic(&*panic).with(|d| d.outcome = Some(Outcome::Unknown)));
            }
        };
        if result.as_ref().is_err_and(|error| left_open(error.code())) {
            runtime.shutdown_background(); // closes the request that nobody waits for
        } else {
            here.put(Idle { runtime, client, since: Instant::now() });
        }
        result
    }

    /// Whether a caller who has waited so long for a place goes on.
    fn may_wait_on(&self, waited: Duration) -> Result<()> {
        if self.is_cancelled() || self.interrupted.as_ref().is_some_and(|interrupted| interrupted()) {
            return Err(Error::cancelled().with(|d| d.outcome = Some(Outcome::NotSent)));
        }
        if waited < longest_wait(self.client.settings().timeout) {
            return Ok(());
        }
        let message =
            "all calls that the setting `max_concurrency` allows took too long; the limit is the setting `timeout`";
        Err(Error::new(Code::Timeout, message).with(|d| {
            d.limit = Some("timeout");
            d.outcome = Some(Outcome::NotSent);
        }))
    }

    /// The client with what is left of its `timeout`.
    fn within(&self, client: Client, waited: Duration) -> Client {
        if waited.is_zero() {
            return client;
        }
        client.with_timeout(self.client.settings().timeout.saturating_sub(waited))
    }

    /// A runtime for one's own, with its connections. It looks at its sockets when its calls have nothing left to do.
    pub(super) fn own(&self) -> Result<(Runtime, Client)> {
        let (runtime, client) = self.here()?.new_runtime(Builder::new_current_thread().enable_io().enable_time())?;
        Ok((runtime, self.endable(&client)))
    }

    /// The client, with what ends its calls, before it has connections of its own.
    pub(super) fn endable_client(&self) -> Client {
        self.endable(&self.client)
    }

    fn endable(&self, client: &Client) -> Client {
        let client = client.with_options_of(&self.client);
        self.cancel.as_ref().map_or_else(|| client.clone(), |cancel| client.cancelled_by(cancel))
    }

    fn here(&self) -> Result<&Here> {
        self.here.get(|parent| parent.client.anew().map(Here::new))
    }

    /// The call, ended by its own `Cancel` once the caller is interrupted: so the error says what is known.
    async fn until_interrupted<T, F>(&self, client: &Client, call: impl FnOnce(Client) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let Some(interrupted) = &self.interrupted else {
            let cancel = self.cancel.as_ref();
            return call(cancel.map_or_else(|| client.clone(), |cancel| client.cancelled_by(cancel))).await;
        };
        let cancel = Cancel::default().within(self.cancel.as_ref());
        or_cancelled(&cancel, interrupted, call(client.cancelled_by(&cancel))).await
    }
}

/// The future's result; `cancel` is used once the caller is interrupted.
async fn or_cancelled<T>(cancel: &Cancel, interrupted: &Interrupted, future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    loop {
        tokio::select! {
            biased;
            result = &mut future => return result,
            () = tokio::time::sleep(LOOK) => if interrupted() { cancel.cancel() },
        }
    }
}

/// A runtime with a thread, for what goes on whatever its caller does meanwhile.
pub(super) struct Worker {
    /// Both are taken only to be ended or forgotten.
    runtime: Option<Runtime>,
    client: Option<Client>,
    interrupted: Option<Interrupted>,
    process: u32,
}

impl Worker {
    pub(super) fn start(runtimes: &Runtimes) -> Result<Self> {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(1).thread_name("egito-bulk").enable_io().enable_time();
        let (runtime, client) = runtimes.here()?.new_runtime(builder)?;
        let client = client.with_options_of(&runtimes.client);
        let (interrupted, process) = (runtimes.interrupted.clone(), std::process::id());
        Ok(Self { runtime: Some(runtime), client: Some(client), interrupted, process })
    }

    /// The client whose connections live here. Only a bulk's own `Cancel` ends its calls.
    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().expect("it is there until it is dropped")
    }

    /// What is spawned while this lives runs here.
    pub(super) fn enter(&self) -> EnterGuard<'_> {
        self.runtime().enter()
    }

    /// Waits on the caller's thread; `cancel` is used once the caller is interrupted.
    pub(super) fn wait<T>(&self, cancel: &Cancel, future: impl Future<Output = T>) -> T {
        match &self.interrupted {
            None => self.runtime().block_on(future),
            Some(interrupted) => self.runtime().block_on(or_cancelled(cancel, interrupted, future)),
        }
    }

    /// A forked child has the parent's sockets, but not its thread.
    pub(super) fn check_process(&self) -> Result<()> {
        if self.process == std::process::id() {
            return Ok(());
        }
        Err(Error::config("bulk", "this bulk was begun before a fork; begin it anew in the child"))
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is there until it is dropped")
    }
}

/// It may be dropped anywhere, also inside an async runtime. In a forked child its sockets are the parent's, which looks at them.
impl Drop for Worker {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            std::mem::forget((self.runtime.take(), self.client.take()));
        } else if let Some(runtime) = self.runtime.take() {
            if check_thread().is_ok() {
                runtime.shutdown_timeout(MOMENT); // a program that ends next leaves nothing half done
            } else {
                runtime.shutdown_background();
            }
        }
    }
}

impl Here {
    fn new(client: Client) -> Self {
        let places = Places::new(client.settings().max_concurrency as usize);
        Self { client, idle: Mutex::default(), places }
    }

    /// Keeps a runtime for the next call, and gives up those that nobody has needed for a while, or that are too many.
    fn put(&self, idle: Idle) {
        let mut all = self.lock();
        if !self.client.engine().is_closed() {
            all.push(idle);
        }
        // Somebody who waits for this one's place takes it at once.
        let most = if self.places.all_taken() { usize::MAX } else { MOST_IDLE };
        let surplus = all.len().saturating_sub(most);
        let old = all.iter().take_while(|idle| idle.since.elapsed() >= KEPT).count();
        let given_up: Vec<_> = all.drain(..surplus.max(old)).collect();
        drop(all);
        for idle in given_up {
            idle.runtime.shutdown_background();
        }
    }

    fn take(&self) -> Result<Idle> {
        let idle = self.lock().pop();
        if let Some(idle) = idle {
            return Ok(idle);
        }
        let (runtime, client) = self.new_runtime(Builder::new_current_thread().enable_io().enable_time())?;
        Ok(Idle { runtime, client, since: Instant::now() })
    }

    fn new_runtime(&self, builder: &mut Builder) -> Result<(Runtime, Client)> {
        let runtime = builder.build().map_err(|error| no_resources(&error))?;
        Ok((runtime, self.client.with_own_connections()?))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A blocking client may be dropped anywhere, by a garbage collector inside an async runtime for instance.
impl Drop for Here {
    fn drop(&mut self) {
        for idle in std::mem::take(&mut *self.lock()) {
            idle.runtime.shutdown_background();
        }
    }
}

/// A thread that drives tasks must not wait, and one that has begun to end cannot.
pub(super) fn check_thread() -> Result<()> {
    let message = match tokio::runtime::Handle::try_current() {
        Err(error) if error.is_missing_context() => return Ok(()),
        Err(_) => "no call can be made once its thread ends, e.g. in a destructor that runs at exit; make it before",
        Ok(_) => {
            "a blocking call cannot run on a thread of an async runtime (`spawn_blocking` included); use egito::Client there, or a thread of your own"
        }
    };
    Err(Error::config("client", message))
}

/// Memory, descriptors or threads that the system does not give.
fn no_resources(error: &std::io::Error) -> Error {
    let message = format!("no connection to the server: the system gives no more resources: {error}");
    Error::new(Code::Connection, message).with(|d| {
        d.outcome = Some(Outcome::NotSent);
        d.cause = Some(error.to_string());
    })
}

/// After these a request may still be under way, or an answer that is too large still come.
fn left_open(code: Code) -> bool {
    use Code::{Cancelled, Connection, Internal, OutcomeUnknown, Timeout, UnexpectedResponse};
    matches!(code, Cancelled | Connection | Internal | OutcomeUnknown | Timeout | UnexpectedResponse)
}

impl std::fmt::Debug for Runtimes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtimes").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker").finish_non_exhaustive()
    }
}

//! Runs calls on the caller's own thread: a small runtime with its own connections is borrowed, and given back.
//!
//! No thread is started here (a list that is read ahead has one, see `read_ahead`), so programs that fork, load the library late or end early are safe. A forked child begins with
//! a client and connections of its own.

use crate::cancel::Cancel;
use crate::client::Client;
use crate::error::{Code, Error, Result};
use crate::per_process::PerProcess;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};

/// How often a waiting call looks whether its caller was interrupted.
const LOOK: Duration = Duration::from_millis(50);

/// After a pause of this length the sockets are looked at before a request goes out.
const PAUSE: Duration = Duration::from_millis(1);

/// Rounds of the runtime that one look takes: the sockets, the tasks that they wake, and one for good measure.
const LOOKS: u32 = 3;

/// How long an idle runtime is kept: its connections are closed before.
const KEPT: Duration = Duration::from_secs(10);

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
        let Idle { runtime, client, .. } = here.take()?;
        let result = runtime.block_on(self.until_interrupted(&client, call));
        if result.as_ref().is_err_and(|error| left_open(error.code())) {
            runtime.shutdown_background(); // closes the request that nobody waits for
        } else {
            here.put(Idle { runtime, client, since: Instant::now() });
        }
        result
    }

    /// A runtime for one's own, with its connections. It looks at its sockets when its calls have nothing left to do.
    pub(super) fn own(&self) -> Result<(Runtime, Client)> {
        let (runtime, client) = self.here()?.new_runtime(Builder::new_current_thread().enable_all())?;
        Ok((runtime, self.endable(&client)))
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
            return call(self.endable(client)).await;
        };
        let cancel = Cancel::default().within(self.cancel.as_ref());
        or_cancelled(&cancel, interrupted, call(client.with_options_of(&self.client).cancelled_by(&cancel))).await
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

/// A runtime for what goes on from one wait to the next.
pub(super) struct OwnRuntime {
    runtime: Option<Runtime>,
    interrupted: Option<Interrupted>,
}

impl OwnRuntime {
    pub(super) fn new(runtimes: &Runtimes) -> Result<(Self, Client)> {
        check_thread()?;
        let (runtime, client) = runtimes.own()?;
        Ok((Self { runtime: Some(runtime), interrupted: runtimes.interrupted.clone() }, client))
    }

    /// Waits on the caller's thread; `cancel` is used once the caller is interrupted.
    pub(super) fn wait<T>(&self, cancel: &Cancel, future: impl Future<Output = T>) -> T {
        let runtime = self.runtime.as_ref().expect("it is there until it is dropped");
        match &self.interrupted {
            None => runtime.block_on(future),
            Some(interrupted) => runtime.block_on(or_cancelled(cancel, interrupted, future)),
        }
    }
}

/// It may be dropped anywhere, also inside an async runtime.
impl Drop for OwnRuntime {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Here {
    fn new(client: Client) -> Self {
        Self { client, idle: Mutex::default() }
    }

    /// Keeps a runtime for the next call, and gives up those that nobody has needed for a while.
    fn put(&self, idle: Idle) {
        let mut all = self.lock();
        all.retain(|idle| idle.since.elapsed() < KEPT);
        if !self.client.engine().is_closed() {
            all.push(idle);
        }
    }

    fn take(&self) -> Result<Idle> {
        let idle = self.lock().pop();
        if let Some(idle) = idle {
            idle.see_closed_connections();
            return Ok(idle);
        }
        // So that one look at the sockets is a short one.
        let (runtime, client) = self.new_runtime(Builder::new_current_thread().enable_all().event_interval(1))?;
        Ok(Idle { runtime, client, since: Instant::now() })
    }

    fn new_runtime(&self, builder: &mut Builder) -> Result<(Runtime, Client)> {
        let runtime = builder
            .build()
            .map_err(|e| Error::config("client", format!("the system gives no more resources for a runtime: {e}")))?;
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

impl Idle {
    /// Nothing runs in an idle runtime, so it has not seen which connections the server has closed meanwhile.
    fn see_closed_connections(&self) {
        if self.since.elapsed() > PAUSE {
            self.runtime.block_on(async {
                for _ in 0..LOOKS {
                    tokio::task::yield_now().await;
                }
            });
        }
    }
}

/// A thread that drives tasks must not wait.
fn check_thread() -> Result<()> {
    if tokio::runtime::Handle::try_current().is_err() {
        return Ok(());
    }
    let message = "a blocking call cannot run on a thread of an async runtime (`spawn_blocking` included); use egito::Client there, or a thread of your own";
    Err(Error::config("client", message))
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

impl std::fmt::Debug for OwnRuntime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnRuntime").finish_non_exhaustive()
    }
}

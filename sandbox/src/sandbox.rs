//! The sandbox as a value: started, asked for its address, gone when dropped.

use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread;

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::options::{Options, Settings};
use crate::seed::{self, Document, SeedError};
use crate::serve::serve;
use crate::state::State;
use crate::world::World;

/// A running sandbox. It ends when this is dropped.
///
/// ```
/// use egito_sandbox::{Options, Sandbox};
///
/// let sandbox = Sandbox::start_on_thread(Options::default())?;
/// println!("export EGITO_BASE_URL={}", sandbox.address());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    settings: Settings,
    stop: watch::Sender<bool>,
    host: Option<Host>,
}

/// Where the sandbox runs.
#[derive(Debug)]
enum Host {
    Task(JoinHandle<()>),
    Thread(thread::JoinHandle<()>),
}

impl Sandbox {
    /// Starts a sandbox on the runtime of the caller.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = egito_sandbox::Sandbox::start(egito_sandbox::Options::default()).await?;
    /// # Ok(()) }
    /// ```
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener = listener.map_err(|error| named(error.kind(), format_args!("port {}", options.port), error))?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let state = tokio::task::spawn_blocking(move || state(&options)).await.map_err(io::Error::other)??;
        let settings = settings(&state, base_url)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, Arc::new(state), stopped));
        Ok(Self { settings, stop, host: Some(Host::Task(task)) })
    }

    /// Starts a sandbox on a thread of its own, for programs that have no async runtime.
    ///
    /// ```
    /// use egito_sandbox::{Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start_on_thread(Options { records: Some(1000), ..Options::default() })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start_on_thread(options: Options) -> io::Result<Self> {
        let (report, reported) = oneshot::channel();
        let thread = thread::Builder::new().name("egito-sandbox".into()).spawn(move || host(options, report))?;
        let mut sandbox = reported.blocking_recv().map_err(io::Error::other)??;
        let _task = sandbox.host.replace(Host::Thread(thread));
        Ok(sandbox)
    }

    /// Where it listens, `http://127.0.0.1:41234`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.settings.base_url
    }

    /// What a client needs to log in.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Ends the sandbox when the requests under way are answered, a second from now at the latest.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        match self.host.take() {
            Some(Host::Task(task)) => drop(task.await),
            Some(Host::Thread(thread)) => drop(tokio::task::spawn_blocking(|| thread.join()).await),
            None => {}
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(Host::Thread(thread)) = self.host.take() {
            // A panic over there was reported over there.
            let _ = thread.join();
        }
    }
}

/// The life of the thread: a runtime that lasts as long as the sandbox.
fn host(options: Options, report: oneshot::Sender<io::Result<Sandbox>>) {
    let runtime = match runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(report.send(Err(error))),
    };
    runtime.block_on(async move {
        match Sandbox::start(options).await {
            Err(error) => drop(report.send(Err(error))),
            Ok(mut sandbox) => {
                let Some(Host::Task(task)) = sandbox.host.take() else { return };
                if report.send(Ok(sandbox)).is_ok() {
                    let _ = task.await;
                }
            }
        }
    });
}

/// The CRM as the options want it: seeded, unless its file holds data already.
fn state(options: &Options) -> io::Result<State> {
    let seed = match &options.seed {
        None => Document::built_in(),
        Some(path) => {
            let name = format!("seed {}", path.display());
            let text = std::fs::read_to_string(path).map_err(|error| named(error.kind(), &name, error))?;
            Document::from_yaml(&text).map_err(|error| named(io::ErrorKind::InvalidData, &name, error))?
        }
    };
    let mut world = World::open(options.data.as_ref()).map_err(io::Error::other)?;
    seed.set_rules(&mut world);
    let filled = world.store.at_once(|store| {
        if !store.is_seeded()? {
            seed.store(store)?;
            store.mark_seeded()?;
        }
        Ok::<_, SeedError>(seed::fill(store, "Account", options.records.unwrap_or_default().into())?)
    });
    filled.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
    Ok(State::new(world, seed))
}

/// An error that says what it is about.
fn named(kind: io::ErrorKind, subject: impl Display, error: impl Display) -> io::Error {
    io::Error::new(kind, format!("{subject}: {error}"))
}

fn settings(state: &State, base_url: String) -> io::Result<Settings> {
    let world = crate::lock::locked(&state.world);
    let client = world.people.clients.first();
    let user = world.people.users.iter().find(|user| !user.locked);
    let (Some(client), Some(user)) = (client, user) else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the seed has no client, or no user who may log in"));
    };
    Ok(Settings {
        base_url,
        client_id: client.id.clone(),
        client_secret: client.secret.clone(),
        username: user.name.clone(),
        password: user.password.clone(),
    })
}

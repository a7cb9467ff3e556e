//! Starts and stops a sandbox.

use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread;

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::crm::Crm;
use crate::options::{Options, Settings};
use crate::seed::{self, Document, SeedError};
use crate::serve::serve;
use crate::state::State;

/// A running sandbox. Dropping it stops it.
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

/// The task or thread that the sandbox runs on.
#[derive(Debug)]
enum Host {
    Task(JoinHandle<()>),
    Thread(thread::JoinHandle<()>),
}

impl Sandbox {
    /// Starts a sandbox on the caller's runtime.
    ///
    /// ```
    /// # #[tokio::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = egito_sandbox::Sandbox::start(egito_sandbox::Options::default()).await?;
    /// # Ok(()) }
    /// ```
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await;
        let listener =
            listener.map_err(|error| error_about(error.kind(), format_args!("port {}", options.port), error))?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let state = tokio::task::spawn_blocking(move || state(&options)).await.map_err(io::Error::other)??;
        let settings = settings(&state, base_url)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve(listener, Arc::new(state), stopped));
        Ok(Self { settings, stop, host: Some(Host::Task(task)) })
    }

    /// Starts a sandbox on its own thread, for programs without an async runtime.
    ///
    /// ```
    /// use egito_sandbox::{Options, Sandbox};
    ///
    /// let sandbox = Sandbox::start_on_thread(Options { records: Some(1000), ..Options::default() })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start_on_thread(options: Options) -> io::Result<Self> {
        let (report, reported) = oneshot::channel();
        let thread = thread::Builder::new().name("egito-sandbox".into()).spawn(move || run_thread(options, report))?;
        let mut sandbox = reported.blocking_recv().map_err(io::Error::other)??;
        let _task = sandbox.host.replace(Host::Thread(thread));
        Ok(sandbox)
    }

    /// Returns the address, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.settings.base_url
    }

    /// Returns the address of the page that shows and controls this sandbox in a browser.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/_sandbox/", self.settings.base_url)
    }

    /// Returns the settings of a client for this sandbox.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Stops the sandbox. Requests in flight may finish within a second.
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
            // A panic of the thread was already printed by that thread.
            let _ = thread.join();
        }
    }
}

/// Runs the thread of a sandbox, with a runtime that lasts as long as the sandbox.
fn run_thread(options: Options, report: oneshot::Sender<io::Result<Sandbox>>) {
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

/// Creates the state that the options ask for, and seeds the CRM unless its file was seeded before.
fn state(options: &Options) -> io::Result<State> {
    let seed = match &options.seed {
        None => Document::built_in(),
        Some(path) => {
            let name = format!("seed {}", path.display());
            let text = std::fs::read_to_string(path).map_err(|error| error_about(error.kind(), &name, error))?;
            Document::from_yaml(&text).map_err(|error| error_about(io::ErrorKind::InvalidData, &name, error))?
        }
    };
    let mut crm = Crm::open(options.data.as_ref()).map_err(io::Error::other)?;
    seed.set_rules(&mut crm);
    let filled = crm.store.in_transaction(|store| {
        if !store.is_seeded()? {
            seed.store(store)?;
            store.mark_seeded()?;
        }
        Ok::<_, SeedError>(seed::fill(store, "Account", options.records.unwrap_or_default().into())?)
    });
    filled.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
    Ok(State::new(crm, seed))
}

/// Returns an I/O error whose message begins with the subject.
fn error_about(kind: io::ErrorKind, subject: impl Display, error: impl Display) -> io::Error {
    io::Error::new(kind, format!("{subject}: {error}"))
}

fn settings(state: &State, base_url: String) -> io::Result<Settings> {
    Settings::new(&crate::lock::lock(&state.crm).people, base_url).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "the seed needs a client, and a user that is not locked")
    })
}

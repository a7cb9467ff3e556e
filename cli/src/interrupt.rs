//! Ctrl-C (SIGINT) and SIGTERM: the first one cancels the calls in flight, a later one ends the program at once.

use crate::exit_code::ExitCode;
use egito::CancellationToken;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long other signals belong to the first one: `timeout` signals the program and then its group, and some terminals send two.
const SAME_SIGNAL: Duration = Duration::from_secs(1);

/// Whether the user wants to end the program. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Interrupts {
    cancellation: CancellationToken,
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Exit code of the first signal; 0 before.
    code: AtomicU8,
    /// Whether nothing would be lost if the program ended now.
    idle: AtomicBool,
    received: watch::Sender<bool>,
}

impl Interrupts {
    /// Watches both signals from now on.
    pub fn new() -> Self {
        let interrupts = Self::default();
        // Without the handler, the signals end the program as usual.
        if let Ok(signals) = Signals::new([SIGINT, SIGTERM]) {
            let watched = interrupts.clone();
            thread::spawn(move || watched.watch(signals));
        }
        interrupts
    }

    /// Returns the cancellation of all calls.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.cancellation
    }

    /// Returns the exit code of the signal that has cancelled the calls; `None` if there was no signal.
    pub fn signal(&self) -> Option<ExitCode> {
        match self.state.code.load(Ordering::Acquire) {
            0 => None,
            code if code == ExitCode::Terminated as u8 => Some(ExitCode::Terminated),
            _ => Some(ExitCode::Interrupted),
        }
    }

    /// Waits for a signal.
    pub async fn wait(&self) {
        let mut received = self.state.received.subscribe();
        // The sender is part of `self`, so it is not dropped.
        let _ = received.wait_for(|&received| received).await;
    }

    /// Runs work that waits for the user. A signal ends the program at once.
    pub fn while_idle<T>(&self, work: impl FnOnce() -> T) -> T {
        self.state.idle.store(true, Ordering::Release);
        let result = work();
        self.state.idle.store(false, Ordering::Release);
        result
    }

    fn watch(&self, mut signals: Signals) {
        let mut first: Option<Instant> = None;
        for signal in signals.forever() {
            let code = if signal == SIGTERM { ExitCode::Terminated } else { ExitCode::Interrupted } as u8;
            let is_second = first.is_some_and(|first| first.elapsed() > SAME_SIGNAL);
            if first.is_none() || is_second {
                self.state.code.store(code, Ordering::Release);
                self.cancellation.cancel();
                self.state.received.send_replace(true);
            }
            first.get_or_insert_with(Instant::now);
            if is_second || self.state.idle.load(Ordering::Acquire) {
                std::process::exit(code.into());
            }
        }
    }
}

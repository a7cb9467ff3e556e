//! Waits for the end of the program: SIGTERM, SIGINT, or the end of the parent process.
//!
//! The parent is polled by its process id. The end of stdin would be quicker, but test runners pass a terminal, a file or
//! /dev/null as stdin, whose end says nothing about the parent.

use std::io;
use std::os::unix::process::parent_id;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio::sync::oneshot;
use tokio::time::interval;

const POLL_INTERVAL: Duration = Duration::from_millis(200);

pub(crate) struct ShutdownSignal {
    signalled: oneshot::Receiver<()>,
    /// The process id of the parent to end with.
    parent: Option<u32>,
}

impl ShutdownSignal {
    /// Watches from now on. Create it before the program prints its address.
    pub fn new(parent: Option<u32>) -> io::Result<Self> {
        let mut signals = Signals::new([SIGTERM, SIGINT])?;
        let (signal, signalled) = oneshot::channel();
        thread::spawn(move || {
            signals.forever().next();
            // Sending fails only if the program is already ending.
            let _ = signal.send(());
        });
        Ok(Self { signalled, parent })
    }

    pub async fn wait(self) {
        tokio::select! {
            _ = self.signalled => {}
            () = parent_gone(self.parent) => {}
        }
    }
}

async fn parent_gone(parent: Option<u32>) {
    let Some(parent) = parent else { return std::future::pending().await };
    let mut ticks = interval(POLL_INTERVAL);
    // The system gives an orphan another parent at once.
    while parent_id() == parent {
        ticks.tick().await;
    }
}

//! When the program ends: on SIGTERM, on SIGINT, or with its parent.
//!
//! The parent is watched by its process id. The end of stdin would come sooner, but says nothing where stdin is a
//! terminal, a file or /dev/null, and a test runner hands out all of these.

use std::io;
use std::os::unix::process::parent_id;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::interval;

const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(crate) struct Lifetime {
    terminate: Signal,
    interrupt: Signal,
    /// The parent to end with, as it was at the start.
    parent: Option<u32>,
}

impl Lifetime {
    /// Watches from now on; make it before anybody can know of the program.
    pub fn new(exit_with_parent: bool) -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            parent: exit_with_parent.then(parent_id),
        })
    }

    pub async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = parent_gone(self.parent) => {}
        }
    }
}

async fn parent_gone(parent: Option<u32>) {
    let Some(parent) = parent else { return std::future::pending().await };
    let mut ticks = interval(LOOK_EVERY);
    // An orphan gets another parent at once.
    while parent_id() == parent {
        ticks.tick().await;
    }
}

//! When the program ends: on SIGTERM, on SIGINT, or with its parent.
//!
//! The parent is watched by its process id. The end of stdin would come sooner, but says nothing where stdin is a
//! terminal, a file or /dev/null, and a test runner hands out all of these.

use std::io;
use std::os::unix::process::parent_id;
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tokio::sync::oneshot;
use tokio::time::interval;

const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(crate) struct Lifetime {
    signalled: oneshot::Receiver<()>,
    /// The parent to end with, as it was at the start.
    parent: Option<u32>,
}

impl Lifetime {
    /// Watches from now on; make it before anybody can know of the program.
    pub fn new(exit_with_parent: bool) -> io::Result<Self> {
        let mut signals = Signals::new([SIGTERM, SIGINT])?;
        let (signal, signalled) = oneshot::channel();
        thread::spawn(move || {
            signals.forever().next();
            // Nobody hears it where the program is ending already.
            let _ = signal.send(());
        });
        Ok(Self { signalled, parent: exit_with_parent.then(parent_id) })
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
    let mut ticks = interval(LOOK_EVERY);
    // An orphan gets another parent at once.
    while parent_id() == parent {
        ticks.tick().await;
    }
}

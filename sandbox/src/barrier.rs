//! Named barriers: requests with the fault `hold` wait at one until a test releases it.

use std::collections::HashMap;

use tokio::sync::watch;

/// How often each barrier was released, by name.
#[derive(Debug, Default)]
pub(crate) struct Barriers(watch::Sender<HashMap<String, u64>>);

/// One request that waits at a barrier.
#[derive(Debug)]
pub(crate) struct Waiter {
    name: String,
    released_before: u64,
    releases: watch::Receiver<HashMap<String, u64>>,
}

impl Barriers {
    /// Registers a waiter. Releases count from now on, so call this before the request is in the journal.
    pub fn join(&self, name: &str) -> Waiter {
        let mut released_before = 0;
        self.0.send_modify(|releases| released_before = *releases.entry(name.to_owned()).or_default());
        Waiter { name: name.to_owned(), released_before, releases: self.0.subscribe() }
    }

    pub fn release(&self, name: &str) {
        self.0.send_modify(|releases| *releases.entry(name.to_owned()).or_default() += 1);
    }

    pub fn release_all(&self) {
        self.0.send_modify(|releases| releases.values_mut().for_each(|count| *count += 1));
    }
}

impl Waiter {
    pub async fn wait(mut self) {
        let is_released = |releases: &HashMap<String, u64>| releases.get(&self.name) != Some(&self.released_before);
        // This fails only if the sender is gone, which lives as long as the sandbox.
        let _ = self.releases.wait_for(is_released).await;
    }
}

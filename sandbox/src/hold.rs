//! Requests that wait until a test lets them go.

use std::collections::HashMap;

use tokio::sync::watch;

/// How often each name was released.
#[derive(Debug, Default)]
pub(crate) struct Holds(watch::Sender<HashMap<String, u64>>);

/// One request's place at a hold.
#[derive(Debug)]
pub(crate) struct Place {
    name: String,
    released_before: u64,
    releases: watch::Receiver<HashMap<String, u64>>,
}

impl Holds {
    /// Takes a place. Releases count from now on, so take it before anybody can see the request.
    pub fn join(&self, name: &str) -> Place {
        let mut released_before = 0;
        self.0.send_modify(|releases| released_before = *releases.entry(name.to_owned()).or_default());
        Place { name: name.to_owned(), released_before, releases: self.0.subscribe() }
    }

    pub fn release(&self, name: &str) {
        self.0.send_modify(|releases| *releases.entry(name.to_owned()).or_default() += 1);
    }

    pub fn release_all(&self) {
        self.0.send_modify(|releases| releases.values_mut().for_each(|count| *count += 1));
    }
}

impl Place {
    pub async fn wait(mut self) {
        let is_released = |releases: &HashMap<String, u64>| releases.get(&self.name) != Some(&self.released_before);
        // The sender lives as long as the sandbox; without it there is nobody to wait for.
        let _ = self.releases.wait_for(is_released).await;
    }
}

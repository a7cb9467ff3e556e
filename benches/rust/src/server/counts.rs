//! What the server was asked for, so that the runner can check that a contestant has sent every request.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// The requests since the runner asked for them the last time.
#[derive(Default)]
pub struct Counts {
    pub logins: AtomicU64,
    pub gets: AtomicU64,
    pub creates: AtomicU64,
    pub pages: AtomicU64,
    pub refused: AtomicU64,
    /// The body of the last create.
    pub created: Mutex<Vec<u8>>,
}

impl Counts {
    /// Counts one more.
    pub fn add(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a create, and keeps its body.
    pub fn add_create(&self, body: &[u8]) {
        Self::add(&self.creates);
        if let Ok(mut created) = self.created.lock() {
            created.clear();
            created.extend_from_slice(body);
        }
    }

    /// Returns the counts as JSON, and begins again at 0.
    pub fn take(&self) -> String {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        let created = self.created.lock().map(|mut body| std::mem::take(&mut *body)).unwrap_or_default();
        serde_json::json!({
            "logins": take(&self.logins),
            "gets": take(&self.gets),
            "creates": take(&self.creates),
            "pages": take(&self.pages),
            "refused": take(&self.refused),
            "created": String::from_utf8_lossy(&created),
        })
        .to_string()
    }
}

//! A quota of retries for a whole client: when a server is down, repeating everything makes it worse.

use std::sync::Mutex;

const CAPACITY: u32 = 500;
/// What one retry takes, and a success after a retry gives back.
const RETRY: u32 = 5;
/// What a success at the first attempt gives back.
const SUCCESS: u32 = 1;

/// A bucket of tokens that retries take and successes fill.
#[derive(Debug)]
pub(crate) struct Quota(Mutex<u32>);

impl Default for Quota {
    fn default() -> Self {
        Self(Mutex::new(CAPACITY))
    }
}

impl Quota {
    /// Takes the cost of a retry; false where the quota is used up.
    pub(super) fn take(&self) -> bool {
        self.change(|left| left.checked_sub(RETRY))
    }

    /// A call succeeded after so many retries.
    pub(crate) fn give_back(&self, retries: u32) {
        let gain = if retries == 0 { SUCCESS } else { retries.saturating_mul(RETRY) };
        self.change(|left| Some(left.saturating_add(gain).min(CAPACITY)));
    }

    fn change(&self, change: impl FnOnce(u32) -> Option<u32>) -> bool {
        let mut left = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let changed = change(*left);
        *left = changed.unwrap_or(*left);
        changed.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_use_it_up_and_successes_fill_it() {
        let quota = Quota::default();
        assert!((0..CAPACITY / RETRY).all(|_| quota.take()));
        assert!(!quota.take());
        (0..RETRY).for_each(|_| quota.give_back(0));
        assert!(quota.take());
        assert!(!quota.take());
        quota.give_back(1);
        assert!(quota.take());
    }
}

//! The retry budget of a client. It stops most retries while a server is down, so that they do not add to its load.

use std::sync::Mutex;

/// Number of tokens in a full bucket.
const CAPACITY: u32 = 500;
/// Cost of one retry. A successful retry refunds it.
const RETRY_COST: u32 = 5;
/// Refill after a success without a retry.
const SUCCESS_REFILL: u32 = 1;

/// A token bucket that retries drain and successes refill.
#[derive(Debug)]
pub(crate) struct RetryBudget(Mutex<u32>);

impl Default for RetryBudget {
    fn default() -> Self {
        Self(Mutex::new(CAPACITY))
    }
}

impl RetryBudget {
    /// Takes the cost of a retry; false if the budget is used up.
    pub(super) fn withdraw(&self) -> bool {
        self.change(|left| left.checked_sub(RETRY_COST))
    }

    /// Refills the bucket after a call that succeeded with this many retries.
    pub(super) fn deposit(&self, retries: u32) {
        let gain = if retries == 0 { SUCCESS_REFILL } else { retries.saturating_mul(RETRY_COST) };
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
    fn retries_drain_the_budget_and_successes_refill_it() {
        let budget = RetryBudget::default();
        assert!((0..CAPACITY / RETRY_COST).all(|_| budget.withdraw()));
        assert!(!budget.withdraw());
        (0..RETRY_COST).for_each(|_| budget.deposit(0));
        assert!(budget.withdraw());
        assert!(!budget.withdraw());
        budget.deposit(1);
        assert!(budget.withdraw());
    }
}

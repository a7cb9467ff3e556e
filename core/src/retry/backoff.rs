//! Exponential backoff with full jitter.

use std::time::Duration;

/// Returns a random delay. Its maximum is `base` after the first attempt, doubles with every attempt, and is limited to `max`.
pub(super) fn delay(base: Duration, max: Duration, attempt: u32, jitter: f64) -> Duration {
    let doublings = attempt.saturating_sub(1).min(31);
    base.saturating_mul(1 << doublings).min(max).mul_f64(jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_the_maximum_and_never_overflows() {
        let max_delay = |attempt| delay(Duration::from_secs(1), Duration::from_secs(10), attempt, 1.0).as_secs();
        assert_eq!([1, 2, 3, 4, 5, u32::MAX].map(max_delay), [1, 2, 4, 8, 10, 10]);
    }

    #[test]
    fn jitter_covers_the_whole_range() {
        assert_eq!(delay(Duration::from_secs(8), Duration::from_secs(8), 1, 0.0), Duration::ZERO);
    }
}

//! Times of entries: milliseconds since 1970 in the file, RFC 3339 for callers.

use crate::clock::Clock;
use std::time::{Duration, UNIX_EPOCH};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Returns the system time in milliseconds since 1970.
pub(super) fn now(clock: &dyn Clock) -> i64 {
    millis(clock.system_time().duration_since(UNIX_EPOCH).unwrap_or_default())
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 4)
}

/// Returns a time such as `2026-11-27T10:00:00.125Z`.
pub(super) fn rfc3339(millis: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000);
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| millis.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_in_utc() {
        assert_eq!(super::rfc3339(1_795_773_600_125), "2026-11-27T10:00:00.125Z");
        assert_eq!(super::rfc3339(0), "1970-01-01T00:00:00Z");
    }
}

//! Reads the header `Retry-After`: seconds, or a date. Other values are ignored.

use httpdate::parse_http_date;
use std::time::{Duration, SystemTime};

/// Returns how long the server asks to wait. A date counts from the response's `Date` header, since the two clocks may differ,
/// or else from `now`.
pub(crate) fn retry_after(value: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // A number that is too large for an integer is longer than every maximum.
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let retry_at = parse_http_date(value).ok()?;
    let sent_at = date.and_then(|date| parse_http_date(date).ok()).unwrap_or(now);
    Some(retry_at.duration_since(sent_at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read_and_other_values_ignored() {
        let now = parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").unwrap();
        let read = |value| retry_after(value, None, now).map(|delay| delay.as_secs());
        assert_eq!(read(" 7 "), Some(7));
        assert_eq!(read("Mon, 23 Nov 2026 12:00:30 GMT"), Some(30));
        assert_eq!(read("Mon, 23 Nov 2026 11:00:00 GMT"), Some(0));
        assert_eq!(read("99999999999999999999999"), Some(u64::MAX));
        assert_eq!([read("soon"), read("-1"), read("+1"), read("1.5"), read("")], [None; 5]);
    }

    #[test]
    fn a_date_counts_from_the_date_of_the_response() {
        let now = parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").unwrap();
        let read = |date| retry_after("Mon, 23 Nov 2026 15:00:30 GMT", Some(date), now).unwrap().as_secs();
        assert_eq!(read("Mon, 23 Nov 2026 15:00:00 GMT"), 30);
        assert_eq!(read("yesterday"), 3 * 3600 + 30);
    }
}

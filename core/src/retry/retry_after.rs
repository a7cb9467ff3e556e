//! The header `Retry-After`: seconds, or a date. Nonsense is ignored.

use std::time::{Duration, SystemTime};

/// The pause that the header asks for.
pub(crate) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number holds: surely beyond every cap.
        return Some(value.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_dates_and_nonsense() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 12:00:00 GMT").unwrap();
        let read = |value| retry_after(value, now).map(|pause| pause.as_secs());
        assert_eq!(read(" 7 "), Some(7));
        assert_eq!(read("Mon, 23 Nov 2026 12:00:30 GMT"), Some(30));
        assert_eq!(read("Mon, 23 Nov 2026 11:00:00 GMT"), Some(0));
        assert_eq!(read("99999999999999999999999"), Some(u64::MAX));
        assert_eq!([read("soon"), read("-1"), read("+1"), read("1.5"), read("")], [None; 5]);
    }
}

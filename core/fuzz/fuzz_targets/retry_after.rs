//! The header `Retry-After`: seconds or a date. Other values are ignored.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::time::{Duration, SystemTime};

fuzz_target!(|value: &str| {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_435_200);
    let delay = egito::fuzzing::retry_after(value, now);
    let trimmed = value.trim();
    if !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = trimmed.trim_start_matches('0');
        let expected = if seconds.is_empty() { Ok(0) } else { seconds.parse() };
        assert_eq!(delay, Some(expected.map_or(Duration::MAX, Duration::from_secs)), "{value:?}");
        return;
    }
    let date = httpdate::parse_http_date(trimmed).ok();
    let expected = date.map(|date| date.duration_since(now).unwrap_or(Duration::ZERO));
    assert_eq!(delay, expected, "{value:?}");
    // A valid date.
    let ahead =
        Duration::from_secs(value.bytes().fold(7, |seconds, byte| seconds * 31 % 100_000_000 + u64::from(byte)));
    assert_eq!(egito::fuzzing::retry_after(&httpdate::fmt_http_date(now + ahead), now), Some(ahead));
});

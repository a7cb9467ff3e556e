//! The clock: system time plus what `POST /_sandbox/clock` added.

use std::time::{Duration, SystemTime};

/// Seconds since 1970, with fractions.
pub(crate) type Instant = f64;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    advanced: f64,
}

impl Clock {
    pub fn advance(&mut self, seconds: f64) {
        self.advanced += seconds;
    }

    pub fn now(&self) -> Instant {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs_f64() + self.advanced
    }

    /// Returns by how many seconds the clock was advanced.
    pub fn advanced(&self) -> f64 {
        self.advanced
    }

    /// Returns the current time as the server writes dates: ISO 8601, UTC, whole seconds.
    pub fn timestamp(&self) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "whole seconds of dates in this era fit")]
        iso_8601(self.now() as i64)
    }
}

/// Formats seconds since 1970 as a date. Eras of 400 years begin in March, so the leap day comes last.
pub(crate) fn iso_8601(seconds: i64) -> String {
    let (days, of_day) = (seconds.div_euclid(86_400) + 719_468, seconds.rem_euclid(86_400));
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Formats a time of the system as a date with milliseconds.
pub(crate) fn iso_8601_millis(time: SystemTime) -> String {
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let date = iso_8601(i64::try_from(since_1970.as_secs()).unwrap_or_default());
    format!("{}.{:03}Z", date.trim_end_matches('Z'), since_1970.subsec_millis())
}

#[cfg(test)]
mod tests {
    use super::iso_8601;

    #[test]
    fn dates_are_iso_8601_in_utc() {
        assert_eq!(iso_8601(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso_8601(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(iso_8601(1_735_689_599), "2024-12-31T23:59:59Z");
        assert_eq!(iso_8601(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}

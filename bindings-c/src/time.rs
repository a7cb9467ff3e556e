//! Formats dates the way Egito reads them as UTC: with exactly three fractional digits and `Z`. The server reads other
//! formats in its own time zone.

use egito_core::{Error, Result};

const MILLISECONDS_A_DAY: i64 = 86_400_000;

/// The days from 1 January 1970 to 1 January 0000 and to 1 January 10000.
const DAYS: std::ops::Range<i64> = -719_528..2_932_897;

/// Formats a time in milliseconds since 1970. The error names it `name`.
pub(crate) fn utc(name: &str, milliseconds: i64) -> Result<String> {
    let (days, rest) = (milliseconds.div_euclid(MILLISECONDS_A_DAY), milliseconds.rem_euclid(MILLISECONDS_A_DAY));
    if !DAYS.contains(&days) {
        let message = format!("invalid `{name}`: expected a year from 0 to 9999, got {milliseconds} ms since 1970");
        return Err(Error::config(name, message));
    }
    let (year, month, day) = civil(days);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, fraction) = (rest / 1000 % 60, rest % 1000);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z"))
}

/// Returns the date of a day since 1970. Years begin in March here, so that a leap day is the last day of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468; // since 1 March 0000
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097)); // 400 years
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153; // 0 is March
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (400 * era + year_of_era + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::utc;

    #[test]
    fn times_have_three_fractional_digits() {
        for (milliseconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_709_201_472_000, "2024-02-29T10:11:12.000Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(utc("at", milliseconds).unwrap(), expected);
        }
    }

    #[test]
    fn a_year_with_five_digits_is_refused() {
        for milliseconds in [253_402_300_800_000, -62_167_219_200_001, i64::MAX, i64::MIN] {
            let error = utc("at", milliseconds).unwrap_err();
            assert_eq!(error.details().setting.as_deref(), Some("at"));
        }
    }
}

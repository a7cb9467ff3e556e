//! Times that a person writes.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads a date or a time. Without an offset it is one of the time zone of this machine.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let local = |time: DateTime| time.to_zoned(TimeZone::system()).ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>().ok().or_else(|| match text.len() {
        10 => text.parse::<Date>().ok().and_then(|date| local(date.at(0, 0, 0, 0))),
        _ => text.parse::<DateTime>().ok().and_then(local),
    })
}

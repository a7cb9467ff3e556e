//! The records that are exported, page by page.

use super::error::ExportError;
use egito::{Pages, Record};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Numbers from here on are milliseconds since 1970, as some servers write times. Smaller ones are seconds.
const FIRST_MILLISECONDS: i64 = 100_000_000_000;

/// The pages of a list, or those changes of a list that are not older than a time.
pub(crate) struct Source {
    pages: Pages,
    since: Option<Since>,
    is_done: bool,
}

/// The oldest time of the changes, and the field that has it.
#[derive(Clone, Debug)]
pub(crate) struct Since {
    pub time: Timestamp,
    pub field: String,
}

impl Source {
    /// Reads a list. With `since` it must be a list of changes, which has the newest records first.
    pub(crate) fn new(pages: Pages, since: Option<Since>) -> Self {
        Self { pages, since, is_done: false }
    }

    /// Returns the mark of a list of changes that was read to its end.
    pub(crate) fn mark(&self) -> Option<String> {
        self.pages.mark()
    }

    /// Reads the next page. Returns its records, and the number of all records if the server reports it.
    pub(crate) async fn next(&mut self) -> Result<Option<(Vec<Record>, Option<u64>)>, ExportError> {
        if self.is_done {
            return Ok(None);
        }
        let Some(page) = self.pages.next().await.transpose()? else { return Ok(None) };
        let Some(since) = &self.since else { return Ok(Some((page.records().collect(), page.total()))) };
        let records: Vec<Record> = page.records().collect();
        self.is_done = records.last().is_some_and(|record| since.is_older(record));
        Ok(Some((records.into_iter().filter(|record| !since.is_older(record)).collect(), None)))
    }
}

impl Since {
    fn is_older(&self, record: &Record) -> bool {
        record.raw(&self.field).and_then(latest_time).is_some_and(|time| time < self.time)
    }
}

/// Reads a time of the server: the latest one that the value can mean, so that no change is left out.
fn latest_time(json: &str) -> Option<Timestamp> {
    if let Ok(number) = json.parse::<i64>() {
        let is_milliseconds = number >= FIRST_MILLISECONDS;
        return if is_milliseconds { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) }.ok();
    }
    let text: String = serde_json::from_str(json).ok()?;
    let text = text.trim();
    let utc = |time: DateTime| time.to_zoned(TimeZone::UTC).ok().map(|time| time.timestamp());
    text.parse().ok().or_else(|| match text.len() {
        10 => text.parse::<Date>().ok()?.tomorrow().ok().and_then(|date| utc(date.at(12, 0, 0, 0))),
        _ => text.parse::<DateTime>().ok().and_then(utc),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_meaning_of_a_time_counts() {
        let latest = |json: &str| latest_time(json).map(|time| time.to_string());
        assert_eq!(latest(r#""2026-11-27T10:00:00Z""#).unwrap(), "2026-11-27T10:00:00Z");
        assert_eq!(latest(r#""2026-11-27T10:00:00.5+01:00""#).unwrap(), "2026-11-27T09:00:00.5Z");
        assert_eq!(latest(r#""2026-11-27T10:00:00""#).unwrap(), "2026-11-27T10:00:00Z");
        assert_eq!(latest(r#""2026-11-27""#).unwrap(), "2026-11-28T12:00:00Z");
        assert_eq!(latest("1795773600000").unwrap(), latest("1795773600").unwrap());
        assert_eq!(latest("null"), None);
    }
}

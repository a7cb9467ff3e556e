//! The mark of a list of changes: where the next one continues. It is a string that the caller keeps.

use super::moment::{Kind, Moment};
use crate::error::{Error, Result};
use crate::hash::sha256;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The name of the option that holds a mark.
const SINCE: &str = "since";

/// The version of the format.
const VERSION: u8 = 1;

/// Number of bytes of the checksum, which finds marks that were cut off.
const CHECKSUM: usize = 4;

/// The list that a mark belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::list) struct Origin {
    /// The hash of the server's address.
    server: u64,
    pub entity: String,
    pub by: String,
    /// The hash of the filters, in any order.
    pub filters: u64,
}

/// Where a list of changes continues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The newest value of the first page; `None` if the list was empty.
    pub newest: Option<Moment>,
    /// The hashes of the records at most as old as the lag that were returned.
    pub returned: HashSet<u64>,
}

/// The first part of a mark.
#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    origin: Origin,
    newest: Option<(Kind, String)>, // the ticks are an integer of 128 bits
}

impl Origin {
    pub(in crate::list) fn new(server: &str, entity: &str, by: &str, filters: &[(String, String)]) -> Self {
        let mut filters = filters.to_vec();
        filters.sort();
        let filters = if filters.is_empty() { 0 } else { hash(format!("{filters:?}").as_bytes()) };
        Self { server: hash(server.as_bytes()), entity: entity.to_owned(), by: by.to_owned(), filters }
    }
}

impl Mark {
    /// Writes the mark as text.
    pub(super) fn to_text(&self, origin: &Origin) -> String {
        let newest = self.newest.map(|moment| (moment.kind(), moment.ticks().to_string()));
        let header = Header { origin: origin.clone(), newest };
        let mut content = serde_json::to_vec(&header).expect("it has only strings and numbers");
        content.push(b'\n');
        let mut returned: Vec<u64> = self.returned.iter().copied().collect();
        returned.sort_unstable();
        content.extend(returned.into_iter().flat_map(u64::to_be_bytes));
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&checksum(&content));
        bytes.extend(content);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the mark of a list.
    ///
    /// Error `config` (setting `since`): it is damaged, or belongs to another list.
    pub(super) fn from_text(text: &str, origin: &Origin) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).map_err(|_| not_a_mark(text))?;
        match bytes.first() {
            Some(&VERSION) => {}
            Some(&newer) if newer > VERSION && newer < 32 => {
                return Err(invalid(
                    "it was written by a newer version of this library; update it, or leave `since` out",
                ));
            }
            _ => return Err(not_a_mark(text)),
        }
        let (sum, content) = bytes[1..].split_at_checked(CHECKSUM).ok_or_else(|| not_a_mark(text))?;
        if sum != checksum(content) {
            return Err(not_a_mark(text));
        }
        let end = content.iter().position(|&byte| byte == b'\n').ok_or_else(|| not_a_mark(text))?;
        let header: Header = serde_json::from_slice(&content[..end]).map_err(|_| not_a_mark(text))?;
        check_origin(&header.origin, origin)?;
        let newest = header.newest.map(|(kind, ticks)| ticks.parse().map(|ticks| Moment::new(ticks, kind)));
        let newest = newest.transpose().map_err(|_| not_a_mark(text))?;
        let hashes = content[end + 1..].chunks_exact(8);
        let returned = hashes.map(|hash| u64::from_be_bytes(hash.try_into().expect("8 bytes"))).collect();
        Ok(Self { newest, returned })
    }
}

fn check_origin(found: &Origin, expected: &Origin) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    if found.server != expected.server {
        return Err(invalid(
            "it is the mark of a list of another server; leave `since` out to read everything once, and keep one mark for each server",
        ));
    }
    if (&found.entity, &found.by) == (&expected.entity, &expected.by) {
        return Err(invalid("it is the mark of a list with other filters; leave `since` out to read everything once"));
    }
    Err(invalid(&format!(
        "it is the mark of {} by `{}`, and this list has {} by `{}`; keep one mark for each list",
        found.entity, found.by, expected.entity, expected.by
    )))
}

fn not_a_mark(text: &str) -> Error {
    let length = text.chars().count();
    invalid(&format!(
        "expected the mark of an earlier list, unchanged, got {length} characters that are not one (cut off, perhaps)"
    ))
}

fn invalid(why: &str) -> Error {
    Error::config(SINCE, format!("invalid `{SINCE}`: {why}"))
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM] {
    sha256(content)
}

/// Returns a hash that is the same in every process and version.
pub(super) fn hash(content: &[u8]) -> u64 {
    u64::from_be_bytes(sha256(content))
}

/// A mark that is set when a list was read to its end. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct MarkSlot(Arc<Mutex<Option<String>>>);

impl MarkSlot {
    pub(crate) fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, mark: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = mark;
    }
}

/// The mark of the last read of a list. Clones share it, so a read that begins replaces the mark of the one before.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastMark(Arc<Mutex<MarkSlot>>);

impl LastMark {
    pub(crate) fn get(&self) -> Option<String> {
        self.lock().get()
    }

    /// Begins a read. Returns where its mark arrives.
    pub(crate) fn begin_read(&self) -> MarkSlot {
        let slot = MarkSlot::default();
        *self.lock() = slot.clone();
        slot
    }

    fn lock(&self) -> MutexGuard<'_, MarkSlot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::new("https://a.egito.pl/", "Account", "lastUpdated", &[])
    }

    fn mark() -> Mark {
        let newest = Moment::from_json(r#""2026-11-27T09:30:00.250Z""#);
        Mark { newest, returned: [7, u64::MAX].into() }
    }

    #[test]
    fn a_mark_is_read_as_it_was_written() {
        for mark in [mark(), Mark::default(), Mark { newest: Moment::from_json("-5"), returned: HashSet::new() }] {
            let text = mark.to_text(&origin());
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
            assert_eq!(Mark::from_text(&format!(" {text}\n"), &origin()).unwrap(), mark);
        }
    }

    #[test]
    fn a_damaged_mark_is_an_error() {
        let text = mark().to_text(&origin());
        for length in 0..text.len() {
            let error = Mark::from_text(&text[..length], &origin()).unwrap_err();
            assert_eq!(error.details().setting.as_deref(), Some("since"), "{length}: {error}");
        }
        let newer = URL_SAFE_NO_PAD.encode([2, 0, 0, 0, 0]);
        for (text, why) in
            [(&*newer, "newer version"), ("2026-11-27T09:30:00Z", "20 characters"), ("żółć", "4 characters")]
        {
            let error = Mark::from_text(text, &origin()).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }

    #[test]
    fn a_mark_belongs_to_one_list() {
        let filter = |name: &str| (name.to_owned(), "1".to_owned());
        let filtered = Origin::new("https://a.egito.pl/", "Account", "lastUpdated", &[filter("a"), filter("b")]);
        assert_eq!(filtered, Origin::new("https://a.egito.pl/", "Account", "lastUpdated", &[filter("b"), filter("a")]));
        for (other, why) in [
            (Origin::new("https://a.egito.pl/", "Contact", "lastUpdated", &[]), "the mark of Account by `lastUpdated`"),
            (
                Origin::new("https://a.egito.pl/", "Account", "dateCreated", &[]),
                "this list has Account by `dateCreated`",
            ),
            (Origin::new("https://b.egito.pl/", "Account", "lastUpdated", &[]), "another server"),
            (filtered, "other filters"),
        ] {
            let error = Mark::from_text(&mark().to_text(&origin()), &other).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
        }
    }
}

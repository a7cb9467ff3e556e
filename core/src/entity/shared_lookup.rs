//! How the calls of a bulk find their records: each by its own filter, or all in one index of the whole list.

use super::Entity;
use crate::error::Result;
use crate::key::{KeyIndex, Lookup, RecordKey};
use crate::list::Pages;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{Mutex, OnceCell};

/// How many lookups cost about as much as one page of the list.
const LOOKUPS_PER_PAGE: u64 = 4;

/// Number of lookups before a page of the list is read, so that a small bulk reads none.
const LOOKUPS_BEFORE_SCAN: u64 = 8;

/// Where a call looks for its record.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The whole list, as it was when the bulk read it.
    pub index: Option<Arc<KeyIndex>>,
    /// How to look before a write, if there is no index, or the record may be newer than the index.
    pub first: Lookup,
    /// How to look after a write.
    pub later: Lookup,
}

impl Source {
    /// Returns the source of a single call.
    pub(super) fn new(lookup: Lookup) -> Self {
        Self { index: None, first: lookup, later: lookup }
    }
}

/// What the calls of one bulk know about finding their records.
#[derive(Debug, Default)]
pub(super) struct SharedLookup {
    lookups: AtomicU64,
    filter_is_ignored: AtomicBool,
    scan: Mutex<Scan>,
    /// The whole list, once it was read.
    index: OnceCell<Arc<KeyIndex>>,
}

/// A scan of the list, page by page between the lookups. Its length is unknown, since most servers do not report it.
#[derive(Debug, Default)]
struct Scan {
    reading: Option<(Pages, KeyIndex)>,
    pages_read: u64,
    /// The number of lookups after which a scan that failed begins again.
    retry_at: u64,
}

impl SharedLookup {
    /// Returns where the next call looks for its record. Reads the list first, or a part of it, if that is due.
    pub(super) async fn source(&self, entity: &Entity, key: &RecordKey) -> Result<Source> {
        let lookup = lookup_of(key);
        let index = match lookup {
            Lookup::Filter => None,
            Lookup::Auto if !self.filter_is_ignored() => self.index_if_cheaper(entity, key).await,
            Lookup::Scan | Lookup::Auto => Some(self.index(entity, key).await?),
        };
        Ok(match index {
            Some(index) => {
                let fresh = if self.filter_is_ignored() { Lookup::Scan } else { lookup };
                Source { index: Some(index), first: fresh, later: fresh }
            }
            None => Source { index: None, first: Lookup::Filter, later: lookup },
        })
    }

    /// Remembers that the server ignores the filter. Returns whether the call can be made again, with a scan.
    pub(super) fn can_scan_instead(&self, key: &RecordKey) -> bool {
        self.filter_is_ignored.store(true, Ordering::Relaxed);
        lookup_of(key) == Lookup::Auto
    }

    /// Returns the index of the list. The first call reads it while the others wait; if that fails, the next one tries again.
    async fn index(&self, entity: &Entity, key: &RecordKey) -> Result<Arc<KeyIndex>> {
        let read = || async {
            let (mut pages, mut index) = (entity.list().pages()?, KeyIndex::new(key));
            while let Some(page) = pages.next().await {
                page?.records().for_each(|record| index.add(record));
            }
            Ok(Arc::new(index))
        };
        self.index.get_or_try_init(read).await.cloned()
    }

    /// Returns the index once the list was read. Reads its next pages if the lookups so far have cost as much.
    ///
    /// So all lookups and pages together cost at most about twice as much as the cheaper of both.
    async fn index_if_cheaper(&self, entity: &Entity, key: &RecordKey) -> Option<Arc<KeyIndex>> {
        if let Some(index) = self.index.get() {
            return Some(index.clone());
        }
        let lookups = self.lookups.fetch_add(1, Ordering::Relaxed);
        if lookups < LOOKUPS_BEFORE_SCAN {
            return None;
        }
        let mut scan = self.scan.try_lock().ok()?; // another call reads the next page
        match scan.read_on(entity, key, lookups).await {
            Ok(index) => {
                let index = Arc::new(index?);
                let _ = self.index.set(index.clone()); // a call that found the filter ignored may have set it
                Some(index)
            }
            Err(error) => {
                tracing::debug!(target: "egito", %error, "the list could not be read; records are looked up one by one");
                *scan = Scan { retry_at: lookups.saturating_mul(2), ..Scan::default() };
                None
            }
        }
    }

    /// Returns whether the whole list was read.
    pub(super) fn has_index(&self) -> bool {
        self.index.initialized()
    }

    fn filter_is_ignored(&self) -> bool {
        self.filter_is_ignored.load(Ordering::Relaxed)
    }
}

impl Scan {
    /// Reads pages until they have cost as much as the lookups. Returns the index after the last page.
    async fn read_on(&mut self, entity: &Entity, key: &RecordKey, lookups: u64) -> Result<Option<KeyIndex>> {
        if lookups < self.retry_at {
            return Ok(None);
        }
        while self.pages_read < lookups / LOOKUPS_PER_PAGE {
            let (mut pages, mut index) = match self.reading.take() {
                Some(reading) => reading,
                None => (entity.list().pages()?, KeyIndex::new(key)),
            };
            let Some(page) = pages.next().await else { return Ok(Some(index)) };
            page?.records().for_each(|record| index.add(record));
            self.pages_read += 1;
            self.reading = Some((pages, index));
        }
        Ok(None)
    }
}

/// Returns how the calls of a bulk with this key look for their records.
fn lookup_of(key: &RecordKey) -> Lookup {
    key.lookup.unwrap_or(Lookup::Auto)
}

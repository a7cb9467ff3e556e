//! One page of a list: its bytes, and the records in them that were not given out before.

use crate::envelope::{Count, PageBody};
use crate::record::Record;
use bytes::{BufMut, Bytes, BytesMut};
use std::ops::Range;

/// One response of a list.
#[derive(Clone, Debug)]
pub struct Page {
    body: Bytes,
    /// The whole array, where every record in it is new.
    array: Option<Range<usize>>,
    records: Vec<Range<usize>>,
    total: Option<u64>,
}

impl Page {
    /// `is_new` says which of the body's records are given out.
    pub(super) fn new(body: PageBody, is_new: &[bool]) -> Self {
        let PageBody { body, array, records, count } = body;
        let all_new = is_new.iter().all(|&new| new);
        let records = records.into_iter().zip(is_new).filter(|&(_, &new)| new).map(|((place, _), _)| place).collect();
        let total = count.filter(|count: &Count| count.is_total).map(|count| count.value);
        Self { body, array: all_new.then_some(array), records, total }
    }

    /// How many records it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Its records, in the server's order.
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record> + '_ {
        self.records.iter().map(|place| Record::trusted(self.body.slice(place.clone())))
    }

    /// One record by its place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Record> {
        self.records.get(place).map(|place| Record::trusted(self.body.slice(place.clone())))
    }

    /// The count of all records of the list, where the server told it under a name that says `total`.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// The records as one JSON array; the server's own bytes where nothing had to be left out.
    #[must_use]
    pub fn json(&self) -> Bytes {
        if let Some(array) = &self.array {
            return self.body.slice(array.clone());
        }
        let length = self.records.iter().map(|place| place.len() + 1).sum::<usize>();
        let mut json = BytesMut::with_capacity(length + 2);
        json.put_u8(b'[');
        for (number, place) in self.records.iter().enumerate() {
            if number > 0 {
                json.put_u8(b',');
            }
            json.extend_from_slice(&self.body[place.clone()]);
        }
        json.put_u8(b']');
        json.freeze()
    }
}

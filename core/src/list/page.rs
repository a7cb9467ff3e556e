//! One page of a list: its bytes, and the records in them that were not given out before.

use crate::envelope::{Count, PageBody};
use crate::record::Record;
use crate::response::Response;
use bytes::{BufMut, Bytes, BytesMut};
use std::ops::Range;
use std::sync::Arc;

/// One page of a list: the records of one response.
///
/// ```
/// # egito_test_support::run(async |client| {
/// let page = client.accounts().list().page_size(10).pages()?.next().await.unwrap()?;
/// for account in page.records() {
///     println!("{}", account.json());
/// }
/// # Ok(()) });
/// ```
#[derive(Clone, Debug)]
pub struct Page {
    body: Bytes,
    /// The array, where its records from the first new one on are all new.
    array: Option<Range<usize>>,
    records: Vec<Range<usize>>,
    total: Option<u64>,
    response: Option<Arc<Response<()>>>,
}

impl Page {
    /// `is_new` says which of the body's records are given out.
    pub(super) fn new(body: PageBody, is_new: &[bool]) -> Self {
        let PageBody { body, array, records, count, response } = body;
        let old = is_new.iter().take_while(|&&new| !new).count();
        let (body, array) = match records.get(old) {
            Some((first, _)) if is_new[old..].iter().all(|&new| new) => without_start(body, array, first.start, old),
            _ => (body, None),
        };
        let records = records.into_iter().zip(is_new).filter(|&(_, &new)| new).map(|((place, _), _)| place).collect();
        let total = count.filter(|count: &Count| count.is_total).map(|count| count.value);
        Self { body, array, records, total, response }
    }

    /// Returns the number of records.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().page_size(10).pages()?.next().await.unwrap()?;
    /// assert_eq!(page.len(), 10);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns whether there are no records. A list gives no such page.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// assert!(!page.is_empty());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns the records, in the server's order.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// let names: Vec<_> = page.records().map(|account| account.raw("name").map(str::to_owned)).collect();
    /// # Ok(()) });
    /// ```
    pub fn records(&self) -> impl ExactSizeIterator<Item = Record> + '_ {
        self.records.iter().map(|place| Record::from_validated(self.body.slice(place.clone())))
    }

    /// Returns one record by its index in the page, from 0.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// assert_eq!(page.get(0).unwrap().id(), Some(1.into()));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Record> {
        self.records.get(place).map(|place| Record::from_validated(self.body.slice(place.clone())))
    }

    /// Returns the number of all records of the list, if the response has one under a name that says `total`.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// println!("{} of {:?}", page.len(), page.total());
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns the HTTP response of the page; `None` unless the list was made with
    /// [`with_response`](crate::RecordList::with_response).
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().with_response().pages()?.next().await.unwrap()?;
    /// let response = page.response().unwrap();
    /// println!("{} accounts, status {}", page.len(), response.status);
    /// # assert_eq!(response.status, 200);
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn response(&self) -> Option<&Response<()>> {
        self.response.as_deref()
    }

    /// Returns the records as one JSON array: the server's own bytes, unless a record was left out that came before.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let page = client.accounts().list().pages()?.next().await.unwrap()?;
    /// let accounts: Vec<serde_json::Value> = serde_json::from_slice(&page.json()).expect("an array");
    /// assert_eq!(accounts.len(), page.len());
    /// # Ok(()) });
    /// ```
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

/// The body with the array that begins with the record at `first`: in place of the comma before it stands a bracket. Pages that
/// join leave out their first records, and are not copied for that. No array where others hold the body.
fn without_start(body: Bytes, array: Range<usize>, first: usize, old: usize) -> (Bytes, Option<Range<usize>>) {
    if old == 0 {
        return (body, Some(array));
    }
    match body.try_into_mut() {
        Ok(mut body) => {
            body[first - 1] = b'[';
            (body.freeze(), Some(first - 1..array.end))
        }
        Err(body) => (body, None),
    }
}

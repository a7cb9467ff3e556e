//! Finds what was created, changed or deleted since an earlier read.

use super::Entity;
use crate::error::Result;
use crate::id::RecordId;
use crate::list::{IdSet, RecordList};

/// Number of ids up to which each one is requested, instead of the whole list.
const MAX_IDS_TO_GET: usize = 50;

impl Entity {
    /// Lists the records that were created or changed since an earlier list, the newest first.
    ///
    /// Set [`since`](RecordList::since) to the [`mark`](RecordList::mark) of the earlier list; without it, all records are returned.
    /// A record that is changed while the list is read comes with its new value in this list or in the next one, and none comes twice
    /// with the same content. Records are found by the field `lastUpdated`, or another one ([`by`](RecordList::by)), and changes that
    /// the server commits late, by up to 300 s ([`lag`](RecordList::lag)), are found too. [`deleted`](Self::deleted) finds deleted
    /// records.
    ///
    /// Error `pagination` when the list is read: the server does not sort by the field, or it has values that are neither times nor
    /// integers. Error `config`: the mark is damaged or belongs to another list.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// # let stored: Option<String> = None;
    /// let mut changes = client.accounts().changes().since(stored).records()?;
    /// while let Some(account) = changes.next().await {
    ///     println!("{}", account?.json());
    /// }
    /// let to_store = changes.mark(); // only now, when all changes are processed
    /// # assert!(to_store.is_some());
    /// # Ok(()) });
    /// ```
    pub fn changes(&self) -> RecordList {
        self.list().changes()
    }

    /// Returns the ids of all records. The server sends whole records, of which nothing is kept. See [`RecordList::ids`] for filters.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let ids = client.accounts().ids().await?;
    /// println!("{} accounts", ids.len());
    /// # Ok(()) });
    /// ```
    pub async fn ids(&self) -> Result<Vec<RecordId>> {
        self.list().ids().await
    }

    /// Returns those of the given ids whose records do not exist any more, each once, in the given order.
    ///
    /// Reads the ids of the list, and then requests each record that the list lacks: one that still exists is never returned, even if
    /// the list changes meanwhile. A few ids are requested without reading the list. `7` and `"7"` are the same id here.
    ///
    /// Error `not_found`: the server does not know the entity, or responds so to every request, as during a deployment.
    ///
    /// A server may need a moment until it finds a record that was just created, so do not pass ids of the last seconds.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// client.leads().delete(1).await?;
    /// assert_eq!(client.leads().deleted([1, 2]).await?, [1.into()]);
    /// # Ok(()) });
    /// ```
    pub async fn deleted<I: Into<RecordId>>(&self, known: impl IntoIterator<Item = I>) -> Result<Vec<RecordId>> {
        let mut given = IdSet::default();
        let mut missing: Vec<RecordId> = known.into_iter().map(Into::into).filter(|id| given.insert(id)).collect();
        if missing.len() > MAX_IDS_TO_GET {
            let existing = self.list().id_set().await?;
            missing.retain(|id| !existing.contains(id));
        }
        missing = self.not_found(missing).await?;
        if !missing.is_empty() {
            // A server that is not ready, or has no such entity, finds no record, either.
            self.list().first().await?;
            missing = self.not_found(missing).await?;
        }
        Ok(missing)
    }

    /// Returns those of the ids that the server does not find.
    async fn not_found(&self, ids: Vec<RecordId>) -> Result<Vec<RecordId>> {
        let (mut rows, mut not_found) = (self.get_many(ids).rows(), Vec::new());
        while let Some(row) = rows.next().await {
            match row.error {
                None => {}
                Some(error) if error.is_not_found() => not_found.extend(row.input.id),
                Some(error) => return Err(error),
            }
        }
        rows.check_complete()?;
        Ok(not_found)
    }
}

//! Upserts of many records, and their plans.

use super::Entity;
use crate::bulk::{Bulk, BulkAction, BulkInput};
use crate::key::RecordKey;
use crate::record;
use serde::Serialize;

impl Entity {
    /// Creates many records, or updates their fields that differ, see [`upsert`](Self::upsert) and [`Bulk`].
    ///
    /// Each row reports its `change`. Records are found by [`Lookup::Auto`](crate::Lookup::Auto), unless [`RecordKey::lookup`] says
    /// otherwise: by a filter for each record, until it is cheaper to read the whole list. The list then stays in memory until the
    /// bulk ends, and records that other programs create after it was read are not seen.
    ///
    /// If two inputs have the same key, the row of the second one has the error `config` (setting `key`), and nothing is sent for it.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let accounts = [("5250001009", "Żubr sp. z o.o."), ("1010000009", "Smok S.A.")];
    /// let accounts = accounts.map(|(nip, name)| serde_json::json!({"nip": nip, "name": name}));
    /// for row in client.accounts().upsert_many(accounts, "nip").await {
    ///     println!("{}: {:?} {:?} {:?}", row.index, row.change, row.fields, row.error);
    /// }
    /// # Ok(()) });
    /// ```
    pub fn upsert_many<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Bulk {
        self.keyed_bulk(BulkAction::Upsert, records, key)
    }

    /// Returns the rows of [`upsert_many`](Self::upsert_many) without writing anything.
    ///
    /// The `record` of a row is what would be written: the whole record if it would be created, or the fields that would be updated.
    /// [`apply_upsert`](Self::apply_upsert) does it later.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// let plan = client.accounts().plan_upsert([account], "nip").await;
    /// assert_eq!(plan[0].change, Some(egito::Change::Created));
    /// assert!(!client.accounts().list().filter("nip", "5250001009").exists().await?);
    /// # Ok(()) });
    /// ```
    pub fn plan_upsert<T: Serialize>(
        &self,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Bulk {
        self.keyed_bulk(BulkAction::PlanUpsert, records, key)
    }

    /// Does what the rows of a [`plan_upsert`](Self::plan_upsert) say, and nothing else. The rows can be stored meanwhile, each as the JSON
    /// of its [`BulkInput`].
    ///
    /// - `created`: creates the record like [`create_once`](Self::create_once). If there is one with its key by now, nothing is
    ///   written: the row is `unchanged` or `ambiguous`, or has the error `config` (setting `change`) if its fields have other values.
    /// - `updated`: updates the fields.
    /// - `unchanged` and `ambiguous`: sends nothing.
    /// - a row with an error, or a plan for another entity or key: the row has the error `config` (setting `change`).
    ///
    /// Apply a plan again if it was interrupted.
    ///
    /// ```
    /// # egito_test_support::run(async |client| {
    /// let account = serde_json::json!({"nip": "5250001009", "name": "Żubr sp. z o.o."});
    /// let plan = client.accounts().plan_upsert([account], "nip").await;
    /// let wanted = plan.into_iter().filter(|row| row.change == Some(egito::Change::Created));
    /// let stored = serde_json::to_string(&wanted.map(egito::BulkInput::from).collect::<Vec<_>>()).unwrap();
    ///
    /// let wanted: Vec<egito::BulkInput> = serde_json::from_str(&stored).unwrap();
    /// let rows = client.accounts().apply_upsert(wanted, "nip").await;
    /// assert!(rows[0].id.is_some());
    /// # Ok(()) });
    /// ```
    pub fn apply_upsert<R: Into<BulkInput>>(
        &self,
        plan: impl IntoIterator<Item = R, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Bulk {
        let inputs = plan.into_iter().map(|row| Ok(row.into()));
        self.bulk(BulkAction::ApplyUpsert, inputs).key(key)
    }

    fn keyed_bulk<T: Serialize>(
        &self,
        action: BulkAction,
        records: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
        key: impl Into<RecordKey>,
    ) -> Bulk {
        let input = |record| Ok(BulkInput::from_record(record::to_json(&record)?));
        self.bulk(action, records.into_iter().map(input)).key(key)
    }
}

//! The entries of an outbox, as callers see them.

use crate::error::{self, Error, Result};
use crate::id::RecordId;
use crate::json::canonical::canonical;
use crate::options;
use crate::record::Record;
use serde::{Deserialize, Serialize};

/// An entry of an outbox: one write that was stored, and is sent once.
///
/// ```
/// # egito_test_support::run_with_outbox(async |_, outbox| {
/// let id = outbox.put("Lead", &serde_json::json!({"formKey": "f-1", "lastName": "Ryś"}), "formKey").await?;
/// let entry = outbox.get(id).await?;
/// assert_eq!((entry.state, entry.attempts), (egito::EntryState::Waiting, 0));
/// println!("{}", serde_json::to_string(&entry).unwrap());
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Number of the entry in its outbox.
    pub id: i64,
    /// Entity of the record.
    pub entity: String,
    /// Action to be done.
    pub action: EntryAction,
    /// State of the entry.
    pub state: EntryState,
    /// The fields of the key; empty for an update and a delete.
    pub key: Vec<String>,
    /// Id of the record: that of an update or a delete, and that of a delivered create or upsert.
    pub record_id: Option<RecordId>,
    /// Record or fields to be sent; `None` for a delete, and for a record that cannot be read because the file is damaged.
    pub record: Option<Record>,
    /// How often it was sent, or may have been sent.
    pub attempts: u32,
    /// Error of the last attempt. Its details are serialized.
    #[serde(serialize_with = "error::serialize_details")]
    pub error: Option<Error>,
    /// When it was put, such as `2026-11-27T10:00:00.125Z`.
    pub created_at: String,
    /// When it may be sent next, for an entry that is waiting or unclear and not held back by an earlier entry of its group.
    pub next_attempt_at: Option<String>,
    /// When it was delivered.
    pub delivered_at: Option<String>,
}

impl Entry {
    /// Returns whether this entry has the same fields as a record. Their order and white space do not count; numbers and strings are
    /// compared as they are written, digit by digit.
    ///
    /// [`Outbox::put`](crate::Outbox::put) with a known key returns the entry that is there, which may have another record.
    ///
    /// ```
    /// # egito_test_support::run_with_outbox(async |_, outbox| {
    /// let first = egito::Record::from_json(r#"{"formKey": "f-1", "lastName": "Ryś"}"#)?;
    /// let corrected = egito::Record::from_json(r#"{"formKey": "f-1", "lastName": "Rysiewicz"}"#)?;
    /// outbox.put("Lead", &first, "formKey").await?;
    /// let entry = outbox.get(outbox.put("Lead", &corrected, "formKey").await?).await?;
    /// if !entry.has_record(&corrected) {
    ///     outbox.edit(entry.id, &corrected).await?; // an error if it is delivered
    /// }
    /// # assert!(outbox.get(entry.id).await?.has_record(&corrected));
    /// # Ok(()) });
    /// ```
    #[must_use]
    pub fn has_record(&self, record: &Record) -> bool {
        self.record.as_ref().is_some_and(|own| canonical(own.json()) == canonical(record.json()))
    }
}

/// What an [`Entry`] does.
///
/// ```
/// assert_eq!(serde_json::to_string(&egito::EntryAction::Upsert).unwrap(), r#""upsert""#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryAction {
    /// Creates a record once, see [`Outbox::put`](crate::Outbox::put).
    Create,
    /// Creates a record or updates what differs, see [`Outbox::put_upsert`](crate::Outbox::put_upsert).
    Upsert,
    /// Updates fields, see [`Outbox::put_update`](crate::Outbox::put_update).
    Update,
    /// Deletes a record, see [`Outbox::put_delete`](crate::Outbox::put_delete).
    Delete,
}

/// The state of an [`Entry`].
///
/// ```
/// let state: egito::EntryState = serde_json::from_str(r#""refused""#).unwrap();
/// assert_eq!(state, egito::EntryState::Refused);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryState {
    /// It was not sent yet, or will be sent again.
    Waiting,
    /// A worker sends it now.
    Sending,
    /// The server refused it. It holds back later entries of its group until it is retried, edited or discarded.
    Refused,
    /// It may have been done: the response was lost, or its worker has died. It is looked for before it is sent again.
    Unclear,
    /// It is done.
    Delivered,
}

/// The number of entries in each state.
///
/// ```
/// # egito_test_support::run_with_outbox(async |_, outbox| {
/// assert_eq!(outbox.counts().await?.refused, 0);
/// # Ok(()) });
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[allow(missing_docs)] // they are those of `EntryState`
pub struct Counts {
    pub waiting: u64,
    pub sending: u64,
    pub refused: u64,
    pub unclear: u64,
    pub delivered: u64,
}

/// The result of [`Outbox::deliver`](crate::Outbox::deliver).
///
/// ```
/// # egito_test_support::run_with_outbox(async |_, outbox| {
/// outbox.put("Lead", &serde_json::json!({"formKey": "f-1", "lastName": "Ryś"}), "formKey").await?;
/// let delivery = outbox.deliver(None).await?;
/// assert_eq!((delivery.delivered, delivery.waiting), (1, 0));
/// # Ok(()) });
/// ```
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Delivery {
    /// Number of entries that this call has delivered.
    pub delivered: u64,
    /// Number of entries that were refused in this call.
    pub refused: u64,
    /// Number of entries of the outbox whose outcome is unclear.
    pub unclear: u64,
    /// Number of entries of the outbox that are still waiting.
    pub waiting: u64,
    /// When the next entry may be sent; `None` if none can be sent by itself.
    pub next_attempt_at: Option<String>,
    /// Why the outbox is paused: the server is down, or refuses the login.
    #[serde(serialize_with = "error::serialize_details")]
    pub paused_by: Option<Error>,
    /// `next_attempt_at` in milliseconds since 1970.
    #[serde(skip)]
    pub(super) due_at: Option<i64>,
}

/// Which entries [`Outbox::entries`](crate::Outbox::entries) returns.
///
/// ```
/// use egito::{EntryQuery, EntryState};
///
/// let query = EntryQuery::default().state(EntryState::Refused).limit(20).after(117);
/// assert_eq!(query, EntryQuery::from_json(br#"{"state": "refused", "limit": 20, "after": 117}"#)?);
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntryQuery {
    pub(super) state: Option<EntryState>,
    pub(super) limit: Option<u32>,
    pub(super) after: Option<i64>,
}

impl EntryQuery {
    /// Selects the entries in one state. The default is all.
    ///
    /// ```
    /// let query = egito::EntryQuery::default().state(egito::EntryState::Refused);
    /// ```
    #[must_use]
    pub fn state(self, state: EntryState) -> Self {
        Self { state: Some(state), ..self }
    }

    /// Sets the maximum number of entries. The default is 100.
    ///
    /// ```
    /// let query = egito::EntryQuery::default().limit(1000);
    /// ```
    #[must_use]
    pub fn limit(self, entries: u32) -> Self {
        Self { limit: Some(entries), ..self }
    }

    /// Selects the entries with a larger id, to read more than `limit`.
    ///
    /// ```
    /// let next_page = egito::EntryQuery::default().after(117);
    /// ```
    #[must_use]
    pub fn after(self, id: i64) -> Self {
        Self { after: Some(id), ..self }
    }

    /// Reads a query from a JSON object with `state`, `limit` and `after`.
    ///
    /// Error `config`: an unknown option or an invalid value.
    ///
    /// ```
    /// let query = egito::EntryQuery::from_json(br#"{"state": "refused"}"#)?;
    /// # Ok::<(), egito::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self> {
        options::read("query", json)
    }
}

//! The calls of an entity for single records, and their results as JSON.

use crate::json::{plain_json, record_id};
use crate::response::response_json;
use egito::binding::{ids_from_json, response_of};
use egito::{Entity, Method, Record, RecordId, RecordKey, Result};

/// A call of an entity. Records, fields, params, options and ids are JSON.
#[derive(uniffi::Enum)]
pub enum EntityCall {
    /// Creates a record. The result is its id.
    Create {
        /// The record.
        record: Vec<u8>,
    },
    /// Finds the record with the key that the options name, or creates it. The result has `id`, `created` and `duplicates`.
    CreateOnce {
        /// The record.
        record: Vec<u8>,
        /// The key and its options.
        options: Vec<u8>,
    },
    /// Finds the record with the key that the options name, and creates or updates it. The result has `id`, `change`, `fields` and
    /// `duplicates`.
    Upsert {
        /// The record.
        record: Vec<u8>,
        /// The key and its options.
        options: Vec<u8>,
    },
    /// Reads a record. The result is the record.
    Get {
        /// Its id.
        id: String,
    },
    /// Changes a record. The result is its id.
    Update {
        /// Its id.
        id: String,
        /// The fields that change.
        fields: Vec<u8>,
    },
    /// Deletes a record. The result is its id.
    Delete {
        /// Its id.
        id: String,
    },
    /// Runs a custom action. The result is what the server returns.
    Call {
        /// The action.
        action: String,
        /// Its params.
        params: Vec<u8>,
        /// The HTTP method, such as `POST`.
        method: String,
    },
    /// Reads the ids of all records.
    Ids,
    /// Returns those of the given ids whose records do not exist any more.
    Deleted {
        /// The ids, an array.
        ids: Vec<u8>,
    },
}

impl EntityCall {
    /// Runs the call, and returns its result, with the response if it is wanted.
    pub async fn run(self, entity: Entity, with_response: bool) -> Result<Vec<u8>> {
        if !with_response {
            return self.value(entity).await;
        }
        let response = response_of(&entity, |entity| self.value(entity)).await?;
        Ok(response_json(&response, &response.value))
    }

    async fn value(self, entity: Entity) -> Result<Vec<u8>> {
        match self {
            Self::Create { record } => entity.create(Record::from_bytes(record)?).await.map(|id| id_json(&id)),
            Self::CreateOnce { record, options } => {
                let result = entity.create_once(Record::from_bytes(record)?, RecordKey::from_json(&options)?).await;
                result.map(|result| plain_json(&result))
            }
            Self::Upsert { record, options } => {
                let result = entity.upsert(Record::from_bytes(record)?, RecordKey::from_json(&options)?).await;
                result.map(|result| plain_json(&result))
            }
            Self::Get { id } => entity.get(record_id(&id)?).await.map(|record| record.bytes().into()),
            Self::Update { id, fields } => {
                entity.update(record_id(&id)?, Record::from_bytes(fields)?).await.map(|id| id_json(&id))
            }
            Self::Delete { id } => entity.delete(record_id(&id)?).await.map(|id| id_json(&id)),
            Self::Call { action, params, method } => {
                let (params, method) = (Record::from_bytes(params)?, method.parse::<Method>()?);
                entity.call_with_method(&action, params, method).await.map(|result| result.bytes().into())
            }
            Self::Ids => entity.ids().await.map(|ids| plain_json(&ids)),
            Self::Deleted { ids } => entity.deleted(ids_from_json(&ids)?).await.map(|ids| plain_json(&ids)),
        }
    }
}

fn id_json(id: &RecordId) -> Vec<u8> {
    id.to_json().into_bytes()
}

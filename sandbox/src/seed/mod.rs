//! The initial data of the CRM: a seed document, and generated records.

mod generate;
pub(crate) mod people;
mod yaml;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::crm::Crm;
use crate::fields::{Fields, number};
use crate::store::{Key, Store};
use people::{Client, People, User};

pub(crate) use generate::fill;

/// A seed document. Missing people, rules and dictionaries are those of the default seed; entities are not inherited.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Document {
    clients: Option<Vec<Client>>,
    users: Option<Vec<User>>,
    required: Option<HashMap<String, Vec<String>>>,
    /// Type → entries.
    dictionaries: Option<Fields>,
    /// Entity → records.
    entities: Fields,
}

/// The types of a document's records. They are checked on parsing, while positions in the text are known.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Schema {
    dictionaries: Option<HashMap<String, Vec<Fields>>>,
    entities: HashMap<String, Vec<Fields>>,
}

/// The message of an invalid seed.
#[derive(Debug)]
pub(crate) struct SeedError(String);

impl Document {
    pub fn from_yaml(text: &str) -> Result<Self, SeedError> {
        let json = yaml::to_json(text).map_err(SeedError)?;
        Self::read(&json).map_err(|error| {
            // The position is in our own one-line JSON. Report the position in the YAML instead.
            let message = error.to_string();
            let position = format!(" at line {} column {}", error.line(), error.column());
            let message = message.strip_suffix(&position).unwrap_or(&message);
            SeedError(format!("{}: {message}", yaml::position_of(text, error.column())))
        })
    }

    pub fn from_json(text: &str) -> Result<Self, SeedError> {
        Ok(Self::read(text)?)
    }

    fn read(json: &str) -> serde_json::Result<Self> {
        let document = serde_json::from_str(json)?;
        serde_json::from_str::<Schema>(json).map(|_| document)
    }

    /// Returns the built-in seed.
    pub fn built_in() -> Self {
        static BUILT_IN: LazyLock<Document> =
            LazyLock::new(|| Document::from_yaml(include_str!("default.yaml")).expect("the default seed is valid"));
        BUILT_IN.clone()
    }

    /// Returns the built-in seed without its records.
    pub fn empty() -> Self {
        Self { entities: Fields::default(), ..Self::built_in() }
    }

    /// Sets the people and rules of this document, and makes the users' refresh tokens valid.
    pub fn set_rules(&self, crm: &mut Crm) {
        let default = Self::built_in();
        let clients = self.clients.clone().or(default.clients).unwrap_or_default();
        let users = self.users.clone().or(default.users).unwrap_or_default();
        crm.tokens.add_seeded(&clients, &users, &crm.config, crm.clock.now());
        crm.people = People { clients, users };
        crm.required = self.required.clone().or(default.required).unwrap_or_default();
    }

    /// Stores the document's dictionaries and records.
    pub fn store(&self, store: &mut Store) -> Result<(), SeedError> {
        let dictionaries = self.dictionaries.clone().or(Self::built_in().dictionaries).unwrap_or_default();
        for (kind, entries) in dictionaries.iter() {
            add_records(store, &dictionary_entity(kind), entries)?;
        }
        add_entities(store, &self.entities).map(drop)
    }
}

/// Adds the records of each entity unchanged. Returns their ids.
pub(crate) fn add_entities(store: &mut Store, entities: &Fields) -> Result<Fields, SeedError> {
    let mut ids = Fields::default();
    for (entity, records) in entities.iter() {
        ids.set(entity, crate::fields::to_raw(&add_records(store, entity, records)?));
    }
    Ok(ids)
}

/// Returns the entity that stores a dictionary. No real entity can have its name.
pub(crate) fn dictionary_entity(kind: &str) -> String {
    format!("SelectDictionary:{kind}")
}

fn add_records(store: &mut Store, entity: &str, records: &RawValue) -> Result<Vec<Box<RawValue>>, SeedError> {
    let invalid = |position: &str, expected: &str, given: &RawValue| {
        Err(SeedError(format!("{entity}{position}: expected {expected}, got {}", kind(given))))
    };
    let Ok(records) = serde_json::from_str::<Vec<Box<RawValue>>>(records.get()) else {
        return invalid("", "a list of records", records);
    };
    if let Some((index, record)) = records.iter().enumerate().find(|(_, record)| !record.get().starts_with('{')) {
        return invalid(&format!("[{index}]"), "a record (a JSON object)", record);
    }
    records.iter().map(|record| add_record(store, entity, record)).collect()
}

/// Returns the type of a JSON value, for messages.
fn kind(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}

fn add_record(store: &mut Store, entity: &str, record: &RawValue) -> Result<Box<RawValue>, SeedError> {
    let mut fields = Fields::parse(record.get())?;
    let given = fields.get("id").and_then(|id| Some((Key::of_field(id)?, id.to_owned())));
    if let Some((key, id)) = given {
        store.put(entity, &key, record.get())?;
        return Ok(id);
    }
    let key = store.next_id(entity)?;
    fields.set_first("id", number(key));
    store.put(entity, &Key::Number(key), &fields.to_json())?;
    Ok(number(key))
}

impl fmt::Display for SeedError {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<rusqlite::Error> for SeedError {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<serde_json::Error> for SeedError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

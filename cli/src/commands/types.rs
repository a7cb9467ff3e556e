//! `egito types`: types of this instance for a program.

use crate::context::Context;
use crate::count::at_least_one;
use crate::export::Target;
use crate::failure::Failure;
use crate::messages::{Language, messages};
use crate::output::{note, progress};
use crate::types::{Dictionaries, Model, ObjectShape, TypeLanguage, dictionary_names};
use clap::Args;
use egito::Client;
use std::collections::btree_map::Entry;
use std::io::Write;
use std::path::PathBuf;

/// Write types for the records of this instance, as its records and dictionaries show them
#[derive(Args, Debug)]
pub struct Arguments {
    /// Names of entities, such as Account
    #[arg(required = true, value_name = "ENTITY")]
    entities: Vec<String>,
    /// Language of the types
    #[arg(long, value_enum)]
    lang: TypeLanguage,
    /// File to write; `-` is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Newest records that are read of each entity
    #[arg(long, value_name = "N", default_value_t = 1000, allow_negative_numbers = true, value_parser = at_least_one::<u64>)]
    sample: u64,
    /// Do not ask for the dictionaries of the fields
    #[arg(long)]
    no_dictionaries: bool,
}

messages! {
    reading_records(entity: &str) "reading {entity}" "odczyt {entity}";
    no_records_for_types(entity: &str)
        "{entity} has no records, so its fields are not known; no types of it were written"
        "{entity} nie ma rekordów, więc jego pola nie są znane; nie zapisano jego typów";
    types_header(entities: &str)
        "Types of {entities}, written by `egito types`: guessed from records, so other records may differ."
        "Typy {entities}, zapisane przez `egito types`: odgadnięte z rekordów, więc inne rekordy mogą się różnić.";
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let (language, client) = (context.language, context.client()?);
        let (mut models, mut known, mut dictionaries) = (Vec::new(), Vec::new(), Dictionaries::new());
        for entity in &self.entities {
            let spinner = progress::spinner(language.reading_records(entity));
            let read = self.read(&client, entity, &mut dictionaries).await;
            spinner.finish_and_clear();
            let shape = read?;
            if shape.objects == 0 {
                note(&language.no_records_for_types(entity));
            } else {
                models.push(Model::new(entity, &shape, &dictionaries));
                known.push(entity.as_str());
            }
        }
        if !known.is_empty() {
            self.write(language, &self.lang.write(&models, &language.types_header(&known.join(", "))))?;
        }
        if known.len() == self.entities.len() { Ok(()) } else { Err(Failure::Problems) }
    }

    fn write(&self, language: Language, text: &str) -> Result<(), Failure> {
        let write = || {
            let mut target = Target::open(&self.output)?;
            target.write_all(text.as_bytes())?;
            target.finish()
        };
        write().map_err(|error| {
            let is_stdout = self.output.as_os_str() == "-";
            if is_stdout {
                Failure::stdout(language, &error)
            } else {
                Failure::writing(language, self.output.display(), &error)
            }
        })
    }

    async fn read(&self, client: &Client, entity: &str, dictionaries: &mut Dictionaries) -> egito::Result<ObjectShape> {
        let list = client.entity(entity)?.list().sort("id").order("desc").limit(self.sample);
        let (mut records, mut shape) = (list.records()?, ObjectShape::default());
        while let Some(record) = records.next().await {
            let json = record?;
            shape.add(json.json()).map_err(|error| egito::Error::config("record", error.to_string()))?;
        }
        for name in dictionary_names(&shape).into_iter().filter(|_| !self.no_dictionaries) {
            if let Entry::Vacant(place) = dictionaries.entry(name) {
                let entries = entries(client, place.key()).await?;
                place.insert(entries);
            }
        }
        Ok(shape)
    }
}

/// Returns the entries of a dictionary, such as `Produkcja (1)`. A field without a dictionary has none.
async fn entries(client: &Client, name: &str) -> egito::Result<Vec<String>> {
    let entries = match client.dictionary(name).limit(100).to_vec().await {
        Ok(entries) => entries,
        Err(error) if error.is_not_found() || error.is_validation() => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let text = |record: &egito::Record, field: &str| {
        record.raw(field).and_then(|json| serde_json::from_str::<String>(json).ok())
    };
    let entry = |record: &egito::Record| {
        let shown = ["name", "label", "text", "value"].iter().find_map(|field| text(record, field));
        match (shown, record.id()) {
            (Some(shown), Some(id)) => Some(format!("{shown} ({id})")),
            (shown, id) => shown.or_else(|| id.map(|id| id.to_string())),
        }
    };
    Ok(entries.iter().filter_map(entry).collect())
}

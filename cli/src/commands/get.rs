//! `egito get`: one record.

use crate::context::Context;
use crate::failure::Failure;
use crate::output::{RecordFields, json_text, note};
use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use egito::RecordId;

/// Show a record
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity
    entity: String,
    /// Id of the record
    id: String,
    /// Fields to show, separated by commas
    #[arg(long, value_name = "FIELD,FIELD…", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    fields: Option<Vec<String>>,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let entity = context.client()?.entity(&self.entity)?;
        let record = entity.get(RecordId::from_text(&self.id)).await?;
        let fields = RecordFields::new(&record, self.fields.as_deref());
        let mut out = context.out();
        match (context.json, &self.fields) {
            (true, None) => out.line(&json_text::one_line(record.json()))?,
            (true, Some(_)) => out.line(&fields.to_json())?,
            (false, _) => out.text(&fields.to_text())?,
        }
        out.flush()?;
        for field in self.fields.iter().flatten().filter(|field| record.raw(field).is_none()) {
            note(&context.language.missing_field(field));
        }
        Ok(())
    }
}

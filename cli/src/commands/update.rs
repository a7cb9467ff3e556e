//! `egito update`: other values for fields of a record.

use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::messages::messages;
use clap::Args;
use egito::RecordId;

messages! {
    updated(entity: &str, id: &str) "updated {entity} {id}" "zmieniono {entity} {id}";
}

/// Update fields of a record
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity
    entity: String,
    /// Id of the record
    id: String,
    #[command(flatten)]
    fields: Fields,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let fields = self.fields.record(context)?;
        let entity = context.client()?.entity(&self.entity)?;
        let id = entity.update(RecordId::from_text(&self.id), fields).await?;
        context.report_id(&id, &context.language.updated(&self.entity, &id.to_string()))
    }
}

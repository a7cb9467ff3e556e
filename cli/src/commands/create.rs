//! `egito create`: a new record.

use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::messages::messages;
use clap::Args;

messages! {
    created(entity: &str, id: &str) "created {entity} {id}" "utworzono {entity} {id}";
}

/// Create a record
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity
    entity: String,
    #[command(flatten)]
    fields: Fields,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let record = self.fields.record(context)?;
        let id = context.client()?.entity(&self.entity)?.create(record).await?;
        context.report_id(&id, &context.language.created(&self.entity, &id.to_string()))
    }
}

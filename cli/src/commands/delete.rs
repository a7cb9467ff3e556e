//! `egito delete`: the end of a record.

use crate::confirm::confirm;
use crate::context::Context;
use crate::failure::Failure;
use crate::messages::messages;
use clap::Args;
use egito::RecordId;

messages! {
    deleted(entity: &str, id: &str) "deleted {entity} {id}" "usunięto {entity} {id}";
    really_delete(entity: &str, id: &str) "Delete {entity} {id}?" "Usunąć {entity} {id}?";
}

/// Delete a record, after a question
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity
    entity: String,
    /// Id of the record
    id: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let entity = context.client()?.entity(&self.entity)?;
        let id = RecordId::from_text(&self.id);
        confirm(context, self.yes, &context.language.really_delete(&self.entity, &id.to_string()))?;
        let id = entity.delete(id).await?;
        context.report_id(&id, &context.language.deleted(&self.entity, &id.to_string()))
    }
}

//! The commands, one file each: its arguments, and what it does.

mod call;
mod completions;
mod create;
mod delete;
mod dictionary;
mod doctor;
mod export;
mod get;
mod import;
mod list;
mod man;
mod outbox;
mod sandbox;
mod types;
mod update;

use crate::context::Context;
use crate::failure::Failure;
use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Command {
    Doctor(doctor::Arguments),
    List(list::Arguments),
    Get(get::Arguments),
    Create(create::Arguments),
    Update(update::Arguments),
    Delete(delete::Arguments),
    Call(call::Arguments),
    Dictionary(dictionary::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Types(types::Arguments),
    Outbox(outbox::Arguments),
    Sandbox(sandbox::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    /// Runs the command.
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Doctor(arguments) => arguments.run(context).await,
            Self::List(arguments) => arguments.run(context).await,
            Self::Get(arguments) => arguments.run(context).await,
            Self::Create(arguments) => arguments.run(context).await,
            Self::Update(arguments) => arguments.run(context).await,
            Self::Delete(arguments) => arguments.run(context).await,
            Self::Call(arguments) => arguments.run(context).await,
            Self::Dictionary(arguments) => arguments.run(context).await,
            Self::Export(arguments) => arguments.run(context).await,
            Self::Import(arguments) => arguments.run(context).await,
            Self::Types(arguments) => arguments.run(context).await,
            Self::Outbox(arguments) => arguments.run(context).await,
            Self::Sandbox(arguments) => arguments.run(context).await,
            Self::Completions(arguments) => arguments.run(context),
            Self::Man(arguments) => arguments.run(context),
        }
    }
}

//! `egito dictionary`: the entries of a dictionary.

use super::list;
use crate::context::Context;
use crate::failure::Failure;
use crate::output::RecordPrinter;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// List the entries of a dictionary
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the dictionary, such as industry
    name: String,
    /// Fields to show, separated by commas
    #[arg(long, value_name = "FIELD,FIELD…", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    fields: Option<Vec<String>>,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let entries = context.client()?.dictionary(&self.name);
        let mut printer = RecordPrinter::new(context, self.fields.clone());
        list::print(context, entries, None, false, &self.name, &mut printer).await?;
        printer.finish(context)
    }
}

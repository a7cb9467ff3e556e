//! `egito call`: a custom action of the API.

use crate::context::Context;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::{json_text, terminal_width};
use clap::{Args, ValueEnum};

/// Call a custom action of the API, and print its response
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity
    entity: String,
    /// Name of the action
    action: String,
    #[command(flatten)]
    fields: Fields,
    /// HTTP method; with GET, the fields are sent in the address
    #[arg(long, default_value = "post", ignore_case = true)]
    method: Method,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Method {
    /// Sent once, since it may change something
    Post,
    /// Only reads
    Get,
    /// Deletes
    Delete,
}

impl From<Method> for egito::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Post => Self::Post,
            Method::Get => Self::Get,
            Method::Delete => Self::Delete,
        }
    }
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let fields = self.fields.record_or_empty(context)?;
        let entity = context.client()?.entity(&self.entity)?;
        let response = entity.call_with_method(&self.action, fields, self.method.into()).await?;
        let for_people = terminal_width().is_some() && !context.json;
        let json = response.json();
        context.out().last_line(&if for_people { json_text::indented(json) } else { json_text::one_line(json).into() })
    }
}

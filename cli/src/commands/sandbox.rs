//! `egito sandbox`: a local Egito to try things out.

use crate::context::Context;
use crate::failure::Failure;
use crate::messages::messages;
use crate::output::note;
use clap::Args;
use egito_sandbox::{Options, Sandbox};
use serde_json::json;
use std::path::PathBuf;

messages! {
    sandbox_runs(address: &str, page: &str)
        "The sandbox listens on {address}. Paste the lines above into another terminal; stop it here with Ctrl-C.\nOpen {page} in a browser to see requests and to make them fail."
        "Piaskownica działa pod adresem {address}. Wklej powyższe wiersze w innym terminalu; zatrzymaj ją tutaj: Ctrl-C.\nOtwórz {page} w przeglądarce, aby widzieć żądania i psuć je.";
    sandbox_fails(why: &str) "the sandbox cannot start: {why}" "piaskownica nie może wystartować: {why}";
}

/// Start a local Egito to develop and test against; Ctrl-C stops it
#[derive(Args, Debug)]
pub struct Arguments {
    /// Port to listen on; 0 uses a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Fill the entity Account up to this number of records
    #[arg(long, value_name = "N")]
    records: Option<u32>,
    /// Seed document (YAML) instead of the built-in one
    #[arg(long, value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Database file to store the records in
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let options =
            Options { port: self.port, records: self.records, seed: self.seed.clone(), data: self.data.clone() };
        let started = Sandbox::start(options).await;
        let sandbox = started.map_err(|error| Failure::File(context.language.sandbox_fails(&error.to_string())))?;
        let settings = sandbox.settings();
        let text = if context.json {
            json!({"address": sandbox.address(), "page": sandbox.page(), "settings": settings}).to_string()
        } else {
            settings.to_exports()
        };
        context.out().last_line(&text)?;
        note(&context.language.sandbox_runs(sandbox.address(), &sandbox.page()));
        context.interrupts.wait().await;
        sandbox.stop().await;
        Ok(())
    }
}

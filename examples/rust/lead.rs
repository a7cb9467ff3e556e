//! Registers the lead of a web form exactly once: `cargo run --bin lead < form.json`.
//!
//! The form is JSON, such as `{"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}`.
//! Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.

use egito::blocking::Client;
use egito::{FoundOrCreated, Outcome};
use serde_json::{Map, Value};
use std::process::ExitCode;

fn register(form: &Map<String, Value>) -> Result<FoundOrCreated, egito::Error> {
    let fields = ["formKey", "lastName", "phone"]; // a visitor must not set `owner` or `status`
    let lead: Map<_, _> = form.clone().into_iter().filter(|(name, _)| fields.contains(&name.as_str())).collect();
    Client::from_env()?.leads().create_once(&lead, "formKey")
}

fn main() -> ExitCode {
    let form = match serde_json::from_reader(std::io::stdin()) {
        Ok(form) => form,
        Err(error) => {
            eprintln!("the form is not a JSON object: {error}");
            return ExitCode::FAILURE;
        }
    };
    match register(&form) {
        Ok(lead) => {
            println!("{} lead {}", if lead.created { "created" } else { "found" }, lead.id);
            ExitCode::SUCCESS
        }
        Err(error) if error.is_validation() => {
            for refused in &error.details().errors {
                eprintln!("{}: {}", refused.field.as_deref().unwrap_or("record"), refused.message);
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{}: {error}", error.code());
            let again = error.is_retryable() || error.outcome() == Some(Outcome::Unknown);
            ExitCode::from(if again { 75 } else { 1 }) // 75: send the same form again
        }
    }
}

//! Keeps leads in a file while the CRM is down: `cargo run --bin outbox put < lead.json`, and `cargo run --bin outbox deliver`.
//!
//! `put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.

use egito::blocking::{Client, Outbox};
use egito::{EntryQuery, EntryState};
use std::error::Error;
use std::process::ExitCode;

/// Stores the lead of standard input. The same form again is the same entry.
fn put(outbox: &Outbox) -> Result<ExitCode, Box<dyn Error>> {
    let lead: serde_json::Value = serde_json::from_reader(std::io::stdin())?;
    println!("stored as entry {}", outbox.put("Lead", &lead, "formKey")?);
    Ok(ExitCode::SUCCESS)
}

/// Sends what is due.
fn deliver(outbox: &Outbox) -> Result<ExitCode, Box<dyn Error>> {
    let delivery = outbox.deliver(None)?;
    let waiting = delivery.waiting + delivery.unclear;
    let refused = outbox.entries(EntryQuery::default().state(EntryState::Refused))?;
    println!("{} delivered, {} refused, {waiting} waiting", delivery.delivered, refused.len());
    for entry in &refused {
        // A person corrects them with `edit`, or removes them with `discard`.
        let reason = entry.error.as_ref().map(ToString::to_string).unwrap_or_default();
        eprintln!("entry {} was refused: {reason}", entry.id);
    }
    if let Some(error) = delivery.paused_by {
        eprintln!("paused until {}: {error}", delivery.next_attempt_at.unwrap_or_default());
    }
    Ok(match (refused.len(), waiting) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(75), // try again later
        _ => ExitCode::FAILURE,
    })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = match arguments.as_slice() {
        [command] if command == "put" => put,
        [command] if command == "deliver" => deliver,
        _ => {
            eprintln!("usage: outbox put|deliver");
            return ExitCode::from(2);
        }
    };
    let outbox = Client::from_env().and_then(|client| client.outbox("egito-outbox.db"));
    outbox.map_err(Into::into).and_then(|outbox| command(&outbox)).unwrap_or_else(|error| {
        match error.downcast_ref::<egito::Error>() {
            Some(error) => eprintln!("{}: {error}", error.code()),
            None => eprintln!("{error}"),
        }
        ExitCode::FAILURE
    })
}

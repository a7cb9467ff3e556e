//! Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `cargo run --bin normalize -- --write`.
//!
//! Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.

use egito::RecordId;
use egito::blocking::{Client, Entity};
use serde::{Deserialize, Serialize};
use std::process::ExitCode;

#[derive(Deserialize)]
struct Account {
    id: RecordId,
    nip: Option<String>,
}

/// The fields to update.
#[derive(Serialize)]
struct Update {
    nip: String,
}

/// Returns the updates by the id of the account, and how many numbers are invalid.
fn find(accounts: &Entity) -> Result<(Vec<(RecordId, Update)>, u64), egito::Error> {
    let (mut updates, mut invalid) = (Vec::new(), 0);
    for account in accounts.list() {
        let Account { id, nip } = account?.deserialize()?;
        let nip = nip.unwrap_or_default();
        let digits: String = nip.chars().filter(char::is_ascii_digit).collect();
        if !nip.is_empty() && digits.len() != 10 {
            eprintln!("account {id}: {nip} is not a tax number");
            invalid += 1;
        } else if digits != nip {
            println!("account {id}: {nip} becomes {digits}");
            updates.push((id, Update { nip: digits }));
        }
    }
    Ok((updates, invalid))
}

fn normalize(write: bool) -> Result<ExitCode, egito::Error> {
    let accounts = Client::from_env()?.accounts();
    let (updates, invalid) = find(&accounts)?;
    let count = updates.len();
    let (mut done, mut failed, mut retryable) = (0, 0, false);
    let updates = if write { updates } else { Vec::new() };
    for row in accounts.update_many(updates)?.concurrency(4) {
        match row.error {
            None => done += 1,
            Some(error) => {
                // One failed update does not stop the others.
                eprintln!("{}: {error}", error.code());
                retryable |= error.is_retryable();
                failed += 1;
            }
        }
    }
    println!("{done} of {count} changed, {invalid} invalid");
    if retryable {
        return Ok(ExitCode::from(75)); // try again later
    }
    Ok(if failed > 0 || invalid > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.len() > 1 || arguments.iter().any(|argument| argument != "--write") {
        eprintln!("usage: normalize [--write]");
        return ExitCode::from(2);
    }
    normalize(!arguments.is_empty()).unwrap_or_else(|error| {
        eprintln!("{}: {error}", error.code());
        ExitCode::from(if error.is_retryable() { 75 } else { 1 })
    })
}

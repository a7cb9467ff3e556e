//! Imports accounts from a CSV file with the columns nip;name;city: `cargo run --bin import accounts.csv`.
//!
//! Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
//! `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
//! and run it again.

use egito::blocking::Client;
use egito::{Change, Outcome};
use std::error::Error;
use std::process::ExitCode;

/// Reads the record of each line.
fn read_accounts(path: &str) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
    let mut lines = csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_path(path)?;
    let mut accounts = Vec::new();
    for (index, line) in lines.records().enumerate() {
        let line = line?;
        let [nip, name, city] = line.iter().collect::<Vec<_>>()[..] else {
            return Err(format!("{path}, line {}: expected 3 cells, got {}", index + 2, line.len()).into());
        };
        accounts.push(serde_json::json!({"nip": nip, "name": name, "city": city}));
    }
    Ok(accounts)
}

fn import(path: &str) -> Result<ExitCode, Box<dyn Error>> {
    let (journal, report) = (format!("{path}.journal"), format!("{path}.rejected.txt"));
    let (mut created, mut updated, mut unchanged, mut run_again) = (0, 0, 0, false);
    let mut rejected = Vec::new();
    let accounts = read_accounts(path)?;
    for row in Client::from_env()?.accounts().upsert_many(accounts, "nip")?.journal(&journal)? {
        let line = row.index + 2;
        match (row.change, row.error) {
            (Some(Change::Created), _) => created += 1,
            (Some(Change::Updated), _) => updated += 1,
            (Some(Change::Unchanged), _) => unchanged += 1,
            (_, Some(error)) => {
                run_again |= error.is_retryable() || error.outcome() == Some(Outcome::Unknown);
                rejected.push(format!("line {line}: {error}\n"));
            }
            (_, None) => {
                rejected.push(format!("line {line}: several accounts have this number: {:?}\n", row.duplicates));
            }
        }
    }
    println!("{created} created, {updated} updated, {unchanged} unchanged, {} rejected", rejected.len());
    std::fs::write(&report, rejected.concat())?;
    if !rejected.is_empty() {
        return Ok(ExitCode::from(if run_again { 75 } else { 1 })); // 75: try again later
    }
    std::fs::remove_file(report)?;
    std::fs::remove_file(journal)?; // the import is done: the next one begins from the start
    Ok(ExitCode::SUCCESS)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path] = arguments.as_slice() else {
        eprintln!("usage: import FILE");
        return ExitCode::from(2);
    };
    import(path).unwrap_or_else(|error| {
        eprintln!("{error}");
        let retryable = error.downcast_ref().is_some_and(egito::Error::is_retryable);
        ExitCode::from(if retryable { 75 } else { 1 })
    })
}

//! Writes all accounts to a CSV file, in constant memory: `cargo run --bin export accounts.csv`.
//!
//! The file is complete, or it is not there: it gets its name only after the last account.

use egito::RecordId;
use egito::blocking::Client;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// The columns of the file.
#[derive(Serialize, Deserialize)]
struct Account {
    id: RecordId,
    nip: Option<String>,
    name: Option<String>,
    city: Option<String>,
}

/// Writes the file, and returns the number of accounts.
fn export(target: &str) -> Result<u64, Box<dyn Error>> {
    let part = format!("{target}.part");
    let mut file = std::fs::File::create(&part)?;
    file.write_all("\u{feff}".as_bytes())?; // Excel needs a byte order mark for Polish letters
    let mut rows = csv::Writer::from_writer(file);
    let mut count = 0;
    for account in Client::from_env()?.accounts().list() {
        let account: Account = account?.deserialize()?; // the list reads page after page
        rows.serialize(account)?;
        count += 1;
    }
    rows.flush()?;
    std::fs::rename(part, target)?;
    Ok(count)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [target] = arguments.as_slice() else {
        eprintln!("usage: export FILE");
        return ExitCode::from(2);
    };
    match export(target) {
        Ok(count) => println!("{count} accounts written to {target}"),
        Err(error) => {
            let Some(error) = error.downcast_ref::<egito::Error>() else {
                eprintln!("{target}: {error}");
                return ExitCode::FAILURE;
            };
            eprintln!("{}: {error}", error.code());
            return ExitCode::from(if error.is_retryable() { 75 } else { 1 }); // 75: try again later
        }
    }
    ExitCode::SUCCESS
}

//! The contestants in Rust: `egito-bench-rust CONTESTANT WORKLOAD COUNT`. See benches/README.md.
//!
//! The environment has the settings in `BENCH_SETTINGS` and the record to create in `BENCH_RECORD`, both as JSON.

mod ours;
mod peer;

use egito::Settings;
use serde::Deserialize;
use serde_json::{Value, json};

type Error = Box<dyn std::error::Error>;

const IDS: u32 = 1_000;
const PAGE: u32 = 1_000;

/// The fields that the contestants read.
#[derive(Deserialize)]
struct Account {
    id: i64,
    employees: i64,
}

/// The number of records that were read or created, and the sum of their fields, which the runner checks.
#[derive(Default)]
struct Total {
    count: u32,
    sum: i64,
}

impl Total {
    /// Adds a record.
    fn add(&mut self, account: &Account) {
        self.count += 1;
        self.sum += account.id + account.employees;
    }

    /// Adds the id of a new record.
    fn add_id(&mut self, id: i64) {
        self.count += 1;
        self.sum += id;
    }
}

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contestant, workload, count] = &arguments[..] else {
        return Err("usage: egito-bench-rust CONTESTANT WORKLOAD COUNT".into());
    };
    let count = count.parse()?;
    let settings = std::env::var("BENCH_SETTINGS")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let total = match contestant.as_str() {
        "egito" => {
            let client = egito::Client::new(Settings::from_json(settings.as_bytes())?)?;
            runtime.block_on(ours::run(&client, workload, count))?
        }
        "egito, blocking" => {
            let client = egito::blocking::Client::new(Settings::from_json(settings.as_bytes())?)?;
            ours::run_blocking(&client, workload, count)?
        }
        "reqwest + serde_json" => runtime.block_on(peer::run(&serde_json::from_str(&settings)?, workload, count))?,
        other => return Err(format!("unknown contestant: {other}").into()),
    };
    println!("{}", json!({"count": total.count, "sum": total.sum}));
    Ok(())
}

/// Returns the ids that are read one after the other.
fn ids(count: u32) -> impl Iterator<Item = i64> {
    (0..count).map(|number| i64::from(number % IDS + 1))
}

/// Returns the records that are created one after the other.
fn new_records(count: u32) -> Result<impl Iterator<Item = Value>, Error> {
    let mut record: Value = serde_json::from_str(&std::env::var("BENCH_RECORD")?)?;
    Ok((0..count).map(move |number| {
        record["employees"] = number.into();
        record.clone()
    }))
}

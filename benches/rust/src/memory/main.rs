//! Measures the peak memory of a client that lists or creates many records, in a process for each row.
//!
//! Usage: `egito-bench-memory PATH-OF-EGITO-SANDBOX`. See benches/README.md.

use egito::Settings;
use serde_json::{Value, json};
use std::io::BufRead;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

type Error = Box<dyn std::error::Error>;

const PAGE: u32 = 1_000;
const PREFETCH: u32 = 2;

/// The argument that turns this program into the measured process.
const MEASURED: &str = "--measured";

const SETTINGS: &str = "EGITO_BENCH_SETTINGS";

/// The workloads, and how often each runs; the first one shows what a client takes by itself.
const ROWS: [(&str, &str, [u32; 3]); 3] = [
    ("async", "records listed", [20, 100_000, 1_000_000]),
    ("blocking", "records listed", [20, 100_000, 1_000_000]),
    ("bulk", "records created from an iterator", [20, 20_000, 200_000]),
];

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("usage: egito-bench-memory PATH-OF-EGITO-SANDBOX")?;
    if program == MEASURED { measured(arguments) } else { table(&program) }
}

/// Starts a sandbox for each row, and prints the table.
fn table(program: &str) -> Result<(), Error> {
    println!("\n| a client's memory | peak, MiB | wall, s |\n| --- | ---: | ---: |");
    for (work, what, numbers) in ROWS {
        for number in numbers {
            let (mut sandbox, settings) = start(program, if work == "bulk" { 20 } else { number })?;
            let measured = measure(work, number, settings);
            sandbox.kill()?;
            sandbox.wait()?;
            let (mib, seconds) = measured?;
            println!("| {work}, {number} {what} | {mib:.1} | {seconds:.1} |");
        }
    }
    Ok(())
}

/// Starts the sandbox and reads the settings that it prints.
fn start(program: &str, records: u32) -> Result<(Child, serde_json::Value), Error> {
    let records = records.to_string();
    let arguments = ["--port", "0", "--exit-with-parent", "--records", &records];
    let mut sandbox = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    std::io::BufReader::new(sandbox.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    let printed: serde_json::Value = serde_json::from_str(&line)?;
    Ok((sandbox, printed["settings"].clone()))
}

/// Runs the workload in its own process, and returns its peak memory in MiB and its seconds.
fn measure(work: &str, number: u32, mut settings: Value) -> Result<(f64, f64), Error> {
    settings["page_size"] = PAGE.into();
    settings["prefetch"] = PREFETCH.into();
    let begun = Instant::now();
    let output = Command::new(std::env::current_exe()?)
        .args([MEASURED, work, &number.to_string()])
        .env(SETTINGS, settings.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    check(output.status.success())?;
    let kib: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok((kib / 1024.0, begun.elapsed().as_secs_f64()))
}

/// Runs the workload in this process and prints its peak memory in KiB.
fn measured(mut arguments: impl Iterator<Item = String>) -> Result<(), Error> {
    let (work, number) = (arguments.next().ok_or("no work")?, arguments.next().ok_or("no number")?.parse()?);
    let settings = Settings::from_json(std::env::var(SETTINGS)?.as_bytes())?;
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    match work.as_str() {
        "async" => runtime()?.block_on(list(&egito::Client::new(settings)?, number))?,
        "blocking" => blocking_list(&egito::blocking::Client::new(settings)?, number)?,
        _ => runtime()?.block_on(bulk(&egito::Client::new(settings)?, number))?,
    }
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}

async fn list(client: &egito::Client, number: u32) -> Result<(), Error> {
    let mut records = client.accounts().list().records()?;
    let mut read = 0;
    while let Some(record) = records.next().await {
        read += 1;
        check(record?.id() == Some(read.into()))?;
    }
    check(read == i64::from(number))
}

fn blocking_list(client: &egito::blocking::Client, number: u32) -> Result<(), Error> {
    let mut read = 0;
    for record in client.accounts().list().records()? {
        read += 1;
        check(record?.id() == Some(read.into()))?;
    }
    check(read == i64::from(number))
}

async fn bulk(client: &egito::Client, number: u32) -> Result<(), Error> {
    let inputs = (0..number).map(|number| json!({"name": format!("Firma {number}"), "city": "Łódź"}));
    let mut rows = client.accounts().create_many(inputs).rows();
    let mut created = 0;
    while let Some(row) = rows.next().await {
        check(row.id.is_some())?;
        created += 1;
    }
    check(created == number)
}

fn check(right: bool) -> Result<(), Error> {
    if right { Ok(()) } else { Err("a wrong result was read".into()) }
}

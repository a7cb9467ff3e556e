//! Compares the core with bare reqwest, against one sandbox in another process. See benches/README.md.
//!
//! The contestants run alternately; a row is the median over the rounds. Each checks its records while it is timed.

mod memory;
mod peers;

use cpu_time::ProcessTime;
use egito::Settings;
use peers::{Account, Bare};
use std::io::BufRead;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

const ROUNDS: usize = 7;
const GETS: u32 = 3_000;
const RECORDS: u32 = 100_000;
const PAGE: u32 = 1_000;

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let program = std::env::args().nth(1).ok_or("usage: egito-bench PATH-OF-EGITO-SANDBOX [get|list|memory]")?;
    if program == memory::MEASURED {
        return memory::measured(std::env::args().skip(2));
    }
    let only = std::env::args().nth(2);
    if only.as_deref() == Some("memory") {
        return memory::table(&program);
    }
    let (mut sandbox, settings) = start(&program, RECORDS)?;
    let measured = measure(&settings, only.as_deref());
    sandbox.kill()?;
    sandbox.wait()?;
    measured
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

fn measure(settings: &serde_json::Value, only: Option<&str>) -> Result<(), Error> {
    let new_runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    let (for_bare, for_async) = (new_runtime()?, new_runtime()?);
    let bare = for_bare.block_on(Bare::log_in(settings))?;
    let settings = Settings::from_json(settings.to_string().as_bytes())?;
    let client = egito::Client::new(settings.clone())?;
    let blocking = egito::blocking::Client::new(settings)?;

    let get = |name, work: Box<dyn Fn() -> Result<(), Error>>| (name, GETS, work);
    let list = |name, work: Box<dyn Fn() -> Result<(), Error>>| (name, 1, work);
    let wanted = |name| only.is_none_or(|only| only == name);
    table(
        wanted("get"),
        "one `get` of a record, µs",
        &[
            get("reqwest, current thread, into a struct", Box::new(|| for_bare.block_on(bare.gets(GETS)))),
            get("egito, async on the same kind of runtime", Box::new(|| for_async.block_on(gets(&client)))),
            get("egito, blocking", Box::new(|| blocking_gets(&blocking))),
        ],
    )?;
    table(
        wanted("list"),
        "100,000 records in pages of 1,000, µs",
        &[
            list("reqwest, the pages' bytes only", Box::new(|| for_bare.block_on(bare.pages(RECORDS, PAGE)))),
            list("egito, async: every record's position and id", Box::new(|| async_list(&for_async, &client))),
            list("egito, blocking", Box::new(|| blocking_list(&blocking))),
        ],
    )
}

type Contestant<'a> = (&'static str, u32, Box<dyn Fn() -> Result<(), Error> + 'a>);

/// Runs the contestants alternately and prints a row for each. The ratios are to the first.
fn table(wanted: bool, title: &str, contestants: &[Contestant<'_>]) -> Result<(), Error> {
    if !wanted {
        return Ok(());
    }
    let mut times = vec![Vec::new(); contestants.len()];
    for round in 0..=ROUNDS {
        for (number, (_, calls, work)) in contestants.iter().enumerate() {
            let (cpu, wall) = (ProcessTime::now(), Instant::now());
            work()?;
            if round > 0 {
                times[number].push((cpu.elapsed() / *calls, wall.elapsed() / *calls));
            }
        }
    }
    println!("\n| {title} | CPU | wall | CPU ratio | wall ratio |\n| --- | ---: | ---: | ---: | ---: |");
    let first = medians(&times[0]);
    for ((name, ..), times) in contestants.iter().zip(&times) {
        let (cpu, wall) = medians(times);
        println!("| {name} | {cpu:.1} | {wall:.1} | {:.2} | {:.2} |", cpu / first.0, wall / first.1);
    }
    Ok(())
}

fn medians(times: &[(Duration, Duration)]) -> (f64, f64) {
    let median = |mut values: Vec<Duration>| {
        values.sort();
        values[values.len() / 2].as_secs_f64() * 1e6
    };
    (median(times.iter().map(|t| t.0).collect()), median(times.iter().map(|t| t.1).collect()))
}

async fn gets(client: &egito::Client) -> Result<(), Error> {
    let accounts = client.accounts();
    for id in 1..=GETS {
        check(accounts.get(i64::from(id)).await?.deserialize::<Account>()?.id == i64::from(id))?;
    }
    Ok(())
}

fn blocking_gets(client: &egito::blocking::Client) -> Result<(), Error> {
    let accounts = client.accounts();
    for id in 1..=GETS {
        check(accounts.get(i64::from(id))?.deserialize::<Account>()?.id == i64::from(id))?;
    }
    Ok(())
}

fn async_list(runtime: &Runtime, client: &egito::Client) -> Result<(), Error> {
    runtime.block_on(async {
        let mut pages = client.accounts().list().page_size(PAGE).pages()?;
        let mut records = 0;
        while let Some(page) = pages.next().await {
            records += page?.len();
        }
        check(records == RECORDS as usize)
    })
}

fn blocking_list(client: &egito::blocking::Client) -> Result<(), Error> {
    let mut records = 0;
    for page in client.accounts().list().page_size(PAGE).pages()? {
        records += page?.len();
    }
    check(records == RECORDS as usize)
}

fn check(right: bool) -> Result<(), Error> {
    if right { Ok(()) } else { Err("a wrong result was read".into()) }
}

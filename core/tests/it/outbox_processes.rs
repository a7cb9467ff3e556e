//! Outboxes that many processes share, and that are killed.

use crate::sandbox::Server;
use egito::blocking::{Client, Outbox};
use egito::{EntryQuery, EntryState};
use egito_sandbox::Options;
use egito_test_support::Folder;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What a process of these tests gets: settings, outbox, and the leads that it puts.
const SETTINGS: &str = "EGITO_TEST_SETTINGS";
const PATH: &str = "EGITO_TEST_OUTBOX";
const FIRST: &str = "EGITO_TEST_FIRST";
const COUNT: &str = "EGITO_TEST_COUNT";
const SEED: &str = "EGITO_TEST_SEED";

/// How long a server may take until it stores a record.
const SETTLE: Duration = Duration::from_secs(4);

/// How many deliveries a server that works may need for what is left.
const MAX_DELIVERIES: u32 = 50;

#[test]
fn entries_of_a_killed_worker_are_looked_for_and_sent_once() {
    let (server, folder) = (Server::start(), Folder::new());
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "slow"}));
    let outbox = outbox(&server, &folder);
    (0..20).for_each(|n| put(&outbox, n));
    let mut worker = start("delivers", &server, &folder, 0, 0, 0);
    await_requests(&server, "create", 8);
    assert_eq!(outbox.deliver(None).unwrap().delivered, 0, "the worker is alive");
    assert_eq!(outbox.counts().unwrap().sending, 20);
    worker.kill().unwrap();
    worker.wait().unwrap();
    server.control("DELETE", "faults", &json!(null));
    let delivery = std::thread::scope(|threads| {
        let delivery = threads.spawn(|| outbox.deliver(None).unwrap());
        await_requests(&server, "list", 20);
        server.control("POST", "release", &json!({"name": "slow"})); // the server stores what it has received only now
        delivery.join().unwrap()
    });
    assert_eq!((delivery.delivered, delivery.waiting), (20, 0));
    assert_each_once(&server, 20);
    assert!(!workers(&folder), "the files of the workers are removed");
}

#[test]
fn updates_and_deletes_of_a_killed_worker_are_sent_again() {
    let (server, folder) = (Server::start(), Folder::new());
    let faults = ["update", "delete"].map(|action| json!({"on": {"action": action}, "times": 0, "hold": "slow"}));
    server.control("POST", "faults", &json!(faults));
    let outbox = outbox(&server, &folder);
    let ids =
        [outbox.put_update("Account", 1, &json!({"city": "Łódź"})).unwrap(), outbox.put_delete("Account", 2).unwrap()];
    let mut worker = start("delivers", &server, &folder, 0, 0, 0);
    await_requests(&server, "update", 1);
    await_requests(&server, "delete", 1);
    worker.kill().unwrap();
    worker.wait().unwrap();
    server.control("POST", "release", &json!({"name": "slow"}));
    server.control("DELETE", "faults", &json!(null));
    while server.journal("delete")[0]["applied"] != true {
        std::thread::yield_now();
    }
    assert_eq!(outbox.deliver(None).unwrap().delivered, 2, "a delete that finds nothing was done before");
    assert!(ids.iter().all(|&id| outbox.get(id).unwrap().state == EntryState::Delivered));
}

#[test]
fn many_processes_that_are_killed_deliver_each_lead_once() {
    torture(1, 3, 90);
}

/// `scripts/torture.sh` runs it with these variables.
#[test]
#[ignore = "takes minutes"]
fn many_processes_that_are_killed_deliver_each_lead_once_for_long() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let first = number("EGITO_TORTURE_SEED", 1);
    for seed in first..first + number("EGITO_TORTURE_RUNS", 1) {
        torture(seed, 8, u32::try_from(number("EGITO_TORTURE_LEADS", 10_000)).unwrap());
    }
}

/// Puts and delivers leads in several processes while the server fails in all ways, and kills the processes.
fn torture(seed: u64, processes: u32, leads: u32) {
    let begun = Instant::now();
    println!("seed {seed}: {processes} processes, {leads} leads");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = Folder::new();
    let mut server = start_server(0, &folder);
    let port = server.port();
    let per_process = leads / processes;
    let leads = per_process * processes;
    let start_worker = |number: u32, server: &Server, seed: u64| {
        start("puts_and_delivers", server, &folder, number * per_process, per_process, seed)
    };
    let mut workers: Vec<_> = (0..processes).map(|number| Some(start_worker(number, &server, seed))).collect();
    let (mut kills, mut restarts, mut released) = (0, 0, Instant::now());
    while workers.iter().any(Option::is_some) {
        std::thread::sleep(Duration::from_millis(random.u64(5..150))); // chaos strikes at random times
        match random.u32(0..100) {
            0..8 => {
                commit(&server);
                drop(server); // the connections are cut
                std::thread::sleep(Duration::from_millis(random.u64(0..500)));
                server = start_server(port, &folder);
                restarts += 1;
            }
            8..60 => {
                server.control("POST", "faults", &random_fault(&mut random));
            }
            60..70 => {
                server.control("POST", "config", &json!({"commit_delay_ms": random.u64(0..400)}));
            }
            // Not without end: a worker needs to live for `SETTLE` to find out that a record in doubt is not there.
            _ if kills < 10 * processes => {
                let number = random.usize(0..workers.len());
                if let Some(worker) = &mut workers[number] {
                    worker.kill().unwrap();
                    worker.wait().unwrap();
                    kills += 1;
                    workers[number] = Some(start_worker(u32::try_from(number).unwrap(), &server, random.u64(..)));
                }
            }
            _ => {}
        }
        if released.elapsed() > Duration::from_secs(1) {
            server.control("POST", "release", &json!({"name": "slow"})); // soon enough for `SETTLE`
            released = Instant::now();
        }
        for worker in &mut workers {
            if worker.as_mut().is_some_and(|worker| {
                worker.try_wait().unwrap().is_some_and(|status| {
                    assert!(status.success(), "seed {seed}: a process failed");
                    true
                })
            }) {
                *worker = None;
            }
        }
    }
    server.control("DELETE", "faults", &json!(null));
    server.control("POST", "release", &json!({"name": "slow"}));
    let outbox = outbox(&server, &folder);
    // The number of deliveries is limited, not the time: a busy machine needs longer. The server works now, so an entry that failed
    // often is made due, instead of waiting for minutes.
    let mut deliveries = 0;
    while outbox.counts().unwrap().delivered < u64::from(leads) {
        assert!(deliveries < MAX_DELIVERIES, "seed {seed}: {:?}", outbox.counts().unwrap());
        for state in [EntryState::Waiting, EntryState::Unclear] {
            for entry in outbox.entries(EntryQuery::default().state(state).limit(leads)).unwrap() {
                outbox.retry(entry.id).unwrap();
            }
        }
        outbox.deliver(None).unwrap();
        deliveries += 1;
    }
    assert_each_once(&server, leads);
    println!("seed {seed}: {kills} kills and {restarts} restarts in {:.1} s", begun.elapsed().as_secs_f64());
}

/// Lets the server commit the records that it has confirmed: its end would lose them.
fn commit(server: &Server) {
    server.control("POST", "config", &json!({"commit_delay_ms": 0}));
    server.control("DELETE", "faults", &json!(null));
    server.control("POST", "clock", &json!({"advance": 1}));
    Client::new(server.settings(&json!({}))).unwrap().accounts().get(1).unwrap(); // it commits before each action
}

/// Returns what goes wrong next.
pub fn random_fault(random: &mut fastrand::Rng) -> Value {
    let on = if random.u32(0..4) > 0 { json!({"action": "create"}) } else { json!({}) };
    let times = random.u32(1..12);
    let fault = match random.u32(0..8) {
        0 => json!({"cut": "before"}),
        1 => json!({"cut": "after"}),
        2 => json!({"cut": "middle"}),
        3 => json!({"response": {"status": 503}, "apply": true}),
        4 => json!({"response": {"status": 500}, "apply": true}),
        5 => json!({"response": {"status": 429, "headers": {"Retry-After": "1"}}}),
        6 => json!({"delay_ms": random.u64(1..900)}),
        _ => json!({"hold": "slow"}),
    };
    let mut all = json!({"on": on, "times": times});
    all.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
    all
}

fn start_server(port: u16, folder: &Folder) -> Server {
    let data = Some(folder.path().join("crm.db"));
    Server::start_with(Options { port, data, ..Options::default() })
}

#[test]
#[ignore = "runs in the processes that the tests above start"]
fn delivers() {
    process_outbox().deliver(None).unwrap();
}

#[test]
#[ignore = "runs in the processes that the tests above start"]
fn puts_and_delivers() {
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let mut random = fastrand::Rng::with_seed(number(SEED));
    let outbox = process_outbox();
    let (first, count) = (number(FIRST), number(COUNT));
    let mut next = first;
    while next < first + count {
        for _ in 0..random.u64(1..40).min(first + count - next) {
            put(&outbox, u32::try_from(next).unwrap());
            next += 1;
        }
        if random.u32(0..3) == 0 {
            put(&outbox, u32::try_from(random.u64(first..next)).unwrap()); // the form is sent twice
        }
        outbox.deliver(Some(random.u64(1..60))).unwrap();
    }
    outbox.deliver(None).unwrap();
}

fn process_outbox() -> Outbox {
    let settings = std::env::var(SETTINGS).unwrap();
    let client = Client::new(egito::Settings::from_json(settings.as_bytes()).unwrap()).unwrap();
    client.outbox(std::env::var_os(PATH).unwrap()).unwrap()
}

fn start(test: &str, server: &Server, folder: &Folder, first: u32, count: u32, seed: u64) -> Child {
    let test = format!("outbox_processes::{test}");
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &test, "--ignored", "--quiet", "--test-threads=1"])
        .env(SETTINGS, server.settings_json(&settings()))
        .env(PATH, path(folder))
        .env(FIRST, first.to_string())
        .env(COUNT, count.to_string())
        .env(SEED, seed.to_string())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn settings() -> Value {
    json!({"read_timeout_ms": 700, "timeout_ms": 12_000, "max_retries": 1, "backoff_base_ms": 50})
}

fn outbox(server: &Server, folder: &Folder) -> Outbox {
    Client::new(server.settings(&settings())).unwrap().outbox(path(folder)).unwrap()
}

fn path(folder: &Folder) -> PathBuf {
    folder.path().join("outbox.db")
}

fn put(outbox: &Outbox, number: u32) {
    let key = egito::RecordKey::from("formKey").settle(SETTLE);
    outbox.put("Lead", &json!({"formKey": format!("f-{number}"), "lastName": "Ryś"}), key).unwrap();
}

fn workers(folder: &Folder) -> bool {
    std::fs::read_dir(folder.path().join("outbox.db.workers")).unwrap().next().is_some()
}

/// Checks that the server has these leads, each once.
fn assert_each_once(server: &Server, leads: u32) {
    let stored = server.control("GET", "records/Lead", &json!(null));
    let mut counts = HashMap::new();
    for lead in stored.as_array().unwrap().iter().filter_map(|lead| lead["formKey"].as_str()) {
        *counts.entry(lead.to_owned()).or_insert(0) += 1;
    }
    let wrong: Vec<_> = (0..leads)
        .map(|n| format!("f-{n}"))
        .filter(|key| counts.get(key) != Some(&1))
        .map(|key| (counts.get(&key).copied(), key))
        .collect();
    assert!(wrong.is_empty(), "not once: {wrong:?}");
    assert_eq!(counts.len(), leads as usize);
}

/// Waits until the server has received this many requests.
fn await_requests(server: &Server, action: &str, count: usize) {
    while server.journal(action).len() < count {
        std::thread::yield_now();
    }
}

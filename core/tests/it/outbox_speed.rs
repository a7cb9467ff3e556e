//! The speed of an outbox beside code without one. Run it by hand, in release:
//! `cargo test --release -p egito --test it outbox_speed -- --ignored --nocapture --test-threads=1`.

use crate::sandbox::Server;
use egito::blocking::Client;
use egito_test_support::Folder;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const PUTS: u32 = 2_000;
const LEADS: u32 = 10_000;

#[test]
#[ignore = "a measurement"]
fn put_beside_a_plain_durable_insert() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = Client::new(server.settings(&json!({}))).unwrap().outbox(folder.path().join("outbox.db")).unwrap();
    let plain = Connection::open(folder.path().join("plain.db")).unwrap();
    plain.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; CREATE TABLE entries (id INTEGER PRIMARY KEY, record TEXT NOT NULL)").unwrap();
    outbox.counts().unwrap();
    let (mut inserts, mut puts) = (Vec::new(), Vec::new());
    for n in 0..PUTS {
        let (record, lead) = (lead(n).to_string(), lead(n));
        inserts.push(time(|| {
            plain.prepare_cached("INSERT INTO entries (record) VALUES (?1)").unwrap().execute([record]).unwrap();
        }));
        puts.push(time(|| {
            outbox.put("Lead", &lead, "formKey").unwrap();
        }));
    }
    let (insert, put) = (median(inserts), median(puts));
    println!("median insert {insert:.1?}, put {put:.1?}, ratio {:.2}", put.as_secs_f64() / insert.as_secs_f64());
}

#[test]
#[ignore = "a measurement"]
fn deliver_beside_create_many() {
    let (server, folder) = (Server::start(), Folder::new());
    let client = Client::new(server.settings(&json!({}))).unwrap();
    for round in 0..3 {
        let outbox = client.outbox(folder.path().join(format!("{round}.db"))).unwrap();
        let keys = || (0..LEADS).map(move |n| lead(round * LEADS + n));
        let begun = Instant::now();
        keys().for_each(|lead| {
            outbox.put("Lead", &lead, "formKey").unwrap();
        });
        let put = begun.elapsed();
        server.control("POST", "reset", &json!({}));
        let begun = Instant::now();
        assert!(client.leads().create_many(keys()).unwrap().all_created());
        let create_many = begun.elapsed();
        server.control("POST", "reset", &json!({}));
        let begun = Instant::now();
        assert_eq!(outbox.deliver(None).unwrap().delivered, u64::from(LEADS));
        let deliver = begun.elapsed();
        println!("put {put:.2?}, create_many {create_many:.2?}, deliver {deliver:.2?}");
    }
}

trait AllCreated {
    fn all_created(self) -> bool;
}

impl AllCreated for egito::blocking::Bulk {
    fn all_created(self) -> bool {
        self.rows().all(|row| row.error.is_none())
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn lead(number: u32) -> Value {
    json!({
        "formKey": format!("2026-11-27-{number:06}"), "lastName": "Ryś", "firstName": "Anna", "email": "anna@example.com",
        "phone": "+48 12 446 66 66", "description": "Proszę o kontakt w sprawie oferty na wdrożenie. ".repeat(4),
    })
}

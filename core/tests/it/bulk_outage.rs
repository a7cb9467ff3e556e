//! Bulks during an outage of the server, and with too many failed rows.

use crate::sandbox::Server;
use egito::{BulkRow, Client, Code, Outcome, blocking};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

const CONCURRENCY: usize = 8;

fn companies(number: usize) -> impl Iterator<Item = Value> + Send + 'static {
    (0..number).map(|n| json!({"name": format!("Firma {n}")}))
}

/// Counts the rows by code; "ok" counts those that succeeded.
fn codes(rows: &[BulkRow]) -> BTreeMap<&'static str, usize> {
    let mut codes = BTreeMap::new();
    for row in rows {
        *codes.entry(row.error.as_ref().map_or("ok", |error| error.code().as_str())).or_default() += 1;
    }
    codes
}

/// Checks that no name was saved twice, and returns their number.
fn stored_once(server: &Server) -> usize {
    let records = server.control("GET", "records/Account", &Value::Null);
    let mut names: Vec<_> = records.as_array().unwrap().iter().map(|record| record["name"].to_string()).collect();
    let number = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), number, "a record was created twice");
    number
}

/// Returns a sandbox without records that responds to the first `up` creates, and then to no request until [`recover`] is called.
fn server_that_stops_responding(up: usize) -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    let silent = |action: &str, skip| json!({"on": {"action": action}, "skip": skip, "times": 0, "hold": "down"});
    server.control("POST", "faults", &json!([silent("create", up), silent("list", 0)]));
    server
}

fn recover(server: &Server) {
    server.control("DELETE", "faults", &Value::Null);
    server.control("POST", "release", &json!({"name": "down"}));
}

/// Waits until the bulk has probed the server this many times.
fn await_probes(server: &Server, number: usize) {
    let probes = server.control("GET", &format!("journal?action=list&wait={number}&timeout_ms=20000"), &Value::Null);
    assert!(probes.as_array().is_some_and(|probes| probes.len() >= number), "{probes}");
}

fn impatient(server: &Server) -> egito::Settings {
    server.settings(&json!({"read_timeout": 0.2, "backoff_base": 0.05}))
}

#[tokio::test(flavor = "multi_thread")]
async fn few_inputs_fail_if_the_server_is_silent_and_the_others_wait() {
    let server = server_that_stops_responding(1000);
    let client = Client::new(impatient(&server)).unwrap();
    let rows = tokio::spawn(client.accounts().create_many(companies(6000)).concurrency(CONCURRENCY).to_vec());
    tokio::task::block_in_place(|| {
        await_probes(&server, 2);
        recover(&server);
    });
    let rows = rows.await.unwrap();
    let codes = codes(&rows);
    let unknown = codes["outcome_unknown"];
    assert!((3..=2 * CONCURRENCY).contains(&unknown) && codes["ok"] == 6000 - unknown, "{codes:?}");
    assert!(rows.iter().all(|row| row.error.as_ref().is_none_or(|error| error.outcome() == Some(Outcome::Unknown))));
    let stored = stored_once(&server);
    assert!((codes["ok"]..=6000).contains(&stored), "{stored}");
}

#[test]
fn the_other_inputs_are_not_sent_if_the_server_does_not_come_back() {
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start();
    let settings =
        server.settings(&json!({"base_url": format!("http://{refused}"), "backoff_base": 0.01, "backoff_max": 0.05}));
    let client = blocking::Client::new(settings).unwrap();
    let bulk = client.accounts().create_many(companies(6000)).unwrap().outage_timeout(Duration::from_millis(500));
    let begun = Instant::now();
    let rows = bulk.to_vec();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(codes(&rows), BTreeMap::from([("connection", 6000)]));
    for row in &rows {
        let error = row.error.as_ref().unwrap();
        assert!(error.outcome() == Some(Outcome::NotSent) && error.is_retryable(), "{error:?}");
    }
    let last = rows[5999].error.as_ref().unwrap();
    assert!(last.to_string().contains("no response from the server for 0.5 s (option `outage_timeout`"), "{last}");
    assert!(last.details().cause.as_ref().unwrap().as_str().contains("cannot connect to http://"), "{last:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_create_at_a_time_is_sent_while_only_creates_get_no_response() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "cut": "before"}));
    let client = Client::new(server.settings(&json!({"backoff_base": 0.1}))).unwrap();
    let bulk = client.accounts().create_many(companies(500)).concurrency(CONCURRENCY);
    let rows = bulk.outage_timeout(Duration::from_secs(1)).to_vec().await;
    let codes = codes(&rows);
    assert!(codes["outcome_unknown"] <= 2 * CONCURRENCY, "{codes:?}");
    assert_eq!(codes["outcome_unknown"] + codes["connection"], 500);
    assert_eq!(server.journal("create").len(), codes["outcome_unknown"]);
    assert!(!server.journal("list").is_empty(), "each trial follows a probe that had a response");
}

#[tokio::test(flavor = "multi_thread")]
async fn error_responses_of_a_proxy_are_an_outage() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    let down = |action: &str, status: u16, times: u64| json!({"on": {"action": action}, "times": times, "response": {"status": status}});
    server.control("POST", "faults", &json!([down("create", 502, 3), down("list", 503, 2)]));
    let client = Client::new(server.settings(&json!({"backoff_base": 0.05, "max_retries": 0}))).unwrap();
    let rows = client.accounts().create_many(companies(50)).concurrency(1).to_vec().await;
    assert!(rows[..3].iter().all(|row| row.error.as_ref().is_some_and(|error| error.details().status == Some(502))));
    assert!(rows[3..].iter().all(|row| row.id.is_some()), "{:?}", codes(&rows));
    assert_eq!(server.journal("list").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_probe_is_a_response() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    let forbidden = json!({"on": {"action": "list"}, "times": 0, "response": {"status": 403}});
    server.control("POST", "faults", &json!([{"on": {"action": "create"}, "times": 3, "cut": "before"}, forbidden]));
    let client = Client::new(server.settings(&json!({"backoff_base": 0.05}))).unwrap();
    let rows = client.accounts().create_many(companies(20)).concurrency(1).to_vec().await;
    assert_eq!(codes(&rows), BTreeMap::from([("ok", 17), ("outcome_unknown", 3)]));
    assert_eq!(server.journal("list").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_outage_timeout_nothing_pauses() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "cut": "before"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let rows = client.accounts().create_many(companies(30)).outage_timeout(Duration::ZERO).to_vec().await;
    assert_eq!(codes(&rows), BTreeMap::from([("outcome_unknown", 30)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_ends_the_pause_at_once() {
    let server = server_that_stops_responding(0);
    let client = Client::new(impatient(&server)).unwrap();
    let bulk = client.accounts().create_many(companies(100)).concurrency(2);
    let cancellation = bulk.cancellation_token();
    let rows = tokio::spawn(bulk.to_vec());
    tokio::task::block_in_place(|| await_probes(&server, 1));
    cancellation.cancel();
    let rows = tokio::time::timeout(Duration::from_secs(5), rows).await.unwrap().unwrap();
    let held = rows.iter().filter_map(|row| row.error.as_ref()).filter(|error| error.code() == Code::Cancelled);
    assert!(
        held.clone().count() <= 2 && held.clone().all(|error| error.outcome() == Some(Outcome::NotSent)),
        "{rows:?}"
    );
    assert!(rows.len() < 100, "no further input is taken");
    recover(&server);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_max_failures_no_call_is_sent_and_every_input_has_a_row() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let inputs = (0..100).map(|n| if n < 10 { json!({"name": format!("Firma {n}")}) } else { json!({"city": "Łódź"}) });
    let rows = client.accounts().create_many(inputs).concurrency(4).max_failures(5).to_vec().await;
    let codes = codes(&rows);
    assert!(rows.len() == 100 && codes["ok"] == 10, "{codes:?}");
    assert!((5..5 + 4).contains(&codes["validation"]), "calls in flight are not cancelled: {codes:?}");
    let last = rows[99].error.as_ref().unwrap();
    assert_eq!((last.code(), last.outcome()), (Code::Cancelled, Some(Outcome::NotSent)));
    assert!(last.to_string().contains("5 rows of the bulk have failed (option `max_failures`)"), "{last}");
    assert_eq!(server.journal("create").len(), 10 + codes["validation"]);
}

/// Without this, a program would hang for up to `outage_timeout` when it shuts down.
#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_that_pauses_ends_when_its_client_is_closed() {
    let server = server_that_stops_responding(0);
    let settings = json!({"read_timeout": 0.2, "backoff_base": 0.05, "close_timeout": 0.1});
    let client = Client::new(server.settings(&settings)).unwrap();
    let rows = tokio::spawn(client.accounts().create_many(companies(500)).concurrency(CONCURRENCY).to_vec());
    tokio::task::block_in_place(|| await_probes(&server, 2));
    let begun = Instant::now();
    client.close().await;
    let rows = rows.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(codes(&rows)["config"] >= 500 - 3 * CONCURRENCY, "{:?}", codes(&rows));
    let last = rows.last().unwrap().error.as_ref().unwrap();
    assert_eq!((last.code(), last.outcome()), (Code::Config, Some(Outcome::NotSent)));
}

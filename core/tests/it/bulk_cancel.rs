//! Bulks that are cancelled before, during and after their calls: every call that was sent is reported.

use crate::sandbox::Server;
use egito::{BulkRow, CancellationToken, Client, Code, Outcome, blocking};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(60);

/// Returns a sandbox that holds its creates until `gate` is released.
fn server_that_holds_creates() -> Server {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "gate"}));
    server
}

fn await_creates(server: &Server, number: usize) {
    server.control("GET", &format!("journal?action=create&wait={number}"), &Value::Null);
}

fn release(server: &Server) {
    server.control("POST", "release", &json!({"name": "gate"}));
}

fn companies() -> impl Iterator<Item = Value> + Send + 'static {
    (0..1000).map(|n| json!({"name": format!("Firma {n}")}))
}

/// Returns the code and the outcome of each row; `None` if it succeeded.
fn results(rows: &[BulkRow]) -> Vec<(Option<Code>, Option<Outcome>)> {
    rows.iter()
        .map(|row| row.error.as_ref())
        .map(|e| (e.map(egito::Error::code), e.and_then(egito::Error::outcome)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_flight_finish_within_the_grace_period_and_no_further_input_is_taken() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many(companies()).concurrency(4).cancel_grace(LONG);
    let cancellation = bulk.cancellation_token();
    let rows = tokio::spawn(bulk.to_vec());
    tokio::task::block_in_place(|| {
        await_creates(&server, 4);
        cancellation.cancel();
        release(&server);
    });
    let rows = rows.await.unwrap();
    assert!(rows.len() == 4 && rows.iter().all(|row| row.id.is_some()), "{rows:?}");
    assert_eq!(server.journal("create").len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_grace_period_calls_in_flight_are_cancelled_with_their_outcomes() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({"max_concurrency": 3}))).unwrap();
    let bulk = client.accounts().create_many(companies()).concurrency(4).cancel_grace(Duration::from_millis(100));
    let cancellation = bulk.cancellation_token();
    let rows = tokio::spawn(bulk.to_vec());
    tokio::task::block_in_place(|| await_creates(&server, 3));
    cancellation.cancel();
    let mut results = results(&rows.await.unwrap());
    results.sort_by_key(|(_, outcome)| *outcome == Some(Outcome::NotSent));
    let sent = (Some(Code::OutcomeUnknown), Some(Outcome::Unknown));
    assert_eq!(results, [sent, sent, sent, (Some(Code::Cancelled), Some(Outcome::NotSent))]);
}

#[test]
fn a_second_cancel_ends_the_grace_period_at_once() {
    let server = server_that_holds_creates();
    let client = blocking::Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many(companies()).unwrap().concurrency(2).cancel_grace(LONG);
    let cancellation = bulk.cancellation_token();
    let begun = Instant::now();
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| {
            await_creates(&server, 2);
            cancellation.cancel();
            cancellation.cancel();
        });
        bulk.to_vec()
    });
    assert_eq!(results(&rows), [(Some(Code::OutcomeUnknown), Some(Outcome::Unknown)); 2]);
    assert!(begun.elapsed() < LONG / 2);
}

/// The `CancellationToken` of a client cancels its bulks like their own tokens, before and while they run.
#[test]
fn the_token_of_a_client_cancels_its_bulks_in_the_same_way() {
    let server = server_that_holds_creates();
    let client = blocking::Client::new(server.settings(&json!({}))).unwrap();
    let cancellation = CancellationToken::default();
    let bulk = client
        .with_cancellation(&cancellation)
        .accounts()
        .create_many(companies())
        .unwrap()
        .concurrency(2)
        .cancel_grace(LONG);
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| {
            await_creates(&server, 2);
            cancellation.cancel();
            release(&server);
        });
        bulk.to_vec()
    });
    assert!(rows.len() == 2 && rows.iter().all(|row| row.id.is_some()), "{rows:?}");
    let later = client.with_cancellation(&cancellation).accounts().create_many(companies()).unwrap();
    assert!(later.to_vec().is_empty(), "no input is taken");
    assert_eq!(server.journal("create").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_of_a_stream_has_the_rows_that_were_not_read() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "delay_ms": 20}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let mut rows = client.accounts().create_many(companies()).concurrency(3).rows();
    let first = rows.next().await.unwrap();
    assert!(first.index == 0 && first.id.is_some(), "{first:?}");
    let rest = rows.rest().await;
    assert!(rest.iter().zip(1..).all(|(row, index)| row.index == index), "{rest:?}");
    let unsent = |row: &BulkRow| row.error.as_ref().is_some_and(|error| error.outcome() == Some(Outcome::NotSent));
    assert!(rest.iter().all(|row| row.id.is_some() || unsent(row)), "{rest:?}");
    let created = 1 + rest.iter().filter(|row| row.id.is_some()).count();
    assert_eq!(server.journal("create").len(), created, "every call that was sent is reported");
}

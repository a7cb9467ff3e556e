//! Bulks take inputs only when they are needed, and at most a window of them behind a slow call.

use crate::sandbox::Server;
use egito::{BulkAction, BulkInput, BulkStep, Client, Code};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

#[tokio::test(flavor = "multi_thread")]
async fn inputs_are_taken_only_when_they_are_needed() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let inputs = std::iter::repeat_with(move || json!({"name": format!("Firma {}", count.fetch_add(1, SeqCst))}));
    let mut rows = client.accounts().create_many(inputs).concurrency(1).rows();
    for read in 1..=20 {
        assert!(rows.next().await.unwrap().error.is_none());
        assert_eq!(taken.load(SeqCst), read);
    }
}

/// Returns a server that holds the get of record 0 until `slow` is released, with offers whose ids start at 0.
fn server_with_a_slow_record(records: usize) -> Server {
    let server = Server::start();
    let offers: Vec<_> = (0..records).map(|id| json!({"id": id})).collect();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    server.control("POST", "seed", &json!({"entities": {"Offer": offers}}));
    server.control("POST", "faults", &json!({"on": {"action": "get", "query": {"id": "0"}}, "hold": "slow"}));
    server
}

/// Releases the slow record after this many requests.
fn release_after(server: &Server, requests: usize) {
    server.control("GET", &format!("journal?action=get&wait={requests}"), &Value::Null);
    server.control("POST", "release", &json!({"name": "slow"}));
}

fn check_requests(server: &Server, number: usize, concurrency: u64) {
    let journal = server.journal("get");
    assert_eq!(journal.len(), number);
    let max_in_flight = journal.iter().map(|request| request["in_flight"].as_u64().unwrap()).max();
    assert!(max_in_flight <= Some(concurrency), "{max_in_flight:?} requests at one time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_row_does_not_hold_back_others_within_the_window() {
    let server = server_with_a_slow_record(100);
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let ids = (0..100).inspect(move |_| {
        count.fetch_add(1, SeqCst);
    });
    let mut rows = client.entity("Offer").unwrap().get_many(ids).concurrency(3).rows();
    let first = tokio::spawn(async move { (rows.next().await.unwrap(), rows) });
    tokio::task::block_in_place(|| release_after(&server, 48));
    let (first, mut rows) = first.await.unwrap();
    assert_eq!((first.index, taken.load(SeqCst)), (0, 48), "16 for each of 3 calls");
    for index in 1..100 {
        let row = rows.next().await.unwrap();
        assert!(row.index == index && row.record.is_some(), "{row:?}");
    }
    assert!(rows.next().await.is_none());
    check_requests(&server, 100, 3);
}

#[test]
fn a_slow_row_of_a_blocking_bulk_does_not_hold_back_others_within_the_window() {
    let server = server_with_a_slow_record(100);
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let rows = client.entity("Offer").unwrap().get_many(0..100).unwrap().concurrency(3).rows();
    let rows: Vec<_> = std::thread::scope(|scope| {
        scope.spawn(|| release_after(&server, 48));
        rows.collect()
    });
    assert!(rows.iter().zip(0..).all(|(row, index)| row.index == index && row.record.is_some()));
    check_requests(&server, 100, 3);
}

#[test]
fn a_slow_row_does_not_hold_back_others_if_all_rows_are_kept() {
    let server = server_with_a_slow_record(100);
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.entity("Offer").unwrap().get_many(0..100).unwrap().concurrency(2);
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| release_after(&server, 100));
        bulk.to_vec()
    });
    assert_eq!(rows.iter().filter(|row| row.record.is_some()).count(), 100);
    check_requests(&server, 100, 2);

    let server = server_with_a_slow_record(100);
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let rows = std::thread::scope(|scope| {
        scope.spawn(|| release_after(&server, 100));
        runtime.block_on(client.entity("Offer").unwrap().get_many(0..100).concurrency(2).to_vec())
    });
    assert_eq!(rows.iter().filter(|row| row.record.is_some()).count(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_finished_behind_a_slow_one_are_returned_after_a_cancel() {
    let server = server_with_a_slow_record(100);
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.entity("Offer").unwrap().get_many(0..100).concurrency(2);
    let bulk = bulk.cancel_grace(std::time::Duration::from_millis(50));
    let cancellation = bulk.cancellation_token();
    let rows = tokio::spawn(async move {
        let mut rows = bulk.rows();
        let mut read = vec![];
        while let Some(row) = rows.next().await {
            read.push(row);
        }
        read
    });
    tokio::task::block_in_place(|| server.control("GET", "journal?action=get&wait=32", &Value::Null));
    cancellation.cancel();
    let rows = rows.await.unwrap();
    let codes: Vec<_> = rows.iter().filter_map(|row| Some(row.error.as_ref()?.code())).collect();
    assert_eq!((rows.len(), codes[0]), (32, Code::Cancelled));
    assert!(rows[0].error.is_some() && codes.len() <= 2, "the first, and perhaps the last: {codes:?}");
}

#[test]
fn a_step_needs_an_input_or_returns_a_row() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let mut calls = client.accounts().bulk_calls(BulkAction::Create).unwrap().concurrency(3);
    let mut inputs =
        (0..4).map(|n| Ok(BulkInput::from_record(to_raw_value(&json!({"name": format!("Firma {n}")})).unwrap())));
    let (mut more, mut rows) = (true, vec![]);
    loop {
        match calls.step(more) {
            BulkStep::NeedsInput => match inputs.next() {
                Some(input) => calls.push(input),
                None => more = false,
            },
            BulkStep::Row(row) => rows.push(row),
            BulkStep::Progress(_) => unreachable!("no reports were asked for"),
            BulkStep::Done => break,
        }
    }
    assert!(rows.len() == 4 && rows.iter().all(|row| row.id.is_some()), "{rows:?}");
    assert!(!more && matches!(calls.step(false), BulkStep::Done) && calls.next().is_none());
}

/// Progress counts calls that have finished behind a slow one, while the row of the slow one is awaited.
#[tokio::test(flavor = "multi_thread")]
async fn progress_counts_calls_as_they_finish_behind_a_slow_one() {
    let server = server_with_a_slow_record(20);
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let (sender, seen) = std::sync::mpsc::channel();
    let bulk = client.entity("Offer").unwrap().get_many(0..20).concurrency(3);
    let rows = tokio::spawn(bulk.on_progress(move |progress| sender.send(progress).unwrap()).to_vec());
    let done: Vec<u64> = tokio::task::block_in_place(|| {
        let before = seen.iter().take(19).map(|progress| progress.done).collect(); // all but the slow one
        release_after(&server, 20);
        before
    });
    assert_eq!(done, (1..20).collect::<Vec<_>>());
    assert_eq!(rows.await.unwrap().len(), 20);
    assert_eq!(seen.recv().map(|progress| (progress.done, progress.failed)), Ok((20, 0)));
}

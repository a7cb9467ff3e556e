//! Many inputs, one row each, in order; what fails does not stop the rest, and what was done is known.

use crate::sandbox::Server;
use egito::{BulkAction, BulkInput, Cancel, Client, Code, Outcome, Progress};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn every_input_has_its_row_in_order_and_failures_stop_nothing() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let watched = seen.clone();
    let inputs = (0..60).map(|n| match n % 3 {
        0 => json!({"name": format!("Firma {n}")}),
        1 => json!({"city": "Łódź"}),
        _ => json!([n]),
    });
    let bulk =
        client.accounts().create_many(inputs).concurrency(7).on_progress(move |p| watched.lock().unwrap().push(p));
    let rows = bulk.to_vec().await;
    assert_eq!(rows.iter().map(|row| row.index).collect::<Vec<_>>(), (0..60).collect::<Vec<_>>());
    for (n, row) in rows.iter().enumerate() {
        let code = row.error.as_ref().map(egito::Error::code);
        assert_eq!(code, [None, Some(Code::Validation), Some(Code::Config)][n % 3], "{row:?}");
        assert_eq!(row.id.is_some(), n % 3 == 0);
    }
    assert_eq!(rows[3].input.record.as_ref().unwrap().get(), r#"{"name":"Firma 3"}"#);
    assert_eq!(server.journal("create").len(), 40, "what is no object is not sent");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 60);
    assert_eq!((seen[59].done, seen[59].failed), (60, 40));
}

#[tokio::test(flavor = "multi_thread")]
async fn inputs_are_taken_only_as_they_are_needed() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let endless =
        std::iter::repeat_with(move || count.fetch_add(1, SeqCst)).map(|n| json!({"name": format!("Firma {n}")}));
    let mut rows = client.accounts().create_many(endless).concurrency(4).rows();
    for _ in 0..20 {
        assert!(rows.next().await.unwrap().error.is_none());
    }
    assert!(taken.load(SeqCst) <= 24, "{taken:?} were taken for 20 rows, 4 at a time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_bulk_says_what_was_done() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "skip": 3, "times": 0, "hold": "still"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many((0..1000).map(|n| json!({"name": format!("Firma {n}")}))).concurrency(1);
    let cancel = bulk.cancel();
    let mut rows = bulk.rows();
    for _ in 0..3 {
        assert!(rows.next().await.unwrap().id.is_some());
    }
    let held = tokio::spawn(async move { (rows.next().await.unwrap(), rows.next().await.is_none()) });
    tokio::task::block_in_place(|| server.control("GET", "journal?action=create&wait=4", &Value::Null));
    cancel.cancel();
    let (row, ended) = held.await.unwrap();
    let error = row.error.unwrap();
    assert_eq!((row.index, error.code(), error.outcome()), (3, Code::Cancelled, Some(Outcome::Unknown)));
    assert!(ended, "no further input is begun");
    assert_eq!(server.journal("create").len(), 4);
}

#[test]
fn the_blocking_twin_gives_the_same_rows() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    let created: Vec<_> =
        offers.create_many((0..20).map(|n| json!({"n": n}))).unwrap().rows().map(|row| row.id.unwrap()).collect();
    let changes: Vec<_> = created.iter().map(|id| (id.clone(), json!({"ok": true}))).collect();
    assert!(offers.update_many(changes).unwrap().to_vec().iter().all(|row| row.error.is_none()));
    let read = offers.get_many(created.clone()).unwrap().to_vec();
    let numbers: Vec<i64> =
        read.iter().map(|row| row.record.as_ref().unwrap().raw("n").unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert!(offers.delete_many(created).unwrap().to_vec().iter().all(|row| row.error.is_none()));
}

#[test]
fn inputs_may_be_handed_over_one_by_one() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let mut inputs = (0..10).map(|n| to_raw_value(&json!({"name": format!("Firma {n}")})).unwrap());
    let mut calls = client.accounts().bulk_calls(BulkAction::Create).unwrap().concurrency(3);
    let mut rows = vec![];
    loop {
        while let Some(record) = calls.has_room().then(|| inputs.next()).flatten() {
            calls.push(Ok(BulkInput::of_record(record)));
        }
        let Some(row) = calls.next() else { break };
        rows.push(row);
    }
    assert_eq!(rows.iter().map(|row| row.index).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    assert_eq!((calls.progress().done, calls.progress().failed), (10, 0));
    assert_eq!(server.journal("create").len(), 10);
    calls.cancel().cancel();
    assert!(!calls.has_room());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_a_bulk_leaves_the_calls_beside_it_alone() {
    let server = Server::start();
    let all = Cancel::default();
    let client = Client::new(server.settings(&json!({}))).unwrap().cancelled_by(&all);
    let bulk = client.accounts().create_many([json!({"name": "Żubr"})]);
    bulk.cancel().cancel();
    assert!(bulk.to_vec().await.is_empty(), "nothing is begun");
    client.accounts().create(&json!({"name": "Smok"})).await.unwrap();

    let bulk = client.accounts().create_many([json!({"name": "Jeż"})]);
    all.cancel();
    assert!(bulk.to_vec().await.is_empty());
    assert_eq!(server.journal("create").len(), 1);
}

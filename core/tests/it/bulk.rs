//! Bulks return one row per input, in order. A failed input does not stop the others, and every outcome is reported.

use crate::raw_server::RawServer;
use crate::sandbox::Server;
use egito::{BulkAction, BulkInput, CancellationToken, Client, Code, EventHook, Outcome, Progress};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn every_input_has_a_row_in_order_and_failures_do_not_stop_others() {
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
    assert_eq!(server.journal("create").len(), 40, "records that are not objects are not sent");
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 60);
    assert_eq!((seen[59].done, seen[59].failed), (60, 40));
}

/// Waits until the client has closed its four requests.
fn await_closed_requests(server: &Server) {
    let gone = server.control("GET", "journal?action=create&client_gone=true&wait=4", &Value::Null);
    assert_eq!(gone.as_array().map(Vec::len), Some(4), "{gone}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_that_is_dropped_closes_its_requests() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let inputs = (0..).map(|n| json!({"name": format!("Firma {n}")}));
    let mut rows = client.accounts().create_many(inputs).concurrency(4).rows();
    let reading = tokio::spawn(async move { rows.next().await.is_some() });
    tokio::task::block_in_place(|| {
        server.control("GET", "journal?action=create&wait=4", &Value::Null);
        reading.abort();
        await_closed_requests(&server);
    });
    assert_eq!(server.journal("create").len(), 4);
}

#[test]
fn a_blocking_bulk_that_is_dropped_closes_its_requests() {
    let server = server_that_holds_creates();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let mut calls = client.accounts().bulk_calls(BulkAction::Create).unwrap();
    four_inputs().for_each(|input| calls.push(input));
    server.control("GET", "journal?action=create&wait=4", &Value::Null);
    drop(calls);
    await_closed_requests(&server);
}

#[test]
fn a_cancel_after_the_last_row_changes_nothing() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many([json!({"name": "Żubr"}), json!({"name": "Smok"})]).unwrap();
    let cancellation = bulk.cancellation_token();
    let mut rows = bulk.rows();
    assert!(rows.by_ref().all(|row| row.id.is_some()));
    cancellation.cancel();
    assert!(rows.next().is_none());
    assert!(client.accounts().create(&json!({"name": "Jeż"})).is_ok());
}

#[test]
fn options_of_a_bulk_are_read_from_json_and_errors_name_invalid_ones() {
    let client = egito::blocking::Client::new(Server::start().settings(&json!({}))).unwrap();
    let bulk = |json: &str| client.accounts().bulk_calls(BulkAction::Get).unwrap().with_json(json.as_bytes());
    for valid in [
        r#"{"concurrency": 3, "maxFailures": 1, "outageTimeoutMs": 0}"#,
        r#"{"outage_timeout": 1.5}"#,
        r#"{"concurrency": null}"#,
        " {} ",
    ] {
        assert!(bulk(valid).is_ok(), "{valid}");
    }
    for (invalid, option, why) in [
        (r#"{"concurrency": 0}"#, "concurrency", "invalid `concurrency`: expected at least 1, got 0"),
        (r#"{"concurrency": 1.5}"#, "concurrency", "invalid `concurrency`: expected an integer, 0 or more, got 1.5"),
        (r#"{"concurrency": "8"}"#, "concurrency", "got the string \"8\""),
        (r#"{"speed": 8}"#, "speed", "invalid `speed`: unknown name"),
        (r#"{"max_failures": 0}"#, "max_failures", "invalid `max_failures`: expected at least 1, got 0"),
        (r#"{"outage_timeout": -1}"#, "outage_timeout", "expected a number of seconds, 0 or more, got -1"),
        (r#"{"outageTimeoutMs": -1}"#, "outage_timeout", "expected a number of milliseconds, 0 or more, got -1"),
        ("[4]", "options", "expected one JSON object"),
        ("{} {}", "options", "expected one JSON object"),
    ] {
        let error = bulk(invalid).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(option)), "{invalid}");
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = "print".parse::<BulkAction>().unwrap_err();
    assert!(
        error.code() == Code::Config
            && error.to_string().contains(
                "expected one of create, get, update, delete, upsert, plan_upsert, apply_upsert, got \"print\""
            )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_bulk_reports_every_outcome() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "skip": 3, "times": 0, "hold": "still"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many((0..1000).map(|n| json!({"name": format!("Firma {n}")}))).concurrency(1);
    let bulk = bulk.cancel_grace(Duration::from_millis(50));
    let cancellation = bulk.cancellation_token();
    let mut rows = bulk.rows();
    for _ in 0..3 {
        assert!(rows.next().await.unwrap().id.is_some());
    }
    let held = tokio::spawn(async move { (rows.next().await.unwrap(), rows.next().await.is_none()) });
    tokio::task::block_in_place(|| server.control("GET", "journal?action=create&wait=4", &Value::Null));
    cancellation.cancel();
    let (row, ended) = held.await.unwrap();
    let error = row.error.unwrap();
    assert_eq!((row.index, error.code(), error.outcome()), (3, Code::OutcomeUnknown, Some(Outcome::Unknown)));
    assert!(ended, "no further input is begun");
    assert_eq!(server.journal("create").len(), 4);
}

#[test]
fn a_blocking_bulk_returns_the_same_rows() {
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
fn inputs_can_be_pushed_one_by_one() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let mut inputs = (0..10).map(|n| to_raw_value(&json!({"name": format!("Firma {n}")})).unwrap());
    let mut calls = client.accounts().bulk_calls(BulkAction::Create).unwrap().concurrency(3);
    let mut rows = vec![];
    loop {
        while let Some(record) = calls.has_room().then(|| inputs.next()).flatten() {
            calls.push(Ok(BulkInput::from_record(record)));
        }
        let Some(row) = calls.next() else { break };
        rows.push(row);
    }
    assert_eq!(rows.iter().map(|row| row.index).collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    assert_eq!((calls.progress().done, calls.progress().failed), (10, 0));
    assert_eq!(server.journal("create").len(), 10);
    calls.cancellation_token().cancel();
    assert!(!calls.has_room());
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_a_bulk_does_not_affect_other_calls() {
    let server = Server::start();
    let all = CancellationToken::default();
    let client = Client::new(server.settings(&json!({}))).unwrap().with_cancellation(&all);
    let bulk = client.accounts().create_many([json!({"name": "Żubr"})]);
    bulk.cancellation_token().cancel();
    assert!(bulk.to_vec().await.is_empty(), "nothing is begun");
    client.accounts().create(&json!({"name": "Smok"})).await.unwrap();

    let bulk = client.accounts().create_many([json!({"name": "Jeż"})]);
    all.cancel();
    assert!(bulk.to_vec().await.is_empty());
    assert_eq!(server.journal("create").len(), 1);
}

/// Returns a server that holds four creates until they are released.
fn server_that_holds_creates() -> Server {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 4, "hold": "all"}));
    server
}

/// Returns a hook, and a channel that receives a message when a create has ended.
fn ends_of_creates() -> (EventHook, Receiver<()>) {
    let (notify, ended) = channel();
    let hook: EventHook = Arc::new(move |event| {
        if event.action == "create" {
            let _ = notify.send(());
        }
    });
    (hook, ended)
}

/// Releases the four creates and waits for their end, without reading a row.
fn release_and_await(server: &Server, ended: &Receiver<()>) {
    server.control("GET", "journal?action=create&wait=4", &Value::Null);
    server.control("POST", "release", &json!({"name": "all"}));
    for _ in 0..4 {
        ended.recv_timeout(Duration::from_secs(20)).expect("calls go on without their reader");
    }
}

fn four_inputs() -> impl Iterator<Item = egito::Result<BulkInput>> {
    (0..4).map(|n| Ok(BulkInput::from_record(to_raw_value(&json!({"name": format!("Firma {n}")})).unwrap())))
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_continue_while_no_row_is_read() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let (hook, ended) = ends_of_creates();
    client.on_event(Some(hook));
    let mut calls = client.accounts().bulk_calls(BulkAction::Create);
    four_inputs().for_each(|input| calls.push(input));
    tokio::task::block_in_place(|| release_and_await(&server, &ended));
    while let Some(row) = calls.next().await {
        assert!(row.id.is_some(), "{row:?}");
    }
    assert_eq!(calls.progress().done, 4);
}

#[test]
fn calls_of_a_blocking_bulk_continue_while_no_row_is_read() {
    let server = server_that_holds_creates();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let (hook, ended) = ends_of_creates();
    client.on_event(Some(hook));
    let mut calls = client.accounts().bulk_calls(BulkAction::Create).unwrap();
    four_inputs().for_each(|input| calls.push(input));
    release_and_await(&server, &ended);
    while let Some(row) = calls.next() {
        assert!(row.id.is_some(), "{row:?}");
    }
    assert_eq!(calls.progress().done, 4);
}

#[test]
fn calls_of_a_runtime_that_was_shut_down_have_the_outcome_unknown() {
    let server = server_that_holds_creates();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let mut calls = client.accounts().bulk_calls(BulkAction::Create);
    let runtime = |workers| tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let first = runtime(1).unwrap();
    let guard = first.enter();
    four_inputs().for_each(|input| calls.push(input));
    drop(guard);
    server.control("GET", "journal?action=create&wait=4", &Value::Null);
    first.shutdown_background();
    let error = runtime(1).unwrap().block_on(calls.next()).unwrap().error.unwrap();
    assert_eq!((error.code(), error.outcome()), (Code::OutcomeUnknown, Some(Outcome::Unknown)), "{error:?}");
}

#[test]
fn a_blocking_bulk_sends_nothing_on_closed_connections() {
    let server = RawServer::with_ids();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let bulk = client.accounts().create_many((0..50).map(|n| json!({"n": n}))).unwrap().concurrency(1);
    for row in bulk.rows() {
        assert!(row.id.is_some(), "{row:?}");
        server.await_close();
        std::thread::sleep(Duration::from_millis(2)); // after this time the client must have noticed it
    }
    assert_eq!(server.requests(), 50);
}

#[test]
fn a_blocking_list_can_be_the_input_of_a_blocking_bulk() {
    let server = Server::start();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    assert!(offers.create_many((0..30).map(|n| json!({"n": n}))).unwrap().rows().all(|row| row.error.is_none()));
    let ids = offers.list().page_size(7).records().unwrap().map(|offer| offer.unwrap().id().unwrap());
    let copies: Vec<_> = offers.get_many(ids).unwrap().to_vec();
    assert_eq!(copies.iter().filter(|row| row.record.is_some()).count(), 30);
}

#[test]
fn a_blocking_bulk_inside_an_async_runtime_returns_rows_with_the_error_config() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "still"}));
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let accounts = client.accounts();
    let bulk = accounts.create_many([json!({"name": "Żubr"}), json!({"name": "Smok"})]).unwrap();
    let mut begun = accounts.bulk_calls(BulkAction::Create).unwrap();
    begun.push(Ok(BulkInput::from_record(to_raw_value(&json!({"name": "Jeż"})).unwrap())));
    server.control("GET", "journal?action=create&wait=1", &Value::Null);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (rows, row) = runtime.block_on(async move { (bulk.to_vec(), begun.next().unwrap()) });
    let errors: Vec<_> = rows.iter().chain([&row]).map(|row| row.error.as_ref().unwrap()).collect();
    assert!(errors[..2].iter().all(|error| error.code() == Code::Config), "{errors:?}");
    assert_eq!(errors[2].code(), Code::OutcomeUnknown, "it was in flight");
    assert!(errors[2].details().cause.as_ref().unwrap().as_str().starts_with("config: "), "{errors:?}");
    assert_eq!((rows.len(), errors[0].outcome()), (2, Some(Outcome::NotSent)));
    assert_eq!(rows[1].input.record.as_ref().unwrap().get(), r#"{"name":"Smok"}"#);
    assert_eq!(server.journal("create").len(), 1);
    assert!(accounts.get(1).is_ok());
}

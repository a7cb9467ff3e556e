//! A bulk with a journal continues where an earlier run stopped, whatever stopped it.

use crate::sandbox::Server;
use crate::temp_folder::Folder;
use egito::blocking;
use egito::{BulkAction, BulkInput, BulkRow, BulkStep, Change, Client, Code, Outcome, RecordKey};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

fn leads(numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers.map(|n| json!({"lastName": format!("Lead {n}"), "formKey": format!("f-{n}")})).collect()
}

fn journal(folder: &Folder) -> PathBuf {
    folder.0.join("import.journal")
}

fn client(server: &Server) -> blocking::Client {
    blocking::Client::new(server.settings(&json!({"max_retries": 0, "backoff_base": 0.01}))).unwrap()
}

fn key() -> RecordKey {
    RecordKey::from("formKey").settle(Duration::from_millis(20))
}

/// Returns the code of each row, or "new" or "resumed".
fn results(rows: &[BulkRow]) -> Vec<&str> {
    let result = |row: &BulkRow| match &row.error {
        Some(error) => error.code().as_str(),
        None if row.resumed => "resumed",
        None => "new",
    };
    rows.iter().map(result).collect()
}

fn ids(rows: &[BulkRow]) -> Vec<Option<String>> {
    rows.iter().map(|row| row.id.as_ref().map(ToString::to_string)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_done_are_returned_again_and_not_sent() {
    let (server, folder) = (Server::start(), Folder::new("journal-done"));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let run = || async { client.leads().create_many(leads(0..30)).journal(journal(&folder)).unwrap().to_vec().await };
    let first = run().await;
    assert_eq!(results(&first), ["new"; 30]);
    let second = run().await;
    assert_eq!(results(&second), ["resumed"; 30]);
    assert_eq!((ids(&first), server.journal("create").len()), (ids(&second), 30));
    assert_eq!(second[7].input.record.as_ref().unwrap().get(), first[7].input.record.as_ref().unwrap().get());

    let more = client.leads().create_many(leads(0..40)).journal(journal(&folder)).unwrap().to_vec().await;
    assert_eq!(results(&more), [vec!["resumed"; 30], vec!["new"; 10]].concat());
    assert_eq!(server.journal("create").len(), 40);
}

#[test]
fn a_run_that_is_stopped_is_continued_and_every_row_is_sent_once() {
    let (server, folder) = (Server::start(), Folder::new("journal-stopped"));
    let client = client(&server);
    for run in 0.. {
        let mut rows = client.leads().create_many(leads(0..100)).unwrap().journal(journal(&folder)).unwrap().rows();
        let read: Vec<_> = rows.by_ref().take(20 * (run + 1)).collect();
        assert!(read.iter().all(|row| row.error.is_none()), "{read:?}");
        if read.len() == 100 {
            break;
        }
        let rest = rows.rest(); // a cancel; calls that were not sent are sent by the next run
        assert!(rest.iter().all(|row| row.error.as_ref().is_none_or(egito::Error::is_cancelled)), "{rest:?}");
    }
    assert_eq!(server.journal("create").len(), 100);
}

#[test]
fn rows_of_updates_deletes_and_upserts_keep_their_results() {
    let (server, folder) = (Server::start(), Folder::new("journal-actions"));
    let client = client(&server);
    let accounts = client.accounts();
    let name = |name: &str| folder.0.join(name);
    accounts.create(&json!({"nip": "1", "name": "Żubr"})).unwrap();
    accounts.create(&json!({"nip": "2", "name": "Smok"})).unwrap();
    accounts.create(&json!({"nip": "2", "name": "Smok 2"})).unwrap();
    let companies = ["1", "2", "3"].map(|nip| json!({"nip": nip, "name": "Żubr", "city": "Łódź"}));
    let upsert = || accounts.upsert_many(companies.clone(), "nip").unwrap().journal(name("upsert")).unwrap().to_vec();
    let (first, second) = (upsert(), upsert());
    let changes: Vec<_> = second.iter().map(|row| row.change.unwrap()).collect();
    assert_eq!(changes, [Change::Updated, Change::Ambiguous, Change::Created]);
    assert!(second.iter().all(|row| row.resumed) && first.iter().all(|row| !row.resumed));
    assert_eq!((&second[0].fields, second[1].duplicates.len()), (&vec!["city".to_owned()], 2));
    for (before, after) in first.iter().zip(&second) {
        let parts = |row: &BulkRow| (row.id.clone(), row.change, row.fields.clone(), row.duplicates.clone());
        assert_eq!(parts(before), parts(after));
    }
    assert_eq!((server.journal("update").len(), server.journal("create").len()), (1, 4));

    let update =
        || accounts.update_many([(1, json!({"city": "Łódź"}))]).unwrap().journal(name("update")).unwrap().to_vec();
    let delete = || client.leads().delete_many([1, 2]).unwrap().journal(name("delete")).unwrap().to_vec();
    assert_eq!(results(&[update(), delete()].concat()), ["new"; 3]);
    assert_eq!(results(&[update(), delete()].concat()), ["resumed"; 3]);
    assert_eq!((server.journal("update").len(), server.journal("delete").len()), (2, 2));
}

#[test]
fn an_input_that_was_refused_can_be_corrected() {
    let (server, folder) = (Server::start(), Folder::new("journal-corrected"));
    let client = client(&server);
    let run = |second: Value| {
        let leads = [leads(0..1), vec![second], leads(2..3)].concat();
        client.leads().create_many(leads).unwrap().journal(journal(&folder)).unwrap().to_vec()
    };
    assert_eq!(results(&run(json!({"city": "Łódź"}))), ["new", "validation", "new"]);
    assert_eq!(results(&run(json!({"city": "Kraków"}))), ["resumed", "validation", "resumed"]);
    assert_eq!(results(&run(json!({"lastName": "Ryś"}))), ["resumed", "new", "resumed"]);
    assert_eq!(results(&run(json!({"lastName": "Ryś"}))), ["resumed"; 3]);
    assert_eq!(server.journal("create").len(), 5);
}

#[test]
fn one_call_at_a_time_sends_in_the_order_of_the_inputs() {
    let (server, folder) = (Server::start(), Folder::new("journal-order"));
    let bulk = client(&server).leads().create_many(leads(0..200)).unwrap().concurrency(1);
    assert_eq!(results(&bulk.journal(journal(&folder)).unwrap().to_vec()), ["new"; 200]);
    let sent: Vec<_> = server.journal("create").iter().map(|request| request["json"].clone()).collect();
    assert_eq!(sent, leads(0..200));
}

/// If a row is missing in the input, the rows after it would be sent a second time under other indexes.
#[test]
fn other_inputs_than_those_that_were_sent_stop_the_bulk() {
    let (server, folder) = (Server::start(), Folder::new("journal-inputs"));
    let client = client(&server);
    let run =
        |leads: Vec<Value>| client.leads().create_many(leads).unwrap().journal(journal(&folder)).unwrap().to_vec();
    assert_eq!(results(&run(leads(0..10))), ["new"; 10]);
    let shifted = run([leads(0..3), leads(4..20)].concat());
    assert_eq!(results(&shifted), [vec!["resumed"; 3], vec!["config"; 16]].concat());
    for row in &shifted[3..] {
        let error = row.error.as_ref().unwrap();
        assert_eq!((error.details().setting.as_deref(), error.outcome()), (Some("journal"), Some(Outcome::NotSent)));
        assert!(error.is_changed_input());
    }
    let message = shifted[18].error.as_ref().unwrap().to_string();
    assert!(message.contains("the input at index 3 is not the one that an earlier run has sent"), "{message}");
    assert_eq!(server.journal("create").len(), 10);
    assert_eq!(results(&run(leads(0..11))), [vec!["resumed"; 10], vec!["new"]].concat(), "the right inputs go on");
}

/// Returns the rows of a run whose second create has lost its response.
fn lose_a_response(server: &Server, folder: &Folder, key: Option<RecordKey>) -> Vec<BulkRow> {
    let fault = json!({"on": {"action": "create"}, "skip": 1, "cut": "after"});
    server.control("POST", "faults", &fault);
    create(&client(server), folder, key)
}

fn create(client: &blocking::Client, folder: &Folder, key: Option<RecordKey>) -> Vec<BulkRow> {
    let bulk = client.leads().create_many(leads(0..3)).unwrap().concurrency(1);
    let bulk = if let Some(key) = key { bulk.key(key) } else { bulk };
    bulk.journal(journal(folder)).unwrap().to_vec()
}

#[test]
fn a_create_in_doubt_is_reported_and_not_sent_again() {
    let (server, folder) = (Server::start(), Folder::new("journal-doubt"));
    assert_eq!(results(&lose_a_response(&server, &folder, None)), ["new", "outcome_unknown", "new"]);
    for _ in 0..2 {
        let rows = create(&client(&server), &folder, None);
        assert_eq!(results(&rows), ["resumed", "outcome_unknown", "resumed"]);
        let error = rows[1].error.as_ref().unwrap();
        assert_eq!((error.outcome(), error.is_retryable()), (Some(Outcome::Unknown), false));
        assert!(error.to_string().contains("earlier run") && error.to_string().contains("`key`"), "{error}");
        assert!(error.details().record.as_ref().unwrap().get().contains("Lead 1"));
    }
    assert_eq!(server.journal("create").len(), 3);

    let rows = create(&client(&server), &folder, Some(key()));
    assert_eq!(results(&rows), ["resumed", "new", "resumed"], "with a key it is found");
    assert_eq!(server.journal("create").len(), 3);
    assert_eq!(results(&create(&client(&server), &folder, None)), ["resumed"; 3]);
}

#[test]
fn a_create_in_doubt_is_looked_for_by_its_key_and_created_if_it_is_not_there() {
    for (fault, creates) in [("before", 4), ("after", 3)] {
        let (server, folder) = (Server::start(), Folder::new(&format!("journal-key-{fault}")));
        server.control(
            "POST",
            "faults",
            &json!([
                {"on": {"action": "create"}, "skip": 1, "cut": fault},
                {"on": {"action": "list"}, "times": 0, "response": {"status": 500}},
            ]),
        );
        let client = client(&server);
        let rows = create(&client, &folder, Some(key()));
        assert_eq!(results(&rows), ["new", "outcome_unknown", "new"], "the lookups fail");
        let rows = create(&client, &folder, Some(key()));
        assert_eq!(results(&rows), ["resumed", "server", "resumed"], "they still do, so nothing is created");
        assert_eq!(rows[1].error.as_ref().unwrap().outcome(), Some(Outcome::NotSent));
        server.control("DELETE", "faults", &Value::Null);
        assert_eq!(results(&create(&client, &folder, Some(key()))), ["resumed", "new", "resumed"]);
        assert_eq!(server.journal("create").len(), creates, "cut {fault}");
        assert_eq!(results(&create(&client, &folder, Some(key()))), ["resumed"; 3]);
        let records = server.control("GET", "records/Lead", &Value::Null);
        let with_key =
            |n: usize| records.as_array().unwrap().iter().filter(|lead| lead["formKey"] == format!("f-{n}")).count();
        assert_eq!([with_key(0), with_key(1), with_key(2)], [1, 1, 1]);
    }
}

#[test]
fn an_update_in_doubt_is_sent_again_and_a_delete_in_doubt_that_finds_nothing_is_done() {
    let (server, folder) = (Server::start(), Folder::new("journal-again"));
    let client = client(&server);
    let lose = |action: &str| server.control("POST", "faults", &json!({"on": {"action": action}, "cut": "after"}));
    let update = || client.leads().update_many([(1, json!({"city": "Łódź"}))]).unwrap();
    let update = || update().journal(folder.0.join("update")).unwrap().to_vec();
    lose("update");
    assert_eq!(results(&update()), ["connection"]);
    assert_eq!(results(&update()), ["new"]);
    let delete = || client.leads().delete_many([1, 7_000_000]).unwrap().concurrency(1);
    let delete = || delete().journal(folder.0.join("delete")).unwrap().to_vec();
    lose("delete");
    assert_eq!(results(&delete()), ["connection", "not_found"]);
    assert_eq!(results(&delete()), ["new", "not_found"], "the first one was in doubt, the second one never existed");
    assert_eq!(results(&delete()), ["resumed", "not_found"]);
}

#[test]
fn options_and_actions_that_do_not_fit_are_refused_before_anything_is_sent() {
    let (server, folder) = (Server::start(), Folder::new("journal-refused"));
    let client = client(&server);
    let path = journal(&folder);
    for action in [BulkAction::Get, BulkAction::PlanUpsert] {
        let error = client.leads().bulk_calls(action).unwrap().journal(&path).unwrap_err();
        assert!(error.to_string().contains("writes nothing"), "{error}");
    }
    assert!(!path.exists());
    let options = json!({"journal": path, "key": "formKey", "concurrency": 2}).to_string();
    let calls = || client.leads().bulk_calls(BulkAction::Create).unwrap();
    drop(calls().with_json(options.as_bytes()).unwrap());
    for (options, why) in [
        (json!({"journal": path}), "its key is formKey, and that of this bulk is none"),
        (json!({"journal": path, "key": "nip"}), "its key is formKey, and that of this bulk is nip"),
        (json!({"journal": ""}), "the path is empty"),
        (json!({"journal": folder.0}), "not a regular file"),
        (json!({"journal": 7}), "expected a string, got 7"),
    ] {
        let error = calls().with_json(options.to_string().as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("journal")));
        assert!(!error.is_changed_input(), "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    let error = calls().with_json(br#"{"key": []}"#).unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("key")));
    let error = client.accounts().create_many(leads(0..1)).unwrap().key("formKey").journal(&path).unwrap_err();
    assert!(error.to_string().contains("its entity is Lead, and that of this bulk is Account"), "{error}");
    let late = client.leads().create_many(leads(0..1)).unwrap().journal(folder.0.join("late")).unwrap().key("formKey");
    assert!(late.to_vec()[0].error.as_ref().unwrap().to_string().contains("set the key first"));
    assert_eq!(server.journal("create").len(), 0);
}

#[test]
fn one_bulk_at_a_time_uses_a_journal() {
    let (server, folder) = (Server::start(), Folder::new("journal-lock"));
    let client = client(&server);
    let bulk = || client.leads().create_many(leads(0..5)).unwrap().journal(journal(&folder));
    let mut rows = bulk().unwrap().rows();
    assert!(bulk().unwrap_err().to_string().contains("another process or bulk uses it"));
    assert_eq!(rows.by_ref().count(), 5);
    assert_eq!(results(&bulk().unwrap().to_vec()), ["resumed"; 5], "a bulk that has ended no longer uses it");
    drop(rows);
    drop(bulk().unwrap());
    assert!(bulk().is_ok());
}

/// A program that drops its rows loses the results of the calls in flight. Those that were not sent are sent later.
#[test]
fn only_calls_in_flight_of_a_dropped_bulk_are_in_doubt() {
    let (server, folder) = (Server::start(), Folder::new("journal-dropped"));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "hold": "gate"}));
    let client = client(&server);
    let calls =
        || client.leads().bulk_calls(BulkAction::Create).unwrap().concurrency(3).journal(journal(&folder)).unwrap();
    let mut dropped = calls();
    let mut inputs = (0..).map(input);
    while dropped.has_room() {
        dropped.push(Ok(inputs.next().unwrap()));
    }
    server.control("GET", "journal?action=create&wait=3", &Value::Null);
    drop(dropped);
    server.control("DELETE", "faults", &Value::Null);
    server.control("POST", "release", &json!({"name": "gate"}));
    let mut calls = calls();
    (0..8).map(input).for_each(|input| calls.push(Ok(input)));
    let rows: Vec<_> = std::iter::from_fn(|| calls.next()).collect();
    assert_eq!(results(&rows), [vec!["outcome_unknown"; 3], vec!["new"; 5]].concat());
    assert_eq!(server.journal("create").len(), 8);
}

fn input(n: usize) -> BulkInput {
    BulkInput::from_record(to_raw_value(&leads(n..n + 1)[0]).unwrap())
}

#[test]
fn a_journal_does_not_raise_the_number_of_calls_in_flight() {
    let (server, folder) = (Server::start(), Folder::new("journal-in-flight"));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "times": 0, "delay_ms": 2}));
    let client = client(&server);
    let rows =
        client.leads().create_many(leads(0..100)).unwrap().concurrency(3).journal(journal(&folder)).unwrap().to_vec();
    assert_eq!(results(&rows), ["new"; 100]);
    let in_flight: Vec<_> =
        server.journal("create").iter().map(|request| request["in_flight"].as_u64().unwrap()).collect();
    assert_eq!(in_flight.into_iter().max(), Some(3));
}

#[test]
fn inputs_can_be_pushed_after_the_last_row_and_invalid_inputs_have_no_line() {
    let (server, folder) = (Server::start(), Folder::new("journal-push"));
    let client = client(&server);
    for expected in ["new", "resumed"] {
        let mut calls = client.leads().bulk_calls(BulkAction::Create).unwrap().journal(journal(&folder)).unwrap();
        for n in 0..3 {
            calls.push(Err(egito::Error::config("input", "not a record")));
            calls.push(Ok(input(n)));
            assert!(calls.next().unwrap().error.is_some());
            assert_eq!(results(&[calls.next().unwrap()]), [expected]);
            assert!(matches!(calls.step(false), BulkStep::Done));
        }
    }
    assert_eq!(server.journal("create").len(), 3);
    assert!(!fs::read_to_string(journal(&folder)).unwrap().contains("\"row\":0"));
}

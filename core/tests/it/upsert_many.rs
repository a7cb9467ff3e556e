//! `upsert_many`, `plan_upsert` and `apply_upsert`: one row for each record, with its change. Also `create_many` with a key.

use crate::sandbox::Server;
use egito::blocking::{Bulk, Client};
use egito::{BulkAction, BulkInput, BulkRow, Change, Code, Lookup, Outcome, RecordKey};
use serde_json::value::to_raw_value;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn each_row_reports_its_change() {
    let server = server_with(&json!([account(1, "A-1"), account(2, "A-2"), account(4, "A-4"), account(3, "A-4")]));
    let accounts = egito::Client::new(server.settings(&json!({}))).unwrap().accounts();
    let given = [
        json!({"nip": "A-1", "name": " Firma 1 "}),
        json!({"nip": "A-2", "name": "Żubr", "city": "Łódź"}),
        json!({"nip": "A-3", "name": "Ryś"}),
        json!({"nip": "A-4", "name": "Ryś"}),
        json!({"nip": "A-5"}),
        json!({"nip": " "}),
    ];
    let rows = accounts.upsert_many(given.clone(), "nip").await;
    let changes = [Some(Change::Unchanged), Some(Change::Updated), Some(Change::Created), Some(Change::Ambiguous)];
    assert_eq!(rows.iter().map(|row| row.change).collect::<Vec<_>>()[..4], changes);
    assert_eq!([&rows[0], &rows[1], &rows[3]].map(|row| row.id.clone()), [1, 2, 3].map(|id| Some(id.into())));
    assert_eq!((&rows[1].fields[..], &rows[0].fields[..]), (&["city", "name"].map(str::to_owned)[..], &[][..]));
    assert_eq!(rows[3].duplicates, [3.into(), 4.into()]);
    assert_eq!((code(&rows[4]), code(&rows[5])), (Some(Code::Validation), Some(Code::Config)));
    assert_eq!(rows[5].error.as_ref().unwrap().details().setting.as_deref(), Some("key"));
    assert!(rows.iter().all(|row| row.record.is_none() && !row.resumed));
    assert_eq!((server.journal("update").len(), created(&server)), (1, "A-3 A-5".into()));
    let again = accounts.upsert_many(given[..3].to_vec(), "nip").await;
    assert!(again.iter().all(|row| row.change == Some(Change::Unchanged)));
}

#[test]
fn the_second_input_with_a_key_is_not_sent() {
    let server = server_with(&json!([]));
    let given = [
        json!({"nip": 7, "name": "A"}),
        json!({"nip": "7.0", "name": "another text"}),
        json!({"nip": " 7 ", "name": "B"}),
        json!({"nip": 7.0, "name": "C"}),
    ];
    for (rows, indexes) in [
        (accounts(&server).upsert_many(given.clone(), "nip").unwrap().to_vec(), ["0 and 2", "0 and 3"]),
        (accounts(&server).plan_upsert(given.clone(), "nip").unwrap().to_vec(), ["0 and 2", "0 and 3"]),
        (accounts(&server).create_many(given.clone()).unwrap().key("nip").to_vec(), ["0 and 2", "0 and 3"]),
    ] {
        assert!(rows[0].error.is_none() && rows[1].error.is_none(), "{rows:?}");
        for (row, indexes) in rows[2..].iter().zip(indexes) {
            let error = row.error.as_ref().unwrap();
            assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("key")));
            assert!(error.to_string().contains(&format!("the inputs {indexes} have the same key (nip)")), "{error}");
        }
    }
    assert_eq!(server.journal("create").len(), 4, "two of each bulk that writes");
}

#[test]
fn a_plan_writes_nothing_and_can_be_applied_later() {
    let server = server_with(&json!([account(1, "A-1"), account(2, "A-2"), account(3, "A-3"), account(4, "A-3")]));
    let new = json!({"nip": "A-9", "name": "Ryś"});
    let given = [
        json!({"nip": "A-1", "name": "Firma 1"}),
        json!({"nip": "A-2", "city": "Łódź", "name": "Firma 2"}),
        json!({"nip": "A-3", "name": "Ryś"}),
        new.clone(),
        json!([]),
    ];
    let plan = accounts(&server).plan_upsert(given, "nip").unwrap().to_vec();
    assert_eq!(changes(&plan)[..4], [Change::Unchanged, Change::Updated, Change::Ambiguous, Change::Created].map(Some));
    let records: Vec<_> = plan.iter().map(|row| row.record.as_ref().map(|record| record.json().to_owned())).collect();
    assert_eq!(records, [None, Some(r#"{"city":"Łódź"}"#.into()), None, Some(new.to_string()), None]);
    assert_eq!((plan[1].fields.join(","), &plan[2].duplicates[..]), ("city".into(), &[3.into(), 4.into()][..]));
    assert_eq!((&plan[1].id, &plan[3].id, code(&plan[4])), (&Some(2.into()), &None, Some(Code::Config)));
    assert!(server.journal("create").is_empty() && server.journal("update").is_empty());

    let applied = accounts(&server).apply_upsert(plan.clone(), "nip").unwrap().to_vec();
    assert_eq!(changes(&applied), changes(&plan));
    assert_eq!((applied[1].fields.join(","), &applied[2].id), ("city".into(), &Some(3.into())));
    assert!(applied[3].id.is_some());
    let failed = applied[4].error.as_ref().unwrap();
    assert_eq!((failed.code(), failed.details().setting.as_deref()), (Code::Config, Some("change")), "{failed}");
    assert_eq!(server.journal("update")[0]["json"], json!({"id": 2, "city": "Łódź"}));
    assert_eq!((server.journal("update").len(), created(&server)), (1, "A-9".into()));

    let again = accounts(&server).apply_upsert(plan, "nip").unwrap().to_vec();
    assert_eq!((again[3].change, &again[3].id), (Some(Change::Unchanged), &applied[3].id), "it is not created twice");
}

#[test]
fn a_plan_is_applied_only_to_its_entity_and_key() {
    let server = server_with(&json!([account(1, "A-1")]));
    let given = [json!({"nip": "A-1", "name": "Ryś"}), json!({"nip": "A-2", "name": "Żbik"}), json!({"nip": "A-1"})];
    let plan = accounts(&server).plan_upsert(given, ["nip", "name"]).unwrap().to_vec();
    assert_eq!(plan[0].planned_for.as_deref(), Some("Account(name, nip)"));
    let contacts = Client::new(server.settings(&json!({}))).unwrap().contacts();
    let foreign = [
        (contacts.apply_upsert(plan.clone(), ["nip", "name"]).unwrap().to_vec(), "Contact(name, nip)"),
        (accounts(&server).apply_upsert(plan.clone(), "nip").unwrap().to_vec(), "Account(nip)"),
    ];
    for (rows, expected) in foreign {
        let error = rows[1].error.as_ref().unwrap();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("change")), "{error}");
        let expected = format!(
            "expected a row that was planned for {expected}, the entity and key of this call, got one for Account("
        );
        assert!(error.to_string().contains(&expected), "{error}");
        assert!(rows.iter().all(|row| row.error.is_some()));
    }
    let mut unbound = BulkInput::from_plan(&plan[1]);
    unbound.planned_for = None;
    let rows = accounts(&server).apply_upsert([unbound], ["nip", "name"]).unwrap().to_vec();
    assert_eq!(rows[0].error.as_ref().unwrap().details().setting.as_deref(), Some("change"));
    assert!(server.journal("create").is_empty() && server.journal("update").is_empty());

    let stored = serde_json::to_string(&plan.into_iter().map(BulkInput::from).collect::<Vec<_>>()).unwrap();
    let stored: Vec<BulkInput> = serde_json::from_str(&stored).unwrap();
    let rows = accounts(&server).apply_upsert(stored, ["name", "nip"]).unwrap().to_vec();
    assert_eq!(
        changes(&rows)[..2],
        [Change::Created, Change::Created].map(Some),
        "the order of the fields does not matter"
    );
}

#[test]
fn a_planned_create_does_not_overwrite_a_record_that_exists_by_now() {
    let server = server_with(&json!([]));
    let plan = accounts(&server).plan_upsert([json!({"nip": "A-1", "name": "Ryś"})], "nip").unwrap().to_vec();
    server.control("POST", "seed", &json!({"entities": {"Account": [account(1, "A-1")]}}));
    let rows = accounts(&server).apply_upsert(plan, "nip").unwrap().to_vec();
    let error = rows[0].error.as_ref().unwrap();
    assert_eq!((error.code(), error.outcome()), (Code::Config, Some(Outcome::NotSent)), "{error}");
    assert!(error.to_string().contains("by now the record 1 has its key, and other values of name"), "{error}");
    assert!(server.journal("create").is_empty() && server.journal("update").is_empty());
}

#[test]
fn a_small_bulk_filters_and_a_large_one_reads_the_list_instead() {
    let server = server_with_numbered(95);
    let small = accounts(&server).upsert_many(numbered(0..8), "nip").unwrap().to_vec();
    assert_eq!((count(&small, Change::Unchanged), lists(&server, true), pages(&server)), (8, 8, 0));
    let large = accounts(&server).upsert_many(numbered(0..95).rev(), "nip").unwrap().concurrency(1).to_vec();
    assert_eq!(count(&large, Change::Unchanged), 95);
    let (pages, lookups) = (pages(&server), lists(&server, true) - 8);
    assert!((10..=13).contains(&pages) && (40..=52).contains(&lookups), "{pages} pages, {lookups} lookups");
}

#[test]
fn a_scan_reads_the_list_once_and_a_filter_never() {
    for (lookup, scans, filtered) in [(Lookup::Scan, 1, 0), (Lookup::Filter, 0, 30)] {
        let server = server_with_numbered(30);
        let key = RecordKey::from("nip").lookup(lookup);
        let rows = accounts(&server).upsert_many(numbered(0..30), key).unwrap().to_vec();
        assert_eq!(count(&rows, Change::Unchanged), 30);
        assert_eq!((lists(&server, false), lists(&server, true)), (scans, filtered), "{lookup:?}");
    }
}

#[test]
fn a_plan_updates_each_record_once() {
    let server = server_with_numbered(2);
    let planned =
        |name: &str| accounts(&server).plan_upsert([json!({"nip": numbered_account(0)["nip"], "name": name})], "nip");
    let plan: Vec<BulkRow> =
        ["monday", "tuesday"].into_iter().flat_map(|name| planned(name).unwrap().to_vec()).collect();
    let rows = accounts(&server).apply_upsert(plan, "nip").unwrap().to_vec();
    assert_eq!((rows[0].change, code(&rows[1])), (Some(Change::Updated), Some(Code::Config)));
    let error = rows[1].error.as_ref().unwrap().to_string();
    assert!(error.contains("the inputs 0 and 1 both update the record 1"), "{error}");
    assert_eq!(server.journal("update").len(), 1);
}

#[test]
fn requests_of_a_scan_are_not_sent_on_the_thread_that_pushes() {
    let server = server_with_numbered(30);
    let client = Client::new(server.settings(&json!({"start_events": true}))).unwrap();
    let threads = Arc::new(Mutex::new(HashSet::new()));
    let seen = threads.clone();
    client.on_event(Some(Arc::new(move |_| {
        seen.lock().unwrap().insert(thread::current().id());
    })));
    let key = RecordKey::from("nip").lookup(Lookup::Scan);
    let changed = |number| json!({"nip": numbered_account(number)["nip"], "city": "Łódź"});
    let rows = client.accounts().upsert_many((0..30).map(changed), key).unwrap().concurrency(1).to_vec();
    assert_eq!((count(&rows, Change::Updated), server.journal("update").len()), (30, 30));
    assert!(!threads.lock().unwrap().contains(&thread::current().id()));
}

#[test]
fn a_server_that_ignores_the_filter_is_scanned() {
    let server = server_with_numbered(30);
    server.control("POST", "config", &json!({"ignore_filters": ["nip"]}));
    let rows = accounts(&server).upsert_many(numbered(20..40), "nip").unwrap().to_vec();
    assert_eq!((count(&rows, Change::Unchanged), count(&rows, Change::Created)), (10, 10), "{rows:?}");
    let key = RecordKey::from("nip").lookup(Lookup::Filter);
    let rows = accounts(&server).upsert_many(numbered(0..2), key.clone()).unwrap().to_vec();
    for row in rows {
        let error = row.error.unwrap();
        assert_eq!((error.details().setting.as_deref(), error.outcome()), (Some("lookup"), Some(Outcome::NotSent)));
    }
    let found = accounts(&server).create_once(&numbered_account(0), key.lookup(Lookup::Auto)).unwrap();
    assert!(!found.created, "a single call scans as well");
}

#[test]
fn a_scan_that_failed_is_made_again_for_the_next_row() {
    let server = server_with_numbered(30);
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "response": {"status": 500}}));
    let client = Client::new(server.settings(&json!({"max_retries": 0, "page_size": 10}))).unwrap();
    let key = RecordKey::from("nip").lookup(Lookup::Scan);
    let rows = client.accounts().upsert_many(numbered(0..3), key).unwrap().concurrency(1).to_vec();
    let error = rows[0].error.as_ref().unwrap();
    assert_eq!((error.code(), error.outcome()), (Code::Server, Some(Outcome::NotSent)));
    assert_eq!(count(&rows, Change::Unchanged), 2);
    assert_eq!(lists(&server, false), 2);
}

#[test]
fn rows_are_looked_up_one_by_one_if_the_list_cannot_be_read() {
    let server = server_with_numbered(30);
    server.control("POST", "config", &json!({"ignore_offset": true})); // every page is the first one
    let rows = accounts(&server).upsert_many(numbered(0..30), "nip").unwrap().to_vec();
    assert_eq!(count(&rows, Change::Unchanged), 30, "{rows:?}");
}

#[test]
fn a_record_that_the_list_does_not_show_yet_is_not_created_again() {
    let server = server_with_numbered(3);
    server.control("POST", "config", &json!({"commit_delay_ms": 300}));
    for lookup in [Lookup::Scan, Lookup::Auto, Lookup::Filter] {
        let client = Client::new(server.settings(&json!({}))).unwrap();
        let key = RecordKey::from("nip").lookup(lookup);
        let given = || [json!({"nip": format!("{lookup:?}"), "name": "Ryś"})];
        let first = client.accounts().upsert_many(given(), key.clone()).unwrap().to_vec();
        let second = client.accounts().upsert_many(given(), key).unwrap().to_vec();
        assert_eq!((first[0].change, second[0].change), (Some(Change::Created), Some(Change::Unchanged)));
        assert_eq!(first[0].id, second[0].id);
    }
}

#[test]
fn a_create_of_a_bulk_with_a_key_is_found_if_its_response_was_lost() {
    let server = server_with(&json!([]));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "after"}));
    let given = [json!({"nip": "A-1", "name": "Żubr"}), json!({"nip": "A-2"}), json!({"nip": "A-3", "name": "Ryś"})];
    let rows = accounts(&server).create_many(given).unwrap().concurrency(1).key("nip").to_vec();
    assert!(rows[0].id.is_some() && rows[2].id.is_some(), "{rows:?}");
    assert_eq!((rows[0].change, code(&rows[1])), (Some(Change::Created), Some(Code::Validation)));
    assert_eq!((created(&server), lists(&server, true)), ("A-1 A-2 A-3".into(), 1), "it looks only if it has to");
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    let key = RecordKey::from("nip").settle(Duration::from_millis(200));
    let rows = accounts(&server).create_many([json!({"nip": "A-4", "name": "Ryś"})]).unwrap().key(key).to_vec();
    assert_eq!(code(&rows[0]), Some(Code::OutcomeUnknown));
}

#[test]
fn only_creates_and_upserts_have_a_key() {
    let server = server_with(&json!([]));
    let calls = |action: &str| accounts(&server).bulk_calls(action.parse().unwrap()).unwrap();
    for action in ["upsert", "plan_upsert", "apply_upsert"] {
        assert!(calls(action).with_json(br#"{"key": ["a.id", "n"], "lookup": "scan", "settleMs": 500}"#).is_ok());
        assert_key_error(&calls(action).with_json(b"{}").unwrap_err(), "it is missing");
        let mut calls = calls(action);
        calls.push(Ok(record(&json!({"nip": "A-1"}))));
        assert_key_error(&calls.next().unwrap().error.unwrap(), "it is missing");
    }
    assert!(calls("create").with_json(br#"{"key": "nip"}"#).is_ok());
    for action in ["get", "update", "delete"] {
        assert_key_error(&calls(action).with_json(br#"{"key": "nip"}"#).unwrap_err(), "by their ids");
    }
    let rows = accounts(&server).get_many([1]).unwrap().key("nip").to_vec();
    assert_key_error(rows[0].error.as_ref().unwrap(), "by their ids");
    assert_key_error(&calls("create").with_json(br#"{"settle": 1}"#).unwrap_err(), "it is missing");
    let error = calls("upsert").with_json(br#"{"key": "nip", "lookup": "guess"}"#).unwrap_err();
    assert!(error.to_string().contains(r#"expected "filter", "scan" or "auto""#), "{error}");
    assert!(server.journal("login").is_empty());
}

#[test]
fn an_upsert_of_a_cancelled_bulk_is_reported() {
    let server = server_with(&json!([]));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "slow"}));
    let bulk =
        accounts(&server).upsert_many(numbered(0..3), "nip").unwrap().concurrency(1).cancel_grace(Duration::ZERO);
    let cancellation = bulk.cancellation_token();
    let rows = std::thread::scope(|threads| {
        let rows = threads.spawn(|| bulk.to_vec());
        server.control("GET", "journal?action=create&wait=1", &Value::Null);
        cancellation.cancel();
        rows.join().unwrap()
    });
    assert_eq!((rows.len(), code(&rows[0])), (1, Some(Code::OutcomeUnknown)));
}

#[test]
fn inputs_of_other_languages_are_planned_and_applied() {
    let server = server_with(&json!([account(1, "A-1")]));
    let rows = |action, inputs: Vec<BulkInput>| {
        let bulk: Bulk = accounts(&server).bulk(action, inputs.into_iter().map(Ok)).unwrap();
        bulk.key("nip").to_vec()
    };
    let plan = rows(BulkAction::PlanUpsert, vec![record(&json!({"nip": "A-1", "name": "Ryś"}))]);
    let input: BulkInput = serde_json::from_value(
        json!({"id": plan[0].id, "record": plan[0].record, "change": "updated", "planned_for": "Account(nip)"}),
    )
    .unwrap();
    let applied = rows(BulkAction::ApplyUpsert, vec![input]);
    assert_eq!((applied[0].change, applied[0].fields.join(",")), (Some(Change::Updated), "name".into()));
    let row = serde_json::to_value(&applied[0]).unwrap();
    assert_eq!((&row["change"], &row["duplicates"], &row["resumed"]), (&json!("updated"), &json!([]), &json!(false)));
    for change in ["created", "updated", "unchanged", "ambiguous"] {
        assert_eq!(change.parse::<Change>().unwrap().as_str(), change);
    }
    assert!("deleted".parse::<Change>().unwrap_err().to_string().contains("got \"deleted\""));
}

fn assert_key_error(error: &egito::Error, why: &str) {
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("key")), "{error}");
    assert!(error.to_string().contains(why), "{error}");
}

fn account(id: u32, nip: &str) -> Value {
    json!({"id": id, "nip": nip, "name": format!("Firma {id}")})
}

/// Starts a server with these accounts and no other records.
fn server_with(accounts: &Value) -> Server {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    server.control("POST", "seed", &json!({"entities": {"Account": accounts}}));
    server
}

fn server_with_numbered(count: u32) -> Server {
    server_with(&Value::Array(numbered(0..count).collect()))
}

fn numbered(numbers: std::ops::Range<u32>) -> impl DoubleEndedIterator<Item = Value> + Send + 'static {
    numbers.map(numbered_account)
}

fn numbered_account(number: u32) -> Value {
    json!({"nip": 5_250_000_000_u64 + u64::from(number), "name": format!("Firma {number}")})
}

/// Returns the accounts, with pages of ten records.
fn accounts(server: &Server) -> egito::blocking::Entity {
    Client::new(server.settings(&json!({"page_size": 10}))).unwrap().accounts()
}

fn record(record: &Value) -> BulkInput {
    BulkInput::from_record(to_raw_value(record).unwrap())
}

fn code(row: &BulkRow) -> Option<Code> {
    row.error.as_ref().map(egito::Error::code)
}

fn changes(rows: &[BulkRow]) -> Vec<Option<Change>> {
    rows.iter().map(|row| row.change).collect()
}

fn count(rows: &[BulkRow], change: Change) -> usize {
    rows.iter().filter(|row| row.change == Some(change)).count()
}

/// Returns the keys of the creates that were sent.
fn created(server: &Server) -> String {
    let mut keys: Vec<_> = server
        .journal("create")
        .iter()
        .map(|request| request["json"]["nip"].as_str().unwrap_or("").to_owned())
        .collect();
    keys.sort();
    keys.join(" ")
}

/// Returns the number of lists that were begun: with a filter, or without.
fn lists(server: &Server, has_filter: bool) -> usize {
    let is_counted = |request: &Value| {
        let query = &request["query"];
        query["offset"] == "0" && query.get("nip").is_some() == has_filter
    };
    server.journal("list").iter().filter(|request| is_counted(request)).count()
}

/// Returns the number of requests for a list without a filter.
fn pages(server: &Server) -> usize {
    server.journal("list").iter().filter(|request| request["query"].get("nip").is_none()).count()
}

//! `create_once`: the record with a key is created at most once, whatever happens.

use crate::sandbox::Server;
use crate::temp_folder::Folder;
use egito::blocking::Client;
use egito::{Code, FoundOrCreated, Lookup, Outcome, RecordKey};
use serde_json::{Value, json};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The settings of a process of these tests.
const SETTINGS: &str = "EGITO_TEST_SETTINGS";

#[test]
fn the_second_call_finds_what_the_first_one_created() {
    let server = Server::start();
    let first = create_once(&client(&server), "f-1").unwrap();
    let second = create_once(&client(&server), " f-1 ").unwrap();
    assert!(first.created && !second.created && first.id == second.id, "{first:?} {second:?}");
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
fn all_spellings_of_a_whole_number_are_one_key() {
    let server = Server::start();
    let client = client(&server);
    let create = |number: &Value| {
        client.leads().create_once(&json!({"number": number, "lastName": "Ryś"}), "number").unwrap().created
    };
    assert_eq!(
        [json!(7.0), json!(7), json!("7"), json!(7.0)].map(|number| create(&number)),
        [true, false, false, false]
    );
    assert_eq!([json!(8), json!(8.0)].map(|number| create(&number)), [true, false]);
    assert_eq!([json!(7.5), json!(7.5)].map(|number| create(&number)), [true, false]);
    assert_eq!(server.journal("create")[0]["json"]["number"].to_string(), "7", "as the filter");
}

#[test]
fn nothing_is_sent_if_the_key_has_no_value() {
    let server = Server::start();
    for (record, key) in [(json!({}), "formKey"), (json!({"formKey": " "}), "formKey"), (json!({"a": {}}), "a.id")] {
        let error = client(&server).leads().create_once(&record, key).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("key")), "{error}");
    }
    assert!(server.journal("login").is_empty());
}

#[test]
fn the_oldest_of_several_records_is_returned() {
    let server = Server::start();
    let lead = |id| json!({"id": id, "formKey": 7, "lastName": "Ryś"});
    server.control("POST", "seed", &json!({"entities": {"Lead": [lead(900), lead(100), lead(200)]}}));
    let found = client(&server).leads().create_once(&json!({"formKey": "7"}), "formKey").unwrap();
    assert_eq!((found.id, found.created), (100.into(), false));
    assert_eq!(found.duplicates, [100.into(), 200.into(), 900.into()]);
}

#[test]
fn an_ignored_filter_is_an_error_and_a_scan_works() {
    let server = Server::start();
    // Every lead, whatever the filter.
    server.control("POST", "faults", &json!({
        "on": {"action": "list", "query": {"formKey": "f-1"}}, "times": 0, "response": {"json": [{"id": 1, "formKey": "f-0"}, {"id": 2}]},
    }));
    let error = create_once(&client(&server), "f-1").unwrap_err();
    assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some("lookup")), "{error}");
    assert!(error.to_string().contains("or has another value (upper and lower case count)"), "{error}");
    assert_eq!(error.outcome(), Some(Outcome::NotSent));
    assert!(server.journal("create").is_empty());
    let key = RecordKey::from("formKey").lookup(Lookup::Scan);
    for created in [true, false] {
        let lead = client(&server).leads().create_once(&lead("f-1"), key.clone()).unwrap();
        assert_eq!(lead.created, created);
    }
}

#[test]
fn a_create_whose_response_was_lost_is_found() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "after"}));
    let lead = create_once(&client(&server), "f-1").unwrap();
    assert!(lead.created);
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
fn a_record_that_is_stored_late_is_found() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "slow"}));
    let client = Client::new(server.settings(&json!({"read_timeout_ms": 300}))).unwrap();
    let lead = std::thread::scope(|threads| {
        let call = threads.spawn(|| create_once(&client, "f-1"));
        await_requests(&server, "list", 3); // the first one was before the create
        server.control("POST", "release", &json!({"name": "slow"}));
        call.join().unwrap().unwrap()
    });
    assert!(lead.created);
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
fn a_record_that_never_appears_is_outcome_unknown() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    let key = RecordKey::from("formKey").settle(Duration::from_millis(300));
    let client = client(&server);
    let error = client.leads().create_once(&lead("f-1"), key.clone()).unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::OutcomeUnknown, Some(Outcome::Unknown)));
    assert!(error.to_string().contains("no record with this key (formKey) appeared within 0.3 s"), "{error}");
    assert!(error.details().record.is_some());
    assert_eq!(server.journal("create").len(), 1, "it is not sent again");
    assert!(client.leads().create_once(&lead("f-1"), key).unwrap().created, "unless the caller calls again");
    assert_eq!(stored(&server, "f-1"), 1);
}

/// All requests of the call share one `timeout`, also the pages of a lookup.
#[test]
fn the_whole_call_takes_at_most_timeout() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({"timeout_ms": 3000}))).unwrap();
    create_once(&client, "f-1").unwrap();
    let slow = |action: &str, ms: u64| {
        server.control("POST", "faults", &json!({"on": {"action": action}, "delay_ms": ms, "times": 0}));
    };
    let failed = |key: &str| {
        let started = Instant::now();
        let error = create_once(&client, key).unwrap_err();
        assert!(started.elapsed() < Duration::from_millis(4700), "{:?} {error}", started.elapsed());
        error
    };
    slow("list", 2400);
    let error = failed("f-1"); // the list has two pages
    assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error}");
    assert!(
        error.to_string().contains("timed out looking for the record with this key (formKey) after 3 s"),
        "{error}"
    );
    let error = failed("f-2");
    assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error}");
    assert!(error.to_string().contains("the create was not sent: looking for the record took 2."), "{error}");
    assert_eq!(server.journal("create").len(), 1, "too little time was left for it");

    server.control("DELETE", "faults", &json!(null));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "skip": 1, "delay_ms": 5000, "times": 0}));
    let lists = server.journal("list").len();
    assert_eq!(failed("f-3").code(), Code::OutcomeUnknown);
    assert_eq!(server.journal("list").len(), lists + 2, "it looks once, until the time is over");
}

#[test]
fn a_record_that_a_list_does_not_show_yet_is_not_created_again() {
    let server = Server::start();
    let client = client(&server);
    let first = create_once(&client, "f-1").unwrap();
    let not_yet = json!({"on": {"action": "list"}, "times": 2, "response": {"json": []}});
    server.control("POST", "faults", &not_yet);
    let second = create_once(&client, "f-1").unwrap();
    assert!(!second.created && second.id == first.id);
    assert_eq!(stored(&server, "f-1"), 1);
}

#[test]
fn a_record_that_was_deleted_is_created_again() {
    let server = Server::start();
    let client = client(&server);
    let key = RecordKey::from("formKey").settle(Duration::from_millis(200));
    let first = client.leads().create_once(&lead("f-1"), key.clone()).unwrap();
    client.leads().delete(&first.id).unwrap();
    let second = client.leads().create_once(&lead("f-1"), key).unwrap();
    assert!(second.created && second.id != first.id);
}

#[test]
fn calls_of_one_client_share_one_create() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "delay_ms": 300}));
    let client = client(&server);
    let results: Vec<_> = std::thread::scope(|threads| {
        let calls: Vec<_> = (0..16).map(|_| threads.spawn(|| create_once(&client, "f-1").unwrap())).collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert_eq!(results.iter().filter(|lead| lead.created).count(), 1);
    assert!(results.iter().all(|lead| lead.id == results[0].id));
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
fn different_keys_do_not_wait_for_each_other() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "first"}));
    let client = client(&server);
    std::thread::scope(|threads| {
        let held = threads.spawn(|| create_once(&client, "f-1").unwrap());
        await_requests(&server, "create", 1);
        assert!(create_once(&client, "f-2").unwrap().created);
        server.control("POST", "release", &json!({"name": "first"}));
        assert!(held.join().unwrap().created);
    });
}

#[test]
fn a_refusal_is_not_remembered() {
    let server = Server::start();
    let client = client(&server);
    let error = client.accounts().create_once(&json!({"nip": "1"}), "nip").unwrap_err();
    assert_eq!(error.code(), Code::Validation);
    let started = std::time::Instant::now();
    assert!(client.accounts().create_once(&json!({"nip": "1", "name": "Żubr"}), "nip").unwrap().created);
    assert!(started.elapsed() < Duration::from_secs(5), "it does not wait for the refused record");
}

#[test]
fn a_record_that_another_program_created_meanwhile_is_found() {
    let server = Server::start();
    server.control("POST", "seed", &json!({"entities": {"Lead": [{"id": 77, "formKey": "f-1", "lastName": "Ryś"}]}}));
    server.control("POST", "faults", &json!([
        {"on": {"action": "list"}, "response": {"json": []}},
        {"on": {"action": "create"}, "response": {"json": {"errors": [{"field": "formKey", "message": "must be unique"}]}}},
    ]));
    let lead = create_once(&client(&server), "f-1").unwrap();
    assert_eq!((lead.id, lead.created), (77.into(), false));
}

#[test]
fn a_cancelled_call_that_was_sent_is_outcome_unknown_and_looks_no_longer() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "cut": "before"}));
    let error = cancelled_after_lookups(&server, 3);
    assert_eq!(error.code(), Code::OutcomeUnknown);
    assert!(error.to_string().contains("cancelled"), "{error}");
}

#[test]
fn a_call_that_is_cancelled_before_the_create_is_not_sent() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "list"}, "hold": "list"}));
    let error = cancelled_after_lookups(&server, 1);
    assert_eq!((error.code(), error.outcome()), (Code::Cancelled, Some(Outcome::NotSent)), "{error}");
    assert!(server.journal("create").is_empty());
}

#[test]
fn processes_with_one_token_store_share_one_create() {
    const PROCESSES: usize = 8;
    let (server, folder) = (Server::start(), Folder::new("create-once"));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "delay_ms": 200}));
    let settings = server.settings_json(&json!({"token_store": folder.file()}));
    let processes: Vec<Child> = (0..PROCESSES).map(|_| start_process(&settings)).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
fn a_process_that_was_killed_leaves_no_duplicate() {
    let (server, folder) = (Server::start(), Folder::new("create-once-killed"));
    server.control("POST", "faults", &json!({"on": {"action": "create"}, "hold": "slow"}));
    let settings = json!({"token_store": folder.file()});
    let mut process = start_process(&server.settings_json(&settings));
    await_requests(&server, "create", 1);
    process.kill().unwrap();
    process.wait().unwrap();
    let next = Client::new(server.settings(&settings)).unwrap();
    let lead = std::thread::scope(|threads| {
        let call = threads.spawn(|| create_once(&next, "f-1").unwrap());
        await_requests(&server, "list", 3);
        server.control("POST", "release", &json!({"name": "slow"})); // the server stores the first lead only now
        call.join().unwrap()
    });
    assert!(!lead.created);
    assert_eq!((server.journal("create").len(), stored(&server, "f-1")), (1, 1));
}

#[test]
#[ignore = "runs in the processes that the tests above start"]
fn is_one_of_many_processes() {
    let settings = std::env::var(SETTINGS).unwrap();
    let client = Client::new(egito::Settings::from_json(settings.as_bytes()).unwrap()).unwrap();
    create_once(&client, "f-1").unwrap();
}

fn start_process(settings: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "create_once::is_one_of_many_processes", "--ignored", "--quiet"])
        .env(SETTINGS, settings)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Cancels a call once the server has received this many lookups, and returns its error.
fn cancelled_after_lookups(server: &Server, lookups: usize) -> egito::Error {
    let cancellation = egito::CancellationToken::default();
    let leads = client(server).leads().with_cancellation(&cancellation);
    std::thread::scope(|threads| {
        let call = threads.spawn(|| leads.create_once(&lead("f-1"), "formKey").unwrap_err());
        await_requests(server, "list", lookups);
        cancellation.cancel();
        call.join().unwrap()
    })
}

fn client(server: &Server) -> Client {
    Client::new(server.settings(&json!({}))).unwrap()
}

fn lead(key: &str) -> Value {
    json!({"formKey": key, "lastName": "Ryś"})
}

fn create_once(client: &Client, key: &str) -> egito::Result<FoundOrCreated> {
    client.leads().create_once(&lead(key), "formKey")
}

/// Returns the number of stored leads with this key.
fn stored(server: &Server, key: &str) -> usize {
    let leads = server.control("GET", "records/Lead", &json!(null));
    leads.as_array().unwrap().iter().filter(|lead| lead["formKey"] == key).count()
}

/// Waits until the server has received this many requests.
fn await_requests(server: &Server, action: &str, count: usize) {
    while server.journal(action).len() < count {
        std::thread::yield_now();
    }
}

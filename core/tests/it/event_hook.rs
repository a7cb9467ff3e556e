//! Events and counters of a client, and its debug output without secrets.

use crate::fake_clock::FakeClock;
use crate::sandbox::Server;
use egito::{CancellationToken, Client, Event, EventKind};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_is_counted_and_has_an_event() {
    let server = Server::start();
    let busy = json!({"on": {"action": "get"}, "response": {"status": 503, "body": "zajęty"}});
    server.control("POST", "faults", &busy);
    let client = egito::binding::with_clock(server.settings(&json!({})), Arc::new(FakeClock::default())).unwrap();
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let sink = events.clone();
    client.on_event(Some(Arc::new(move |event| sink.lock().unwrap().push(event.clone()))));
    client.accounts().get(1).await.unwrap();
    client.accounts().create(&json!({"city": "tajne miasto"})).await.unwrap_err();
    client.on_event(None);
    client.accounts().get(1).await.unwrap();

    let events = events.lock().unwrap();
    assert!(events.iter().all(|event| event.kind == EventKind::End && event.host.starts_with("127.0.0.1:")));
    let calls: Vec<_> = events.iter().map(|event| (event.call, event.method)).collect();
    assert_eq!(calls, [(1, "POST"), (1, "GET"), (1, "GET"), (2, "POST")]);
    let facts = |event: &Event| json!([event.action, event.entity, event.attempt, event.status, event.code]);
    let expected = [
        json!(["login", null, 1, 200, null]),
        json!(["get", "Account", 1, 503, "server"]),
        json!(["get", "Account", 2, 200, null]),
        json!(["create", "Account", 1, 200, "validation"]),
    ];
    assert_eq!(events.iter().map(facts).collect::<Vec<_>>(), expected);
    assert_eq!(events[1].bytes, "zajęty".len() as u64);
    assert!(!serde_json::to_string(&*events).unwrap().contains("tajne"));
    let stats = client.stats();
    assert_eq!((stats.calls, stats.attempts, stats.retries, stats.logins), (3, 4, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_start_event_has_an_end_event_even_if_the_call_is_cancelled() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "hold": "gate"}));
    let client = Client::new(server.settings(&json!({"start_events": true}))).unwrap();
    let cancellation = CancellationToken::default();
    let events: Arc<Mutex<Vec<Value>>> = Arc::default();
    let (sink, stop) = (events.clone(), cancellation.clone());
    client.on_event(Some(Arc::new(move |event| {
        sink.lock().unwrap().push(json!([event.kind, event.call, event.action, event.attempt, event.code]));
        if event.kind == EventKind::Start && event.action == "get" {
            stop.cancel();
        }
    })));
    client.accounts().with_cancellation(&cancellation).get(1).await.unwrap_err();
    let expected = [
        json!(["start", 1, "login", 1, null]),
        json!(["end", 1, "login", 1, null]),
        json!(["start", 1, "get", 1, null]),
        json!(["end", 1, "get", 1, "cancelled"]),
    ];
    assert_eq!(*events.lock().unwrap(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_that_panics_does_not_affect_the_call() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    client.on_event(Some(Arc::new(|_| panic!("a panic for tests"))));
    assert_eq!(client.accounts().get(1).await.unwrap().id(), Some(1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_debug_output_contains_a_secret() {
    let server = Server::start();
    let settings = server.settings(&json!({"refresh_token": "odśwież-mnie", "proxy": null}));
    let client = Client::new(settings.clone()).unwrap();
    let blocking = egito::blocking::Client::new(settings).unwrap();
    client.accounts().get(1).await.unwrap();
    let pages = client.accounts().list().pages().unwrap();
    let bulk = client.accounts().create_many([json!({})]);
    let proxied = server.settings(&json!({"proxy": "http://jan:do-proxy@127.0.0.1:3128"}));
    let proxied = Client::new(proxied).unwrap();
    let printed = format!(
        "{client:?} {blocking:?} {pages:?} {bulk:?} {:?} {:#?} {proxied:#?} {:?}",
        client.accounts(),
        client.settings(),
        proxied.settings(),
    );
    let secrets: Vec<String> = serde_json::from_value(server.control("GET", "secrets", &Value::Null)).unwrap();
    assert!(secrets.len() >= 3, "{secrets:?}");
    for secret in secrets.iter().map(String::as_str).chain(["odśwież-mnie", "do-proxy"]) {
        assert!(!printed.contains(secret), "{secret} in {printed}");
    }
}

//! What a program can see of its client: every attempt, how often things were done, and never a secret.

use crate::clockwork::Clockwork;
use crate::sandbox::Server;
use egito::{Client, Event};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread")]
async fn every_attempt_is_an_event_and_counted() {
    let server = Server::start();
    let busy = json!({"on": {"action": "get"}, "answer": {"status": 503, "body": "zajęty"}});
    server.control("POST", "faults", &busy);
    let client = egito::binding::with_clock(server.settings(&json!({})), Arc::new(Clockwork::default())).unwrap();
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let heard = events.clone();
    client.on_event(Some(Arc::new(move |event| heard.lock().unwrap().push(event.clone()))));
    client.accounts().get(1).await.unwrap();
    client.accounts().create(&json!({"city": "tajne miasto"})).await.unwrap_err();
    client.on_event(None);
    client.accounts().get(1).await.unwrap();

    let events = events.lock().unwrap();
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
async fn a_listener_that_panics_changes_nothing() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    client.on_event(Some(Arc::new(|_| panic!("a panic for tests"))));
    assert_eq!(client.accounts().get(1).await.unwrap().id(), Some(1.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_can_be_printed_holds_a_secret() {
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

//! Logins that fail, or return the same token, are shared by the waiting calls, and a refresh token is never lost.

use crate::sandbox::Server;
use egito::{Client, Code};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use tokio::task::block_in_place;

/// So few that `join_all` starts all of them before the first one gets a response.
const CALLS: usize = 30;

const REFRESH: &str = "odswiez-mnie-od-poczatku";

async fn codes(client: &Client) -> Vec<Option<Code>> {
    let accounts = client.accounts();
    let results = join_all((0..CALLS).map(|_| accounts.get(1))).await;
    results.into_iter().map(|result| result.err().map(|error| error.code())).collect()
}

fn server_with_login_response(response: &Value) -> Server {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "login"}, "times": 0, "response": response}));
    server
}

#[tokio::test]
async fn a_refused_login_of_any_form_is_shared_and_remembered() {
    for response in [
        json!({"status": 400, "headers": {"Content-Type": "application/xml"}, "body": "<o><error>invalid_grant</error></o>"}),
        json!({"status": 403, "body": "<html>nie</html>"}),
        json!({"status": 404, "json": {}}),
        json!({"status": 200, "body": "<html>zaloguj się</html>"}),
        json!({"status": 302, "headers": {"Location": "/login"}}),
    ] {
        let server = server_with_login_response(&response);
        let client = Client::new(server.settings(&json!({}))).unwrap();
        assert_eq!(codes(&client).await, [Some(Code::UnexpectedResponse); CALLS]);
        assert_eq!(codes(&client).await, [Some(Code::UnexpectedResponse); CALLS]);
        assert_eq!(server.journal("login").len(), 1, "{response}");
    }
}

/// Shortly before a token expires, the server returns the same token again and again.
#[test]
fn there_are_not_more_logins_than_tokens() {
    let server = Server::start();
    server.control("POST", "config", &json!({"token_seconds": 0.7}));
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let begun = std::time::Instant::now();
    while begun.elapsed() < std::time::Duration::from_millis(2500) {
        client.accounts().get(1).unwrap();
    }
    let tokens = server.journal("get").iter().filter_map(|entry| entry["token"].as_u64()).max().unwrap();
    let logins = server.journal("login").len() as u64;
    assert!(tokens >= 3 && logins <= tokens + 1, "{logins} logins for {tokens} tokens"); // one more login detects it
}

#[tokio::test]
async fn a_failed_login_is_shared_by_the_waiting_calls_and_not_remembered() {
    for (response, code) in [(503, Code::Server), (429, Code::RateLimited)] {
        let server = server_with_login_response(&json!({"status": response}));
        let client = Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
        assert_eq!(codes(&client).await, [Some(code); CALLS]);
        assert_eq!(server.journal("login").len(), 1);
        assert_eq!(codes(&client).await, [Some(code); CALLS]);
        assert_eq!(server.journal("login").len(), 2);
    }
}

#[tokio::test]
async fn a_login_uses_the_options_of_its_call_and_not_of_others() {
    let server = server_with_login_response(&json!({"status": 503}));
    let client = Client::new(server.settings(&json!({"max_retries": 2, "backoff_base": 0.01}))).unwrap();
    let once = client.with_options(br#"{"max_retries": 0}"#).unwrap();
    assert_eq!(codes(&once).await, [Some(Code::Server); CALLS]);
    assert_eq!(server.journal("login").len(), 1);
    let (first, then) = (once.accounts(), client.accounts());
    let (first, then) = Box::pin(join(first.get(1), then.get(1))).await;
    assert_eq!([first, then].map(|result| result.unwrap_err().code()), [Code::Server; 2]);
    assert_eq!(server.journal("login").len(), 1 + 1 + 3);
}

#[tokio::test]
async fn no_call_waits_twice_for_a_login_that_stalls() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "login"}, "times": 0, "hold": "login"}));
    let client = Client::new(server.settings(&json!({"max_retries": 0, "read_timeout": 0.2}))).unwrap();
    assert_eq!(codes(&client).await, [Some(Code::Timeout); CALLS]);
    assert_eq!(server.journal("login").len(), 1);
}

#[tokio::test]
async fn a_call_with_a_shorter_timeout_fails_alone() {
    let server = Server::start();
    server.control("POST", "faults", &json!({"on": {"action": "login"}, "hold": "login"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let impatient = client.with_options(br#"{"timeout": 0.2}"#).unwrap().accounts();
    let accounts = client.accounts();
    let (impatient, other) = Box::pin(join(impatient.get(1), accounts.get(1))).await;
    assert_eq!(impatient.unwrap_err().code(), Code::Timeout);
    other.unwrap();
    assert_eq!(server.journal("login").len(), 2);
}

#[tokio::test]
async fn a_refused_token_that_is_issued_again_does_not_cause_a_login_per_call() {
    let server = Server::start();
    let response = json!({"status": 401, "json": {"error": "invalid_token"}});
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "times": 0, "response": response}));
    let client = Client::new(server.settings(&json!({"max_concurrency": CALLS}))).unwrap();
    assert_eq!(codes(&client).await, [Some(Code::Auth); CALLS]);
    let logins = server.journal("login").len();
    assert!((2..=CALLS / 3).contains(&logins), "{logins}");
}

fn rotating(over: &Value) -> (Server, Client) {
    let server = Server::start();
    let user = json!({"name": "jan@firma", "password": "jakies-haslo", "refresh_token": REFRESH});
    let reset =
        json!({"seed": {"users": [user], "entities": {"Account": [{"id": 1}]}}, "config": {"rotate_refresh": true}});
    server.control("POST", "reset", &reset);
    server.control("POST", "faults", &json!({"on": {"action": "login"}, "hold": "login"}));
    let mut settings: Value = serde_json::from_str(&server.settings_json(over)).unwrap();
    settings.as_object_mut().unwrap().remove("password");
    settings["refresh_token"] = REFRESH.into();
    let client = Client::new(egito::Settings::from_json(settings.to_string().as_bytes()).unwrap()).unwrap();
    (server, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_does_not_lose_the_refresh_token() {
    let (server, client) = rotating(&json!({}));
    let accounts = client.accounts();
    let call = tokio::spawn(async move { accounts.get(1).await });
    block_in_place(|| server.control("GET", "journal?action=login&wait=1", &Value::Null));
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    block_in_place(|| server.control("POST", "release", &json!({"name": "login"})));
    client.accounts().get(1).await.unwrap();
    assert_eq!(block_in_place(|| server.journal("login")).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_times_out_does_not_lose_the_refresh_token() {
    let (server, client) = rotating(&json!({}));
    let impatient = client.with_options(br#"{"timeout": 0.2}"#).unwrap();
    assert_eq!(impatient.accounts().get(1).await.unwrap_err().code(), Code::Timeout);
    block_in_place(|| server.control("POST", "release", &json!({"name": "login"})));
    client.accounts().get(1).await.unwrap();
    assert_eq!(block_in_place(|| server.journal("login")).len(), 1);
}

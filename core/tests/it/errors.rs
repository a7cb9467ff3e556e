//! Causes of errors, and whether a call is safe to retry.

use crate::sandbox::Server;
use egito::{Error, Outcome, blocking};
use serde_json::{Value, json};
use std::error::Error as _;
use std::io;
use std::net::TcpListener;

type Call = fn(&blocking::Client) -> Error;

const GET: Call = |client| client.accounts().get(1).unwrap_err();
const CREATE: Call = |client| client.accounts().create(&json!({"name": "Żubr"})).unwrap_err();
const UPDATE: Call = |client| client.accounts().update(1, &json!({"phone": "1"})).unwrap_err();
const DELETE: Call = |client| client.accounts().delete(1).unwrap_err();
const PRINT: Call = |client| client.accounts().call("print", &json!({})).unwrap_err();

#[test]
fn only_errors_of_calls_that_are_safe_to_retry_are_retryable() {
    let server = Server::start();
    let client = blocking::Client::new(server.settings(&json!({"max_retries": 0}))).unwrap();
    let transient = [
        json!({"cut": "after"}),
        json!({"delay_ms": 5000}),
        json!({"response": {"status": 503}}),
        json!({"response": {"status": 500}}),
    ];
    for fault in transient {
        for (call, retryable) in [(GET, true), (UPDATE, true), (DELETE, true), (CREATE, false), (PRINT, false)] {
            let error = failing(&server, &client, call, &fault);
            assert_eq!(error.is_retryable(), retryable, "{fault}: {error:?}");
        }
    }
    for call in [GET, UPDATE, DELETE, CREATE, PRINT] {
        let error =
            failing(&server, &client, call, &json!({"response": {"status": 429, "headers": {"Retry-After": "9"}}}));
        assert!(error.is_rate_limited() && error.is_retryable(), "{error:?}");
        for status in [400, 403, 404, 422] {
            let error = failing(&server, &client, call, &json!({"response": {"status": status}}));
            assert!(!error.is_retryable(), "{error:?}");
        }
    }
}

#[test]
fn a_refused_connection_has_an_io_error_as_its_source() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(); // closed again
    let builder = blocking::Client::builder().base_url(format!("http://127.0.0.1:{port}")).max_retries(0);
    let client = builder.client_id("a").client_secret("bbbb").username("c").password("dddd").build().unwrap();
    let error = CREATE(&client);
    assert!(error.is_connection() && error.is_retryable() && error.outcome() == Some(Outcome::NotSent), "{error:?}");

    let cause = error.source().unwrap();
    assert_eq!(cause.to_string(), error.details().cause.as_ref().unwrap().as_str());
    let io = cause.source().unwrap().downcast_ref::<io::Error>().unwrap();
    assert_eq!(io.kind(), io::ErrorKind::ConnectionRefused);
    assert_eq!(error.details().os_error, io.raw_os_error());

    let json: Value = serde_json::from_str(&error.to_json()).unwrap();
    assert_eq!((&json["retryable"], &json["cause"]), (&json!(true), &json!(cause.to_string())));
    assert_eq!(json["os_error"], json!(io.raw_os_error().unwrap()));
}

#[test]
fn a_cause_has_no_secret_and_an_error_response_has_no_cause() {
    let server = Server::start();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap(); // closed again
    let settings = json!({"proxy": format!("http://jan:s3cret-of-the-proxy@{proxy}"), "max_retries": 0});
    let client = blocking::Client::new(server.settings(&settings)).unwrap();
    let error = GET(&client);
    let shown = format!("{error:?} {:?} {}", error.source(), error.source().unwrap());
    assert!(!shown.contains("s3cret-of-the-proxy"), "{shown}");

    let client = blocking::Client::new(server.settings(&json!({}))).unwrap();
    let refused = client.accounts().create(&json!({})).unwrap_err();
    assert!(refused.is_validation() && refused.source().is_none() && refused.details().os_error.is_none());
}

fn failing(server: &Server, client: &blocking::Client, call: Call, fault: &Value) -> Error {
    client.leads().get(1).unwrap(); // logs in
    server.control("POST", "faults", fault);
    // Long enough to send the request, even on a busy machine.
    let error = call(&client.with_options(br#"{"timeout": 0.5}"#).unwrap());
    server.control("DELETE", "faults", &json!({}));
    error
}

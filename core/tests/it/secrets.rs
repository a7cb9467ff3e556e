//! Secrets in responses of the server: many of them, in parts, or among millions of characters.

use crate::raw_server::{RawServer, TOKEN};
use egito::{Code, Error};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Far more than one pass over the text takes, and far less than one pass for each secret.
const LONG: Duration = Duration::from_secs(20);

fn refused(status: u16, body: &str) -> Error {
    let length = body.len();
    let server = RawServer::responding(format!("HTTP/1.1 {status} No\r\nContent-Length: {length}\r\n\r\n{body}"));
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    client.accounts().create(&json!({})).unwrap_err()
}

#[test]
fn many_secrets_are_removed_in_one_pass() {
    let token = serde_json::from_str::<Value>(TOKEN).unwrap()["access_token"].as_str().unwrap().to_owned();
    let field_error = format!("{token} żubr ").repeat(300_000);
    let begun = Instant::now();
    let error = refused(422, &json!({"errors": [field_error, "&".repeat(3_000_000)]}).to_string());
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    assert_eq!(error.code(), Code::Validation);
    assert!(error.details().message.len() < 2000);
    assert_eq!(error.details().errors[0].message, "[removed] żubr ".repeat(300_000));
    assert_eq!(error.details().errors[1].message.len(), 3_000_000);
}

#[test]
fn the_message_says_how_many_field_errors_were_dropped() {
    let error = refused(422, &json!({"errors": vec![1; 5000]}).to_string());
    assert_eq!(error.details().errors.len(), 5000);
    assert!(error.details().message.contains("1; and 4995 more."), "{error}");
    let error = refused(422, &json!({"errors": vec![1; 100_007]}).to_string());
    assert_eq!(error.details().errors.len(), 100_000);
    assert!(error.details().message.contains("1; and 100002 more (the first 100000 are kept)."), "{error}");
}

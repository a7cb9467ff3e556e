//! Secrets that a server sends back: often, in parts, or in the middle of millions of characters.

use crate::raw_server::{RawServer, TOKEN};
use egito::{Code, Error};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A pass over the text takes much less, and one for each secret in it much more.
const LONG: Duration = Duration::from_secs(20);

fn refused(status: u16, body: &str) -> Error {
    let length = body.len();
    let server = RawServer::saying(format!("HTTP/1.1 {status} No\r\nContent-Length: {length}\r\n\r\n{body}"));
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    client.accounts().create(&json!({})).unwrap_err()
}

#[test]
fn many_secrets_are_taken_out_in_one_pass() {
    let token = serde_json::from_str::<Value>(TOKEN).unwrap()["access_token"].as_str().unwrap().to_owned();
    let complaint = format!("{token} żubr ").repeat(300_000);
    let begun = Instant::now();
    let error = refused(422, &json!({"errors": [complaint, "&".repeat(3_000_000)]}).to_string());
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    assert_eq!(error.code(), Code::Validation);
    assert!(error.details().message.len() < 2000);
    assert_eq!(error.details().errors[0].message, "[removed] żubr ".repeat(300_000));
    assert_eq!(error.details().errors[1].message.len(), 3_000_000);
}

#[test]
fn no_complaint_is_dropped_in_silence() {
    let error = refused(422, &json!({"errors": vec![1; 5000]}).to_string());
    assert_eq!(error.details().errors.len(), 5000);
    assert!(error.details().message.contains("1; and 4995 more."), "{error}");
    let error = refused(422, &json!({"errors": vec![1; 100_007]}).to_string());
    assert_eq!(error.details().errors.len(), 100_000);
    assert!(error.details().message.contains("1; and 100002 more (the first 100000 are kept)."), "{error}");
}

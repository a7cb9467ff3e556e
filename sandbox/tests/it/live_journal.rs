//! The journal as server-sent events.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;

use serde_json::Value;

use crate::crm::Crm;

/// A connection that receives the events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn new(crm: &Crm) -> Self {
        Self(BufReader::new(crm.raw("GET /_sandbox/journal/live HTTP/1.1\r\nHost: localhost\r\n\r\n")))
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.0.read_line(&mut line).unwrap_or_default() > 0).then(|| line.trim_end().to_owned())
    }

    /// Returns name and entries of the next event.
    fn next(&mut self) -> Option<(String, Vec<Value>)> {
        loop {
            let line = self.line()?;
            if let Some(name) = line.strip_prefix("event: ") {
                let data = self.line()?;
                return Some((name.to_owned(), serde_json::from_str(data.strip_prefix("data: ")?).unwrap()));
            }
        }
    }

    /// Returns the entries of all events until one of them has this number and is complete.
    fn until(&mut self, n: u64) -> (Vec<String>, Value) {
        let mut names = Vec::new();
        loop {
            let (name, entries) = self.next().expect("another event");
            names.push(name);
            let found = entries.into_iter().find(|entry| entry["n"] == n && !entry["duration_ms"].is_null());
            if let Some(found) = found {
                return (names, found);
            }
        }
    }
}

#[test]
fn it_starts_with_the_last_requests_and_continues_with_each_new_one() {
    let crm = Crm::new();
    crm.login();
    let mut events = Events::new(&crm);
    let (name, entries) = events.next().unwrap();
    assert_eq!((name.as_str(), entries.len()), ("start", 1));
    crm.post("Account/create", r#"{"name":"Żubr"}"#);
    let (_, entry) = events.until(3);
    assert_eq!((&entry["action"], &entry["status"]), (&"create".into(), &200.into()));
    assert_eq!(entry["body"], r#"{"name":"Żubr"}"#);
    assert_eq!(entry["response"]["body"], r#"{"id":21}"#);
    assert!(entry["response"]["headers"]["content-type"].as_str().unwrap().starts_with("application/json"));
    assert!(entry["time"].as_str().unwrap().ends_with('Z') && entry["fault"].is_null());
}

#[test]
fn an_entry_has_the_fault_that_met_the_request() {
    let crm = Crm::new();
    crm.token();
    let mut events = Events::new(&crm);
    crm.control("faults", r#"[{"on":{"action":"create"},"cut":"after","delay_ms":20},{"response":{"status":503}}]"#);
    // It stays open until the entry is complete: a request whose connection is closed at once may never reach the journal.
    let connection =
        crm.raw("POST /services/restapi/json/Account/create HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
    let (_, entry) = events.until(2);
    drop(connection);
    assert_eq!(entry["fault"], serde_json::json!({"id": 1, "delay_ms": 20, "cut": "after"}));
    assert!(entry["status"].is_null());
    crm.send("GET", "/services/restapi/json/Account/get?id=1", &[], "");
    let (_, entry) = events.until(3);
    assert_eq!((&entry["fault"], &entry["status"]), (&serde_json::json!({"id": 2, "status": 503}), &503.into()));
}

#[test]
fn it_has_no_secrets() {
    let crm = Crm::new();
    let token = crm.token();
    crm.post("Account/create", &format!(r#"{{"name":"{token}{}"}}"#, "x".repeat(20_000)));
    crm.post("Account/create", &format!(r#"{{"name":"{}{token}"}}"#, "x".repeat(8 * 1024 - 20)));
    crm.get("Account/list?sort=id&order=desc");
    let (name, entries) = Events::new(&crm).next().unwrap();
    let sizes = |entry: &Value| (entry["body"].as_str().unwrap().len(), entry["body_size"].as_u64().unwrap());
    assert!(matches!(sizes(&entries[2]), (8000..=8192, 20_000..)), "{:?}", sizes(&entries[2]));
    let text = serde_json::to_string(&entries).unwrap();
    assert!(name == "start" && text.contains("xxx\"") && text.contains(r#""access_token\":\"***"#), "{text}");
    assert!(!text.contains(&token) && !text.contains(&token[..8]), "{text}");
}

#[test]
fn a_browser_that_does_not_read_slows_no_request_and_gets_the_last_ones_again() {
    let crm = Crm::new();
    let token = crm.token();
    let mut events = Events::new(&crm);
    events.next().unwrap();
    // More than the buffers of both sockets and of the sandbox hold.
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(8000));
    for _ in 0..6000 {
        crm.post_as("Account/create", &body, "application/json", &token);
    }
    let (names, _) = events.until(6001);
    assert!(names.iter().any(|name| name == "reload"), "{names:?}");
}

#[test]
fn an_event_has_few_entries_also_if_many_requests_arrive_at_once() {
    let crm = Crm::new();
    let mut events = Events::new(&crm);
    events.next().unwrap();
    let request = "GET /services/restapi/json/Account/get?id=1 HTTP/1.1\r\nHost: x\r\n\r\n";
    let connection = crm.raw(&request.repeat(3000));
    let mut left = 3000;
    while left > 0 {
        let (name, entries) = events.next().unwrap();
        assert!(entries.len() <= if name == "entries" { 100 } else { 200 }, "{name}: {}", entries.len());
        left = 3000 - entries.last().map_or(0, |entry| entry["n"].as_u64().unwrap());
    }
    drop(connection);
}

#[test]
fn clearing_the_journal_starts_again() {
    let crm = Crm::new();
    crm.login();
    let mut events = Events::new(&crm);
    events.next().unwrap();
    crm.send("DELETE", "/_sandbox/journal", &[], "");
    assert_eq!(events.next().unwrap(), ("start".into(), Vec::new()));
    crm.control("reset", "{}");
    assert_eq!(events.next().unwrap(), ("start".into(), Vec::new()));
}

#[test]
fn it_ends_with_the_sandbox() {
    let crm = Crm::new();
    let mut events = Events::new(&crm);
    events.next().unwrap();
    let stopped = std::time::Instant::now();
    drop(crm);
    while events.line().is_some() {}
    assert!(stopped.elapsed().as_millis() < 900, "it did not wait for the connection");
}

//! The journal of requests.

use std::io::Read;

use serde_json::{Value, json};

use crate::crm::{Crm, FORM, read_all};

#[test]
fn an_entry_describes_its_request() {
    let crm = Crm::new();
    let token = crm.token();
    crm.send("DELETE", "/_sandbox/journal", &[], "");
    crm.post_as("Account/create?x=1", r#"{"name":"Żubr","n":9007199254740993}"#, "application/json", &token);
    let entry = crm.journal("").remove(0);
    let expected = [
        ("n", json!(1)),
        ("method", json!("POST")),
        ("path", json!("/services/restapi/json/Account/create")),
        ("query", json!({"x": "1"})),
        ("action", json!("create")),
        ("entity", json!("Account")),
        ("grant", Value::Null),
        ("body", json!(r#"{"name":"Żubr","n":9007199254740993}"#)),
        ("json", json!({"name": "Żubr", "n": 9_007_199_254_740_993_u64})),
        ("form", Value::Null),
        ("status", json!(200)),
        ("applied", json!(true)),
        ("token", json!(1)),
        ("token_in", json!("header")),
        ("client_gone", json!(false)),
    ];
    for (name, value) in expected {
        assert_eq!(entry[name], value, "{name}");
    }
    assert_eq!(entry["headers"]["content-type"], "application/json");
    assert_eq!(entry["headers"]["authorization"], "Bearer ***");
}

#[test]
fn the_journal_has_no_secrets() {
    let crm = Crm::new();
    let token = crm.token();
    crm.send("GET", &format!("/services/restapi/json/Account/get?id=1&access_token={token}"), &[], "");
    crm.post_form("Account/create", "name=zażółć gęślą jaźń %26 100%25");
    crm.post("Account/create", &format!(r#"{{"name":"{token}"}}"#));
    let journal = crm.send("GET", "/_sandbox/journal", &[], "").text;
    let secrets: Vec<String> = serde_json::from_str(&crm.send("GET", "/_sandbox/secrets", &[], "").text).unwrap();
    assert!(secrets.contains(&token) && secrets.len() >= 6);
    for secret in secrets {
        assert!(!journal.contains(&secret), "{secret}");
    }
}

#[test]
fn logins_have_their_grant_and_their_form() {
    let crm = Crm::new();
    crm.login();
    let entry = crm.journal("action=login").remove(0);
    assert_eq!((&entry["grant"], &entry["entity"]), (&json!("password"), &Value::Null));
    assert_eq!(entry["form"]["username"], "jan@firma");
    assert_eq!(entry["form"]["password"], "***");
}

#[test]
fn a_refusal_is_not_applied_and_an_expired_token_keeps_its_number() {
    let crm = Crm::new();
    let token = crm.token();
    crm.control("clock", r#"{"advance":4000}"#);
    crm.post_as("Account/create", "name=x", FORM, &token);
    crm.post_form("Account/create", "name=x");
    let entries = crm.journal("action=create");
    assert_eq!((&entries[0]["token"], &entries[0]["applied"]), (&json!(1), &json!(false)));
    assert_eq!((&entries[1]["token"], &entries[1]["applied"]), (&json!(2), &json!(true)));
}

#[test]
fn connections_are_numbered_by_their_first_request() {
    let crm = Crm::new();
    let close = "GET /oauth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    read_all(crm.raw(close));
    read_all(crm.raw(&format!("GET /oauth/token HTTP/1.1\r\nHost: x\r\n\r\n{close}")));
    let numbers: Vec<_> = crm.journal("").iter().map(|entry| entry["connection"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 2]);
    crm.control("reset", "{}");
    crm.login();
    assert_eq!(crm.journal("")[0]["connection"], 1);
}

#[test]
fn waiting_too_long_ends_with_408() {
    let crm = Crm::new();
    assert_eq!(crm.send("GET", "/_sandbox/journal?wait=1&timeout_ms=20", &[], "").status, 408);
}

#[test]
fn control_requests_are_not_in_the_journal_but_unknown_addresses_are() {
    let crm = Crm::new();
    crm.control("config", "{}");
    crm.send("GET", "/login/auth", &[], "");
    let entries = crm.journal("");
    assert_eq!(entries.len(), 1);
    assert_eq!((&entries[0]["action"], &entries[0]["status"]), (&Value::Null, &json!(404)));
}

#[test]
fn an_entry_has_the_number_of_requests_in_flight() {
    let crm = Crm::new();
    crm.token();
    crm.control("faults", r#"{"on":{"action":"get"},"times":2,"hold":"gate"}"#);
    let held = [crm.raw_get(), crm.raw_get()];
    crm.journal("wait=2&action=get");
    crm.control("release", r#"{"name":"gate"}"#);
    for mut connection in held {
        connection.read_exact(&mut [0]).unwrap();
    }
    crm.get("Account/get?id=1");
    let in_flight = crm.journal("action=get").iter().map(|entry| entry["in_flight"].clone()).collect::<Vec<_>>();
    assert_eq!(in_flight, [1, 2, 1]);
}

//! Connections that a fault closes.

use crate::crm::{Crm, read_all};

fn raw_create(crm: &Crm) -> Vec<u8> {
    let (token, body) = (crm.token(), r#"{"name":"Zgubiona odpowiedź"}"#);
    read_all(crm.raw(&format!(
        "POST /services/restapi/json/Account/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )))
}

fn last_create(crm: &Crm) -> serde_json::Value {
    crm.journal("action=create").pop().unwrap()
}

#[test]
fn a_cut_before_the_action_does_nothing_and_sends_no_byte() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"create"},"cut":"before"}"#);
    assert_eq!(raw_create(&crm), b"");
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    let entry = last_create(&crm);
    assert_eq!((entry["status"].as_u64(), &entry["applied"]), (None, &false.into()));
}

#[test]
fn a_cut_after_the_action_sends_no_byte() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"create"},"cut":"after"}"#);
    assert_eq!(raw_create(&crm), b"");
    assert_eq!(crm.get("Account/list").ids().len(), 21);
    let entry = last_create(&crm);
    assert_eq!((entry["status"].as_u64(), &entry["applied"]), (None, &true.into()));
    assert_eq!(entry["client_gone"], false);
}

#[test]
fn a_record_may_appear_after_the_connection_was_closed() {
    let crm = Crm::new();
    crm.control("config", r#"{"commit_delay_ms":60000}"#);
    crm.control("faults", r#"{"on":{"action":"create"},"cut":"after"}"#);
    assert_eq!(raw_create(&crm), b"");
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    crm.control("clock", r#"{"advance":60}"#);
    assert_eq!(crm.get("Account/list").ids().len(), 21);
}

#[test]
fn a_cut_in_the_middle_sends_half_of_the_body() {
    let crm = Crm::new();
    let whole = crm.get("Account/get?id=1").text;
    crm.control("faults", r#"{"on":{"action":"get"},"cut":"middle"}"#);
    let response = String::from_utf8_lossy(&read_all(crm.raw_get())).into_owned();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.to_lowercase().contains(&format!("content-length: {}", whole.len())));
    assert_eq!(body.len(), whole.len() / 2);
}

#[test]
fn a_cut_does_not_affect_other_connections() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"cut":"before"}"#);
    assert_eq!(read_all(crm.raw_get()), b"");
    assert_eq!(crm.get("Account/get?id=1").status, 200);
}

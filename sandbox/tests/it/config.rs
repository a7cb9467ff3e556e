//! Config, clock and reset.

use crate::crm::Crm;

#[test]
fn an_unknown_field_is_named_in_the_error() {
    let response = Crm::new().send("POST", "/_sandbox/config", &[], r#"{"page_cup":5}"#);
    assert_eq!(response.status, 400);
    let (_, message) = response.refusal();
    assert!(message.starts_with("config page_cup: unknown field") && !message.contains("column"), "{message}");
}

#[test]
fn an_invalid_value_is_named_in_the_error() {
    let crm = Crm::new();
    for (path, json) in [
        ("config", r#"{"page_default":7,"page_cap":"five"}"#),
        ("config", r#"{"page_default":7,"page_cap":0}"#),
        ("reset", r#"{"config":{"page_cap":0}}"#),
    ] {
        let (status, message) = crm.send("POST", &format!("/_sandbox/{path}"), &[], json).refusal();
        assert!(status == 400 && message.starts_with("config page_cap: "), "{status} {message}");
        assert!(!message.contains("column"), "{message}");
    }
    assert_eq!(crm.send("GET", "/_sandbox/config", &[], "").json()["page_default"], serde_json::Value::Null);
}

#[test]
fn a_timestamp_is_a_date_as_the_server_writes_it() {
    let crm = Crm::new();
    for invalid in ["now", "2026-07-01", "2026-07-01T10:00:00.000Z", "2026-07-01T12:00:00+02:00"] {
        let json = format!(r#"{{"timestamp":"{invalid}"}}"#);
        let (status, message) = crm.send("POST", "/_sandbox/config", &[], &json).refusal();
        assert!(status == 400 && message.starts_with("config timestamp: ") && message.contains(invalid), "{message}");
    }
}

#[test]
fn an_unknown_command_is_named_in_the_error() {
    let crm = Crm::new();
    for (method, path, status, named) in [
        ("GET", "/_sandbox/x", 404, "/_sandbox/x"),
        ("POST", "/_sandbox/", 405, "/_sandbox/"),
        ("PUT", "/_sandbox/faults", 405, "PUT"),
        ("GET", "/_sandbox/journal?wiat=3", 400, "wiat"),
    ] {
        let (found, message) = crm.send(method, path, &[], "").refusal();
        assert!(found == status && message.contains(named), "{found} {message}");
    }
    assert!(crm.journal("").is_empty());
}

#[test]
fn config_can_be_read_back() {
    let crm = Crm::new();
    crm.control("config", r#"{"page_cap":5,"expires_in":"missing"}"#);
    let config = crm.send("GET", "/_sandbox/config", &[], "").json();
    assert_eq!((&config["page_cap"], &config["expires_in"]), (&5.into(), &"missing".into()));
    assert_eq!(config["list_form"], "array");
}

#[test]
fn a_reset_restores_the_initial_state() {
    let crm = Crm::new();
    let token = crm.token();
    crm.post("Account/create", r#"{"name":"x"}"#);
    crm.control("config", r#"{"page_cap":1}"#);
    crm.control("clock", r#"{"advance":100000}"#);
    crm.control("faults", r#"{"times":0,"response":{"status":500}}"#);
    crm.control("reset", r#"{"config":{"token_seconds":10}}"#);
    assert!(crm.journal("").is_empty());
    assert_eq!(crm.post_as("Account/get", "{}", "application/json", &token).status, 401);
    assert!(crm.login()["expires_in"].as_i64().unwrap() <= 10);
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    assert_eq!(crm.post("Account/create", r#"{"name":"x"}"#).json()["id"], 21);
}

#[test]
fn an_invalid_reset_changes_nothing() {
    let crm = Crm::new();
    let token = crm.token();
    for invalid in
        [r#"{"seed":"full"}"#, r#"{"seeds":{}}"#, r#"{"config":{"x":1}}"#, r#"{"seed":{"entities":{"A":[1]}}}"#]
    {
        assert_eq!(crm.send("POST", "/_sandbox/reset", &[], invalid).status, 400, "{invalid}");
    }
    assert_eq!(crm.token(), token);
    assert_eq!(crm.get("Account/list").ids().len(), 20);
}

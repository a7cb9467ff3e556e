//! Scripted faults: which requests they match, and what happens to those.

use std::io::Read;
use std::time::{Duration, Instant};

use crate::crm::Crm;

fn statuses(crm: &Crm, count: usize) -> Vec<u16> {
    (0..count).map(|_| crm.get("Account/get?id=1").status).collect()
}

#[test]
fn a_response_replaces_the_real_one_and_the_action_is_not_done() {
    let crm = Crm::new();
    let fault =
        r#"{"on":{"action":"create"},"response":{"status":503,"headers":{"Retry-After":"1"},"json":{"n":1.10}}}"#;
    crm.control("faults", fault);
    let response = crm.post("Account/create", r#"{"name":"x"}"#);
    assert_eq!((response.status, response.text.as_str()), (503, r#"{"n":1.10}"#));
    assert_eq!(response.header("retry-after"), "1");
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    assert_eq!(crm.journal("action=create")[0]["applied"], false);
}

#[test]
fn with_apply_the_action_is_done_before_its_response_is_replaced() {
    let crm = Crm::new();
    crm.control(
        "faults",
        r#"{"on":{"action":"create"},"apply":true,"response":{"status":504,"body":"<h1>Ojej</h1>"}}"#,
    );
    let response = crm.post("Account/create", r#"{"name":"x"}"#);
    assert_eq!((response.status, response.text.as_str()), (504, "<h1>Ojej</h1>"));
    assert!(response.header("content-type").starts_with("text/html"));
    assert_eq!(crm.get("Account/list").ids().len(), 21);
    assert_eq!(crm.journal("action=create")[0]["applied"], true);
}

#[test]
fn a_body_may_be_any_bytes() {
    let crm = Crm::new();
    crm.control(
        "faults",
        r#"{"on":{"action":"get"},"response":{"body_base64":"77u/W10=","headers":{"content-type":"x/y"}}}"#,
    );
    let response = crm.get("Account/get?id=1");
    assert_eq!((response.text.as_str(), response.header("content-type")), ("\u{feff}[]", "x/y"));
}

#[test]
fn skip_and_times_select_requests() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"skip":1,"times":2,"response":{"status":500}}"#);
    assert_eq!(statuses(&crm, 5), [200, 500, 500, 200, 200]);
    crm.control("faults", r#"{"on":{"action":"get"},"times":0,"response":{"status":502}}"#);
    assert_eq!(statuses(&crm, 3), [502, 502, 502]);
}

#[test]
fn the_first_matching_fault_is_applied() {
    let crm = Crm::new();
    crm.control(
        "faults",
        r#"[{"on":{"action":"get"},"response":{"status":500}}, {"on":{"action":"get","entity":"Account"},"response":{"status":501}},
            {"on":{"action":"get","entity":"Lead"},"response":{"status":502}}]"#,
    );
    assert_eq!(statuses(&crm, 3), [500, 501, 200]);
}

#[test]
fn faults_match_by_action_entity_method_and_path() {
    let crm = Crm::new();
    let token = crm.token();
    let path = "/services/restapi/json/Account/get";
    crm.control("faults", &format!(r#"{{"on":{{"method":"POST","path":"{path}"}},"response":{{"status":500}}}}"#));
    assert_eq!(crm.get("Account/get?id=1").status, 200);
    assert_eq!(crm.post_as("Account/get", r#"{"id":1}"#, "application/json", &token).status, 500);
    crm.control("faults", r#"{"on":{"action":"dictionary"},"response":{"status":500}}"#);
    assert_eq!(crm.get("Account/list").status, 200);
    assert_eq!(crm.get("SelectDictionary/list?type=source").status, 500);
    crm.control("faults", r#"{"on":{"action":"login"},"response":{"status":500}}"#);
    assert_eq!(crm.request_token(&[]).status, 500);
}

#[test]
fn an_expired_token_is_refused_as_by_a_real_server() {
    let crm = Crm::new();
    let token = crm.token();
    crm.control("faults", r#"{"on":{"action":"create"},"expire_token":true}"#);
    let response = crm.post_as("Account/create", r#"{"name":"x"}"#, "application/json", &token);
    assert_eq!(response.refusal(), (401, "invalid_token".into()));
    assert_ne!(crm.token(), token);
    assert_eq!(crm.post("Account/create", r#"{"name":"x"}"#).status, 200);
}

#[test]
fn a_delay_is_before_the_response() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"delay_ms":150}"#);
    let start = Instant::now();
    assert_eq!(crm.get("Account/get?id=1").status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[test]
fn a_dripping_body_is_sent_in_chunks_and_complete() {
    let crm = Crm::new();
    let whole = crm.get("Account/get?id=1").text;
    crm.control("faults", r#"{"on":{"action":"get"},"drip_ms":5}"#);
    let start = Instant::now();
    assert_eq!(crm.get("Account/get?id=1").text, whole);
    assert!(start.elapsed() >= Duration::from_millis(45));
}

#[test]
fn a_held_request_waits_until_it_is_released() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"hold":"x"}"#);
    let mut held = crm.raw_get();
    assert_eq!(crm.journal("wait=1&action=get")[0]["status"].as_u64(), None);
    crm.control("release", r#"{"name":"another"}"#);
    held.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    assert!(held.read(&mut [0; 1]).is_err(), "it did not wait");
    crm.control("release", r#"{"name":"x"}"#);
    held.set_read_timeout(None).unwrap();
    let mut start = [0; 12];
    held.read_exact(&mut start).unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
}

#[test]
fn a_request_that_was_held_does_nothing_after_a_reset() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"hold":"x"}"#);
    let held = crm.raw_get();
    crm.journal("wait=1&action=get");
    crm.control("reset", "{}");
    assert_eq!(crate::crm::read_all(held), b"");
    assert!(crm.journal("").is_empty());
}

#[test]
fn the_action_continues_when_the_client_disconnects() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"create"},"hold":"x"}"#);
    let (token, body) = (crm.token(), r#"{"name":"x"}"#);
    let held = crm.raw(&format!(
        "POST /services/restapi/json/Account/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    crm.journal("wait=1&action=create");
    drop(held);
    let entry = crm.journal("wait=1&client_gone=true").remove(0);
    assert_eq!((&entry["action"], entry["status"].as_u64()), (&"create".into(), None));
    crm.control("release", r#"{"name":"x"}"#);
    let is_done = || crm.journal("action=create")[0]["applied"] == true;
    while !is_done() {
        std::thread::yield_now();
    }
    assert_eq!(crm.get("Account/list").ids().len(), 21);
}

#[test]
fn an_invalid_fault_is_refused() {
    let crm = Crm::new();
    for (fault, named) in [
        (r#"{"onn":{}}"#, "onn"),
        (r#"{"on":{"action":"craete"},"cut":"after"}"#, "craete"),
        ("{}", "effect"),
        (r#"{"on":{"action":"get"},"skip":1,"times":2,"delay_ms":0,"apply":true}"#, "effect"),
        (r#"[{"cut":"after"},{"on":{"action":"get"}}]"#, "effect"),
        (r#"{"response":{"status":99}}"#, "99"),
        (r#"{"response":{"status":100}}"#, "100"),
        (r#"{"response":{"status":600}}"#, "600"),
        (r#"{"response":{"json":1,"body":"x"}}"#, "body"),
        (r#"{"response":{"headers":{"a b":"x"}}}"#, "a b"),
        (r#"{"cut":"sometimes"}"#, "sometimes"),
    ] {
        let (status, message) = crm.send("POST", "/_sandbox/faults", &[], fault).refusal();
        assert!(status == 400 && message.contains(named), "{fault}: {status} {message}");
    }
    assert_eq!(crm.send("GET", "/_sandbox/faults", &[], "").json()["left"], 0);
}

#[test]
fn every_action_of_the_readme_can_be_matched() {
    let crm = Crm::new();
    for action in ["login", "create", "get", "update", "delete", "list", "dictionary", "call"] {
        crm.control("faults", &format!(r#"{{"on":{{"action":"{action}"}},"response":{{"status":599}}}}"#));
    }
}

#[test]
fn faults_can_be_removed() {
    let crm = Crm::new();
    let id = crm.post("Account/create", r#"{"name":"zostaje"}"#).json()["id"].clone();
    crm.control("faults", r#"[{"times":0,"response":{"status":500}},{"cut":"after"}]"#);
    assert_eq!(crm.send("DELETE", "/_sandbox/faults", &[], "").status, 200);
    assert_eq!(crm.send("GET", "/_sandbox/faults", &[], "").json()["left"], 0);
    assert_eq!(crm.get(&format!("Account/get?id={id}")).json()["name"], "zostaje");
}

#[test]
fn a_fault_can_match_one_page_of_a_list() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"list","query":{"offset":"2"}},"response":{"status":503}}"#);
    let status = |offset: u32| crm.get(&format!("Account/list?max=2&offset={offset}")).status;
    assert_eq!([0, 2, 2].map(status), [200, 503, 200]);
}

#[test]
fn a_header_with_several_values_is_sent_several_times() {
    let crm = Crm::new();
    crm.control("faults", r#"{"on":{"action":"get"},"response":{"headers":{"Link":["a, b","c"]},"json":{}}}"#);
    let response = crm.get("Account/get?id=1");
    assert_eq!(response.headers.get_all("link").iter().collect::<Vec<_>>(), ["a, b", "c"]);
}

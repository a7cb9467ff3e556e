//! Commands of the control API that the page uses.

use serde_json::{Value, json};

use crate::crm::Crm;

impl Crm {
    fn show(&self, path: &str) -> Value {
        self.send("GET", &format!("/_sandbox/{path}"), &[], "").json()
    }

    fn command(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let response = self.send(method, &format!("/_sandbox/{path}"), &[], body);
        (response.status, response.json())
    }
}

#[test]
fn active_faults_are_listed_with_what_is_left() {
    let crm = Crm::new();
    crm.control(
        "faults",
        r#"[{"on":{"action":"get"},"skip":1,"times":2,"response":{"status":503}},{"times":0,"delay_ms":1}]"#,
    );
    crm.get("Account/get?id=1");
    crm.get("Account/get?id=1");
    let first = json!({"on": {"action": "get"}, "skip": 1, "times": 2, "response": {"status": 503}});
    let second = json!({"id": 2, "skip": 0, "left": null, "fault": {"times": 0, "delay_ms": 1}});
    let expected = json!({"left": 2, "faults": [{"id": 1, "skip": 0, "left": 1, "fault": first}, second]});
    assert_eq!(crm.show("faults"), expected);
    assert_eq!(crm.command("DELETE", "faults/2", "").0, 200);
    assert_eq!(crm.command("DELETE", "faults/2", "").0, 404);
    assert_eq!(crm.show("faults")["faults"][0]["id"], 1);
    assert_eq!(crm.show("faults")["left"], 1);
}

#[test]
fn records_are_counted_searched_and_returned_in_parts() {
    let crm = Crm::new();
    assert_eq!(crm.show("records")["Account"], 20);
    let list = |query: &str| {
        let response = crm.send("GET", &format!("/_sandbox/records/Account?{query}"), &[], "");
        (response.header("total-count").to_owned(), response.ids())
    };
    assert_eq!(list("offset=5&limit=2"), ("20".into(), vec![6, 7]));
    assert_eq!(list("search=%C5%BB%C3%93%C5%81%C4%86"), ("1".into(), vec![7]), "„żółć” in any case");
    assert_eq!(list("search=revenue").0, "0", "names of fields are not searched");
    crm.post("Account/create", r#"{"name":"\u017b\u00f3\u0142\u0107 2"}"#);
    assert_eq!(list("search=%C5%BB%C3%B3%C5%82%C4%87").1, [7, 21]);
}

#[test]
fn records_that_are_not_committed_come_last() {
    let crm = Crm::new();
    crm.control("config", r#"{"commit_delay_ms":60000}"#);
    crm.post("Account/create", r#"{"name":"Później"}"#);
    let ids = |query: &str| crm.send("GET", &format!("/_sandbox/records/Account{query}"), &[], "").ids();
    assert_eq!(ids("").len(), 21);
    assert_eq!(ids("?offset=19&limit=1"), [20]);
    assert_eq!(ids("?offset=19&limit=2"), [20, 21]);
    assert_eq!(ids("?offset=20"), [21]);
    assert_eq!(ids("?search=p%C3%B3%C5%BAniej"), [21]);
}

#[test]
fn a_search_finds_every_record_once() {
    let crm = Crm::new();
    crm.control("reset", r#"{"records":{"Account":3500}}"#);
    let found = crm.send("GET", "/_sandbox/records/Account?search=a", &[], "").ids();
    assert!(found.len() > 2000 && found.is_sorted_by(|a, b| a < b));
    let part = crm.send("GET", "/_sandbox/records/Account?search=a&offset=1500&limit=20", &[], "");
    assert_eq!(part.ids(), found[1500..1520]);
    assert_eq!(part.header("total-count"), found.len().to_string());
}

#[test]
fn a_record_is_changed_as_a_user_changes_it_in_the_crm() {
    let crm = Crm::new();
    let (status, created) = crm.command("POST", "records/Account", r#"{"name":" Żubr ","n":12345678901234567890.5}"#);
    assert_eq!((status, &created), (200, &json!({"id": 21})));
    assert_eq!(crm.command("POST", "records/Account/21", r#"{"city":"Gdynia","id":7,"phone":""}"#).0, 200);
    let record = crm.get("Account/get?id=21");
    assert!(record.text.contains(r#""n":12345678901234567890.5"#), "{}", record.text);
    let record = record.json();
    assert_eq!((&record["name"], &record["city"], &record["version"]), (&json!("Żubr"), &json!("Gdynia"), &json!(1)));
    assert_eq!(crm.command("DELETE", "records/Account/21", "").0, 200);
    assert_eq!(crm.get("Account/get?id=21").status, 404);
    for (method, body) in [("DELETE", ""), ("POST", "{}")] {
        let (status, error) = crm.command(method, "records/Account/21", body);
        assert_eq!((status, &error), (404, &json!({"error": "Account has no record 21"})));
    }
    assert!(crm.journal("action=create").is_empty(), "changes by the control API are not requests");
}

#[test]
fn a_record_without_its_required_fields_is_refused() {
    let crm = Crm::new();
    let refused = (400, json!({"error": "missing required fields: name"}));
    assert_eq!(crm.command("POST", "records/Account", "{}"), refused);
    assert_eq!(crm.command("POST", "records/Account/1", r#"{"name":""}"#), refused);
}

#[test]
fn tokens_are_listed_and_expired() {
    let crm = Crm::new();
    let token = crm.token();
    let listed = crm.show("tokens");
    assert_eq!((&listed[0]["number"], &listed[0]["value"]), (&json!(1), &json!(token)));
    assert_eq!((&listed[0]["user"], &listed[0]["is_valid"]), (&json!("jan@firma"), &json!(true)));
    assert_eq!(crm.command("DELETE", "tokens/1", "").0, 200);
    assert_eq!(crm.command("DELETE", "tokens/1", "").0, 404);
    assert_eq!(crm.show("tokens")[0]["is_valid"], false);
    assert_ne!(crm.token(), token);
    assert_eq!(crm.show("tokens")[0]["number"], 2);
}

#[test]
fn the_clock_and_the_settings_are_shown() {
    let crm = Crm::new();
    crm.control("clock", r#"{"advance":3600}"#);
    assert_eq!(crm.show("clock")["advanced"], 3600.0);
    assert!(crm.show("clock")["now"].as_str().unwrap().ends_with('Z'));
    assert_eq!(crm.show("settings"), serde_json::to_value(crm.sandbox.settings()).unwrap());
}

#[test]
fn the_kinds_of_faults_and_the_configuration_are_listed() {
    let kinds = Crm::new().show("kinds");
    assert_eq!(kinds["config"]["unsorted"], json!({"default": "id", "values": ["id", "random"]}));
    assert_eq!(kinds["config"]["page_cap"], json!({"default": null}));
    assert!(kinds["faults"].as_array().unwrap().contains(&json!("cut")));
    assert_eq!(kinds["actions"][0], "login");
}

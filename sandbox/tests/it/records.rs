//! Create, get, update, delete, and custom actions.

use crate::crm::Crm;

#[test]
fn a_record_is_returned_as_sent_with_the_servers_own_fields() {
    let crm = Crm::new();
    let sent =
        r#"{"name":"Żubr","z":12345678901234567890.123456789,"a":9007199254740993,"m":{"y":1.0,"b":[1e5,null]}}"#;
    let id = crm.post("Account/create", sent).json()["id"].as_i64().unwrap();
    let text = crm.get(&format!("Account/get?id={id}")).text;
    let middle = &sent[1..sent.len() - 1];
    assert!(text.starts_with(&format!(r#"{{"id":{id},{middle},"version":0,"dateCreated":"2"#)), "{text}");
    assert!(text.ends_with("Z\"}"));
}

#[test]
fn strings_are_trimmed_and_empty_ones_become_null() {
    let crm = Crm::new();
    let id = crm.post("Account/create", r#"{"name":"  Żubr ","city":" "}"#).json()["id"].clone();
    let record = crm.get(&format!("Account/get?id={id}")).json();
    assert_eq!((&record["name"], &record["city"]), (&"Żubr".into(), &serde_json::Value::Null));
}

#[test]
fn the_servers_own_fields_are_ignored_in_requests() {
    let crm = Crm::new();
    let sent = r#"{"id":7,"name":"x","version":9,"dateCreated":"never","lastUpdated":"never"}"#;
    let id = crm.post("Account/create", sent).json()["id"].clone();
    assert_eq!(id, 21);
    let record = crm.get("Account/get?id=21").json();
    assert_eq!(record["version"], 0);
    assert_ne!(record["dateCreated"], "never");
}

#[test]
fn an_update_changes_the_sent_fields_only() {
    let crm = Crm::new();
    let before = crm.get("Account/get?id=1").json();
    assert_eq!(crm.post("Account/update", r#"{"id":1,"city":"Toruń","own":5}"#).text, r#"{"id":1}"#);
    let after = crm.get("Account/get?id=1").json();
    assert_eq!((&after["city"], &after["own"], &after["name"]), (&"Toruń".into(), &5.into(), &before["name"]));
    assert_eq!(after["version"].as_i64(), Some(before["version"].as_i64().unwrap() + 1));
    assert_ne!(after["lastUpdated"], before["lastUpdated"]);
    assert_eq!(after["dateCreated"], before["dateCreated"]);
}

#[test]
fn writes_can_have_equal_timestamps() {
    let crm = Crm::new();
    crm.control("config", r#"{"timestamp":"2026-07-01T10:00:00Z"}"#);
    crm.post("Account/create", r#"{"name":"x"}"#);
    crm.control("clock", r#"{"advance":60}"#);
    crm.post("Account/update", r#"{"id":21,"name":"y"}"#);
    let record = crm.get("Account/get?id=21").json();
    assert_eq!((&record["name"], &record["version"]), (&"y".into(), &1.into()));
    assert_eq!(
        (&record["dateCreated"], &record["lastUpdated"]),
        (&"2026-07-01T10:00:00Z".into(), &"2026-07-01T10:00:00Z".into())
    );
    crm.control("config", r#"{"timestamp":null}"#);
    crm.post("Account/update", r#"{"id":21,"name":"z"}"#);
    assert_ne!(crm.get("Account/get?id=21").json()["lastUpdated"], "2026-07-01T10:00:00Z");
}

#[test]
fn a_server_may_respond_before_it_commits() {
    let crm = Crm::new();
    crm.control("config", r#"{"commit_delay_ms":60000}"#);
    assert_eq!(crm.post("Offer/create", r#"{"name":"x"}"#).json()["id"], 1);
    crm.control("config", r#"{"commit_delay_ms":120000}"#);
    assert_eq!(crm.post("Offer/create", r#"{"name":"y"}"#).json()["id"], 2);
    assert_eq!(crm.get("Offer/list").text, "[]");
    assert_eq!(crm.get("Offer/get?id=1").status, 404);
    assert_eq!(crm.post("Offer/update", r#"{"id":1,"name":"z"}"#).status, 404);
    assert_eq!(crm.send("GET", "/_sandbox/records/Offer", &[], "").ids(), [1, 2]);
    crm.control("clock", r#"{"advance":60}"#);
    assert_eq!(crm.get("Offer/list").ids(), [1]);
    crm.control("clock", r#"{"advance":60}"#);
    assert_eq!(crm.get("Offer/list").ids(), [1, 2]);
    crm.control("config", r#"{"commit_delay_ms":0}"#);
    assert_eq!(crm.post("Offer/create", r#"{"name":"z"}"#).json()["id"], 3);
    assert_eq!(crm.get("Offer/get?id=3").status, 200);
}

#[test]
fn a_reset_forgets_what_is_not_committed() {
    let crm = Crm::new();
    let post = || crm.post("Offer/create", r#"{"name":"x"}"#).json()["id"].clone();
    crm.control("config", r#"{"commit_delay_ms":60000}"#);
    assert_eq!(post(), 1);
    assert_eq!(crm.send("POST", "/_sandbox/seed", &[], r#"{"entities":{"Offer":[{"id":7},1]}}"#).status, 400);
    assert_eq!(post(), 2);
    crm.control("reset", r#"{"config":{"commit_delay_ms":60000}}"#);
    assert_eq!(post(), 1);
    crm.control("clock", r#"{"advance":60}"#);
    assert_eq!(crm.get("Offer/list").ids(), [1]);
}

#[test]
fn a_deleted_record_is_gone_and_its_id_is_not_used_again() {
    let crm = Crm::new();
    assert_eq!(crm.post("Account/delete", r#"{"id":"20"}"#).json()["id"], 20);
    let gone = crm.get("Account/get?id=20");
    assert_eq!(gone.status, 404);
    assert_eq!(gone.json()["errors"][0]["rejected-value"], 20);
    assert_eq!(crm.post("Account/delete", r#"{"id":20}"#).status, 404);
    assert_eq!(crm.post("Account/create", r#"{"name":"x"}"#).json()["id"], 21);
}

#[test]
fn any_entity_name_works_and_has_its_own_ids() {
    let crm = Crm::new();
    assert_eq!(crm.post("Moja_Oferta2/create", "{}").json()["id"], 1);
    assert_eq!(crm.get("Moja_Oferta2/list").ids(), [1]);
}

#[test]
fn custom_actions_return_their_parameters() {
    let crm = Crm::new();
    let echo = r#"{"entity":"Offer","action":"print","params":{"n":1.10,"to":{"x":[]}}}"#;
    assert_eq!(crm.post("Offer/print", r#"{"n":1.10,"to":{"x":[]}}"#).text, echo);
    let echo = r#"{"entity":"Offer","action":"print","params":{"id":5,"name":"ą"}}"#;
    assert_eq!(crm.get("Offer/print?id=5&name=%C4%85").text, echo);
    assert_eq!(crm.post("Offer/print", "[1,2]").json()["params"], serde_json::json!([1, 2]));
}

#[test]
fn invalid_records_and_addresses_are_refused() {
    let crm = Crm::new();
    assert_eq!(crm.post("Account/create", "{broken").status, 400);
    assert_eq!(crm.post("Account/create", "[1]").status, 400);
    assert_eq!(crm.get("Account/create?name=x").status, 405);
    assert_eq!(crm.get("Account").status, 404);
    assert_eq!(crm.get("1Account/get?id=1").status, 404);
    assert_eq!(crm.get("Account/get").status, 400);
}

#[test]
fn ids_are_written_as_numbers_or_as_strings() {
    let crm = Crm::new();
    crm.control("config", r#"{"id_form":"string"}"#);
    assert_eq!(crm.post("Lead/create", r#"{"lastName":"x"}"#).text, r#"{"id":"9"}"#);
    assert_eq!(crm.get("Lead/get?id=9").json()["id"], "9");
    assert_eq!(crm.get("Lead/list?max=1").json()[0]["id"], "1");
}

#[test]
fn a_missing_record_can_be_reported_in_other_forms() {
    let crm = Crm::new();
    let get_missing = |form: &str| {
        crm.control("config", &format!(r#"{{"not_found_form":"{form}"}}"#));
        let response = crm.get("Account/get?id=999");
        (response.status, response.text)
    };
    assert_eq!(get_missing("empty"), (404, String::new()));
    assert_eq!(get_missing("null"), (200, "null".into()));
    assert_eq!(get_missing("object"), (200, "{}".into()));
}

//! The initial records, and records that are added.

use egito_sandbox::Options;

use crate::crm::{CLIENT, Crm, form};

#[test]
fn the_default_seed_is_a_small_polish_crm() {
    let crm = Crm::new();
    let count = |entity: &str| crm.get(&format!("{entity}/list")).ids().len();
    assert_eq!(["Account", "Contact", "Opportunity", "Lead"].map(count), [20, 12, 10, 8]);
    assert_eq!(crm.sandbox.settings().username, "jan@firma");
}

#[test]
fn an_empty_seed_has_people_and_rules_but_no_records() {
    let crm = Crm::new();
    crm.control("reset", r#"{"seed":"empty"}"#);
    assert_eq!(crm.get("Account/list").text, "[]");
    assert_eq!(crm.post("Account/create", "{}").json()["errors"][0]["field"], "name");
    assert_eq!(crm.get("SelectDictionary/list?type=source").ids().len(), 5);
}

#[test]
fn an_inline_seed_brings_its_own_people_rules_and_records() {
    let crm = Crm::new();
    crm.control(
        "reset",
        r#"{"seed":{"users":[{"name":"ola@firma","password":"sekret","rights":["READ"]}],"required":{"Offer":["number"]},
            "dictionaries":{"color":[{"id":"r","text":"Czerwony"}]},"entities":{"Offer":[{"total":1.10,"id":7}]}}}"#,
    );
    let login =
        [("grant_type", "password"), ("client_id", "sandbox-client"), ("client_secret", "sandbox-secret-7c41e0")];
    let ola = [("username", "ola@firma"), ("password", "sekret")];
    let token = crm.request_token(&[&login, &ola]).json()["access_token"].as_str().unwrap().to_owned();
    let send = |call: &str, pairs: &[(&str, &str)]| crm.post_as(call, &form(pairs), crate::crm::FORM, &token);
    assert_eq!(send("Offer/get", &[("id", "7")]).text, r#"{"total":1.10,"id":7}"#);
    assert_eq!(send("Offer/create", &[]).status, 403);
    assert_eq!(send("SelectDictionary/list", &[("type", "color")]).json()[0]["text"], "Czerwony");
}

#[test]
fn seeded_records_are_not_changed_and_given_ids_are_kept() {
    let crm = Crm::new();
    let record = r#"{"id":"a-7", "n":1.0, "s":" "}"#;
    let response = crm.send(
        "POST",
        "/_sandbox/seed",
        &[],
        &format!(r#"{{"entities":{{"Thing":[{record},{{"x":1}},{{"id":40}},{{}}]}}}}"#),
    );
    assert_eq!(response.text, r#"{"ids":{"Thing":["a-7",1,40,41]}}"#);
    assert_eq!(crm.get("Thing/get?id=a-7").text, record);
    let all = crm.send("GET", "/_sandbox/records/Thing", &[], "").text;
    assert_eq!(all, format!(r#"[{{"id":1,"x":1}},{{"id":40}},{{"id":41}},{record}]"#));
}

#[test]
fn generated_records_fill_an_entity_up() {
    let crm = Crm::with(Options { records: Some(2_500), ..Options::default() });
    assert_eq!(crm.get("Account/list").ids().len(), 2_500);
    crm.control("reset", r#"{"seed":"empty","records":{"Account":30,"Contact":7,"Offer":3}}"#);
    let ids = |entity: &str| crm.get(&format!("{entity}/list")).ids();
    assert_eq!((ids("Account").len(), ids("Contact").len()), (30, 7));
    assert_eq!(ids("Offer"), [1, 2, 3]);
}

#[test]
fn a_data_file_keeps_its_records() {
    let file = std::env::temp_dir().join(format!("egito-sandbox-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let options = Options { data: Some(file.clone()), ..Options::default() };
    let crm = Crm::with(options.clone());
    crm.post("Account/delete", r#"{"id":1}"#);
    let id = crm.post("Account/create", r#"{"name":"zostaje"}"#).json()["id"].clone();
    drop(crm);
    let crm = Crm::with(options);
    assert_eq!(crm.get(&format!("Account/get?id={id}")).json()["name"], "zostaje");
    assert_eq!(crm.get("Account/get?id=1").status, 404);
    assert_eq!(crm.get("SelectDictionary/list?type=source").ids().len(), 5);
    drop(crm);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_seed_file_may_be_yaml() {
    let file = std::env::temp_dir().join(format!("egito-sandbox-{}.yaml", std::process::id()));
    std::fs::write(&file, "entities:\n  Account:\n    - {name: Ćma, rate: 0.10000000000000000001}\n").unwrap();
    let crm = Crm::with(Options { seed: Some(file.clone()), ..Options::default() });
    let expected = r#"{"id":1,"name":"Ćma","rate":0.10000000000000000001}"#;
    assert_eq!(crm.get("Account/get?id=1").text, expected);
    crm.post("Account/delete", r#"{"id":1}"#);
    crm.control("reset", "{}");
    assert_eq!(crm.get("Account/get?id=1").text, expected);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn invalid_records_are_named_in_the_error() {
    let crm = Crm::new();
    let error = |seed: &str| {
        let response = crm.send("POST", "/_sandbox/seed", &[], seed);
        assert_eq!(response.status, 400);
        response.json()["error"].as_str().unwrap().to_owned()
    };
    assert_eq!(error(r#"{"entities":{"Offer":{"name":"x"}}}"#), "Offer: expected a list of records, got an object");
    assert_eq!(error(r#"{"entities":{"Offer":[{},7]}}"#), "Offer[1]: expected a record (a JSON object), got a number");
    assert!(error(r#"{"Offer":[{}]}"#).contains(r#"a seed has the form {"entities": {"Account": [{…}, …]}}"#));
    assert_eq!(crm.get("Offer/list").ids(), [] as [i64; 0]);
}

#[test]
fn a_user_may_have_a_refresh_token_from_the_start() {
    let crm = Crm::new();
    crm.control(
        "reset",
        r#"{"seed":{"users":[{"name":"ola@firma","password":"sekret","refresh_token":"od-poczatku"}]}}"#,
    );
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "od-poczatku")];
    assert_eq!(crm.request_token(&[&CLIENT, &refresh]).status, 200);
    assert!(crm.send("GET", "/_sandbox/secrets", &[], "").text.contains("od-poczatku"));
}

//! Permissions: the rights of a user and the scope of a token.

use crate::crm::{CLIENT, Crm, JAN, READER};

fn token_of(crm: &Crm, user: &[(&str, &str)], scope: &str) -> String {
    let token = crm.request_token(&[&[("grant_type", "password"), ("scope", scope)], &CLIENT, user]).json();
    token["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_reader_may_read_and_nothing_else() {
    let crm = Crm::new();
    let token = token_of(&crm, &READER, "");
    let send = |call: &str| crm.post_as(call, r#"{"id":1,"name":"x"}"#, "application/json", &token);
    assert_eq!(send("Account/get").status, 200);
    assert_eq!(send("Account/list").status, 200);
    for call in ["Account/create", "Account/update", "Account/delete"] {
        assert_eq!(send(call).refusal(), (403, "access_denied".into()), "{call}");
    }
    assert_eq!(crm.get("Account/list").ids().len(), 20);
}

#[test]
fn a_token_for_reading_has_too_little_scope_to_write() {
    let crm = Crm::new();
    let token = token_of(&crm, &JAN, "read");
    let response = crm.post_as("Account/create", r#"{"name":"x"}"#, "application/json", &token);
    assert_eq!(response.refusal(), (403, "insufficient_scope".into()));
    assert_eq!(crm.post_as("Account/get", r#"{"id":1}"#, "application/json", &token).status, 200);
}

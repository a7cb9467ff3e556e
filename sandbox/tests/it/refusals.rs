//! Every refusal of wire.md's tables: status and `error`.

use crate::crm::{CLIENT, Crm, FORM, JAN};

type Params<'a> = &'a [(&'a str, &'a str)];

#[track_caller]
fn refused(params: &[Params], status: u16, error: &str) {
    assert_eq!(Crm::new().request_token(params).refusal(), (status, error.to_owned()));
}

const PASSWORD: Params = &[("grant_type", "password")];

#[test]
fn a_wrong_client_is_an_invalid_client() {
    refused(&[PASSWORD, &[("client_id", "sandbox-client"), ("client_secret", "x")], &JAN], 401, "invalid_client");
    refused(&[PASSWORD, &[("client_id", "x"), ("client_secret", "x")], &JAN], 401, "invalid_client");
}

#[test]
fn no_client_at_all_is_unauthorized() {
    refused(&[PASSWORD, &JAN], 401, "unauthorized");
}

#[test]
fn a_json_body_is_not_read() {
    let body = r#"{"grant_type":"password","client_id":"sandbox-client","client_secret":"sandbox-secret-7c41e0"}"#;
    let response = Crm::new().send("POST", "/oauth/token", &[("content-type", "application/json")], body);
    assert_eq!(response.refusal(), (401, "unauthorized".into()));
}

#[test]
fn a_wrong_or_locked_user_is_an_invalid_grant() {
    refused(&[PASSWORD, &CLIENT, &[("username", "jan@firma"), ("password", "x")]], 400, "invalid_grant");
    refused(&[PASSWORD, &CLIENT, &[("username", "nikt@firma"), ("password", "x")]], 400, "invalid_grant");
    refused(&[PASSWORD, &CLIENT, &[("username", "zablokowany@firma"), ("password", "x")]], 400, "invalid_grant");
}

#[test]
fn a_grant_that_is_missing_unknown_or_not_allowed_is_refused() {
    refused(&[&CLIENT, &JAN], 400, "invalid_request");
    refused(&[&[("grant_type", "foo")], &CLIENT], 400, "unsupported_grant_type");
    let crm = Crm::new();
    crm.control("reset", r#"{"seed":{"clients":[{"id":"c","secret":"s","grants":["refresh_token"]}]}}"#);
    let response = crm.request_token(&[PASSWORD, &[("client_id", "c"), ("client_secret", "s")], &JAN]);
    assert_eq!(response.refusal(), (401, "invalid_client".into()));
}

#[test]
fn an_unknown_scope_is_refused_with_the_scopes_that_are_allowed() {
    let response = Crm::new().request_token(&[&[("grant_type", "foo"), ("scope", "read admin")], &CLIENT]);
    assert_eq!(response.refusal(), (400, "invalid_scope".into()));
    assert_eq!(response.json()["scope"], "write read");
}

#[test]
fn get_is_not_a_method_for_tokens() {
    assert_eq!(Crm::new().send("GET", "/oauth/token", &[], "").refusal(), (405, "method_not_allowed".into()));
}

#[test]
fn descriptions_come_in_polish_or_english() {
    let crm = Crm::new();
    let description = || {
        crm.request_token(&[PASSWORD, &CLIENT, &[("username", "jan@firma"), ("password", "x")]]).json()["error_description"].clone()
    };
    assert_eq!(description(), "Niepoprawne dane uwierzytelniające");
    crm.control("config", r#"{"locale":"en"}"#);
    assert_eq!(description(), "Bad credentials");
}

#[test]
fn a_call_without_a_token_is_unauthorized_and_the_refusal_of_an_invalid_one_includes_it() {
    let crm = Crm::new();
    let response = crm.send("GET", "/services/restapi/json/Account/list", &[], "");
    assert_eq!(response.refusal(), (401, "unauthorized".into()));
    assert!(response.header("www-authenticate").starts_with("Bearer realm="));
    let response = crm.post_as("Account/create", "name=x", FORM, "a-bad-token");
    assert_eq!(response.refusal(), (401, "invalid_token".into()));
    assert!(response.text.contains("a-bad-token"));
    crm.control("config", r#"{"echo_token":false}"#);
    assert!(!crm.post_as("Account/create", "name=x", FORM, "a-bad-token").text.contains("a-bad-token"));
}

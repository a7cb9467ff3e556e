//! Lifetime and renewal of tokens.

use crate::crm::{CLIENT, Crm, FORM};
use serde_json::Value;

fn renew(crm: &Crm, token: &Value) -> crate::crm::Response {
    let refresh = token["refresh_token"].as_str().unwrap();
    crm.request_token(&[&[("grant_type", "refresh_token"), ("refresh_token", refresh)], &CLIENT])
}

fn status_with(crm: &Crm, token: &Value) -> (u16, String) {
    let token = token["access_token"].as_str().unwrap();
    crm.post_as("Account/get", "id=1", FORM, token).refusal()
}

#[test]
fn an_expired_token_is_reported_once_and_unknown_afterwards() {
    let crm = Crm::new();
    let token = crm.token();
    crm.control("clock", r#"{"advance":3601}"#);
    let error = || crm.post_as("Account/get", "id=1", FORM, &token).text;
    assert!(error().contains("Access token expired"));
    assert!(error().contains("Invalid access token"));
}

#[test]
fn a_login_after_the_expiry_returns_a_new_access_token_and_keeps_the_refresh_token() {
    let crm = Crm::new();
    let first = crm.login();
    crm.control("clock", r#"{"advance":3601}"#);
    let second = crm.login();
    assert_ne!(first["access_token"], second["access_token"]);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(status_with(&crm, &second).0, 200);
}

#[test]
fn the_refresh_grant_ends_the_old_access_token_at_once() {
    let crm = Crm::new();
    let old = crm.login();
    let new = renew(&crm, &old).json();
    assert_eq!(status_with(&crm, &old), (401, "invalid_token".into()));
    assert_eq!(status_with(&crm, &new).0, 200);
    assert_eq!(new["refresh_token"], old["refresh_token"]);
    assert_eq!(crm.login()["access_token"], new["access_token"]);
}

#[test]
fn with_rotation_a_refresh_token_works_once() {
    let crm = Crm::new();
    crm.control("config", r#"{"rotate_refresh":true}"#);
    let old = crm.login();
    let new = renew(&crm, &old).json();
    assert_ne!(new["refresh_token"], old["refresh_token"]);
    assert_eq!(renew(&crm, &old).refusal(), (400, "invalid_grant".into()));
    assert_eq!(renew(&crm, &new).status, 200);
}

#[test]
fn an_expired_refresh_token_is_an_invalid_token() {
    let crm = Crm::new();
    let token = crm.login();
    crm.control("clock", r#"{"advance":2592001}"#);
    let response = renew(&crm, &token);
    assert_eq!(response.refusal(), (401, "invalid_token".into()));
    assert!(response.text.contains(token["refresh_token"].as_str().unwrap()));
}

#[test]
fn a_token_is_taken_from_the_header_the_query_or_the_form() {
    let crm = Crm::new();
    let token = crm.token();
    let path = "/services/restapi/json/Account/get";
    assert_eq!(crm.send("GET", &format!("{path}?id=1&access_token={token}"), &[], "").status, 200);
    let body = format!("id=1&access_token={token}");
    assert_eq!(crm.send("POST", path, &[("content-type", FORM)], &body).status, 200);
    assert_eq!(
        crm.send("GET", &format!("{path}?id=1"), &[("authorization", &format!("bearer {token}"))], "").status,
        200
    );
    let json = format!(r#"{{"id":1,"access_token":"{token}"}}"#);
    assert_eq!(crm.send("POST", path, &[("content-type", "application/json")], &json).status, 401);
}

//! Token requests that succeed.

use crate::crm::{CLIENT, Crm, FORM, JAN, form};

#[test]
fn a_password_grant_in_a_form_returns_the_documented_response() {
    let crm = Crm::new();
    let response = crm.request_token(&[&[("grant_type", "password")], &CLIENT, &JAN]);
    let token = response.json();
    assert_eq!(response.status, 200);
    assert_eq!(response.header("cache-control"), "no-store");
    assert_eq!((&token["token_type"], &token["scope"]), (&"bearer".into(), &"write read".into()));
    assert_eq!(token["access_token"].as_str().unwrap().len(), 36);
    assert!((3590..=3600).contains(&token["expires_in"].as_i64().unwrap()));
    let position = |name| response.text.find(name).unwrap();
    assert!(position("access_token") < position("token_type") && position("refresh_token") < position("expires_in"));
}

#[test]
fn parameters_are_read_from_the_query_and_from_a_mix_of_both() {
    let crm = Crm::new();
    let all = form(&[&[("grant_type", "password")], &CLIENT[..], &JAN].concat());
    assert_eq!(crm.send("POST", &format!("/oauth/token?{all}"), &[], "").status, 200);
    let keys = form(&CLIENT);
    let rest = form(&[&[("grant_type", "password")], &JAN[..]].concat());
    assert_eq!(crm.send("POST", &format!("/oauth/token?{keys}"), &[("content-type", FORM)], &rest).status, 200);
}

#[test]
fn a_basic_header_can_identify_the_client() {
    let crm = Crm::new();
    let body = form(&[&[("grant_type", "password")], &JAN[..]].concat());
    let basic = "Basic c2FuZGJveC1jbGllbnQ6c2FuZGJveC1zZWNyZXQtN2M0MWUw";
    let headers = [("content-type", FORM), ("authorization", basic)];
    assert_eq!(crm.send("POST", "/oauth/token", &headers, &body).status, 200);
}

#[test]
fn all_logins_of_a_user_share_one_token_with_its_remaining_time() {
    let crm = Crm::new();
    let first = crm.login();
    crm.control("clock", r#"{"advance":283}"#);
    let second = crm.login();
    assert_eq!(first["access_token"], second["access_token"]);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
    assert!((3310..=3317).contains(&second["expires_in"].as_i64().unwrap()));
}

#[test]
fn another_scope_is_another_token_and_is_written_sorted() {
    let crm = Crm::new();
    let login = |scope| crm.request_token(&[&[("grant_type", "password"), ("scope", scope)], &CLIENT, &JAN]).json();
    let registered = crm.login();
    assert_eq!(login("write read")["access_token"], registered["access_token"]);
    let narrow = login("read");
    assert_ne!(narrow["access_token"], registered["access_token"]);
    assert_eq!(narrow["scope"], "read");
}

#[test]
fn the_config_changes_the_token_response() {
    let crm = Crm::new();
    crm.control("config", r#"{"token_omit":["scope","refresh_token"],"token_type":"Bearer","expires_in":7}"#);
    let token = crm.login();
    assert_eq!((&token["expires_in"], &token["token_type"]), (&7.into(), &"Bearer".into()));
    assert!(token.get("scope").is_none() && token.get("refresh_token").is_none());
    crm.control("config", r#"{"expires_in":"missing"}"#);
    assert!(crm.login().get("expires_in").is_none());
}

#[test]
fn with_iso_8859_1_polish_letters_of_a_form_without_a_charset_are_refused() {
    let crm = Crm::new();
    crm.control("config", r#"{"form_charset": "ISO-8859-1"}"#);
    let body = form(&[&[("grant_type", "password")], &CLIENT[..], &JAN].concat());
    let login = |content_type: &str| crm.send("POST", "/oauth/token", &[("content-type", content_type)], &body).status;
    assert_eq!(login(FORM), 400);
    assert_eq!(login(&format!("{FORM}; charset=UTF-8")), 200);
}

//! Invalid settings and arguments are rejected before anything is sent, and the error names them.

use crate::raw_server::RawServer;
use egito::{Client, Code, Outcome, Settings};
use serde_json::{Value, json};

#[test]
fn errors_name_invalid_settings() {
    let refused: [(&str, Value); 29] = [
        ("base_url", json!({"name": "firma"})),
        ("name", json!({"name": "firma.egito.pl", "base_url": null})),
        ("name", json!({"name": "-firma", "base_url": null})),
        ("name", json!({"base_url": null})),
        ("base_url", json!({"base_url": "http://firma.egito.pl"})),
        ("base_url", json!({"base_url": "https://jan:haslo@firma.egito.pl"})),
        ("base_url", json!({"base_url": "https://firma.egito.pl?x=1"})),
        ("base_url", json!({"base_url": "ftp://127.0.0.1"})),
        ("base_url", json!({"base_url": "http://[::2]:80"})),
        ("client_id", json!({"client_id": ""})),
        ("client_secret", json!({"client_secret": ""})),
        ("username", json!({"username": ""})),
        ("password", json!({"password": ""})),
        ("token_store", json!({"token_store": "Memory"})),
        ("token_store", json!({"token_store": "/no/such/folder/tokens.json"})),
        ("token_store", json!({"token_store": "/dev/full"})),
        ("token_store", json!({"token_store": "/proc/1/tokens.json"})),
        ("token_store", json!({"token_store": std::env::temp_dir().join("x".repeat(300))})),
        ("token_store", json!({"token_store": std::env::temp_dir().join("x".repeat(255))})),
        ("token_store", json!({"token_store": std::env::temp_dir().join("x".repeat(250))})),
        ("timeout", json!({"timeout": 0})),
        ("read_timeout", json!({"read_timeout_ms": 0})),
        ("requests_per_second", json!({"requests_per_second": 0})),
        ("max_concurrency", json!({"max_concurrency": 0})),
        ("max_response_bytes", json!({"max_response_bytes": 0})),
        ("page_size", json!({"page_size": 0})),
        ("id_param", json!({"id_param": ""})),
        ("user_agent", json!({"user_agent": "a\nb"})),
        ("token_in", json!({"token_in": "form"})),
    ];
    let server = RawServer::with_ids();
    for (setting, over) in refused {
        let error = Client::new(server.settings(&over)).unwrap_err();
        let details = error.details();
        assert_eq!((error.code(), details.setting.as_deref()), (Code::Config, Some(setting)), "{over}: {error}");
        assert_eq!(error.outcome(), Some(Outcome::NotSent), "{over}");
    }
}

#[test]
fn valid_addresses_are_accepted() {
    let server = RawServer::with_ids();
    for address in ["http://localhost:9/egito/", "http://[::1]:9", "http://127.9.9.9:9", "https://firma.egito.pl/"] {
        Client::new(server.settings(&json!({"base_url": address}))).unwrap();
    }
    Client::new(server.settings(&json!({"base_url": null, "name": "firma"}))).unwrap();
}

#[test]
fn names_and_types_of_settings_are_checked() {
    for (setting, json) in [
        ("timout", r#"{"timout": 5}"#),
        ("timeout", r#"{"timeout": "5"}"#),
        ("timeout", r#"{"timeout": -1}"#),
        ("timeout", r#"{"timeout": 5, "timeoutMs": 5000}"#),
        ("page_size", r#"{"pageSize": 1.5}"#),
        ("token_in", r#"{"token_in": "cookie"}"#),
    ] {
        let error = Settings::from_json(json.as_bytes()).unwrap_err();
        assert_eq!(error.code(), Code::Config, "{json}");
        assert_eq!(error.details().setting.as_deref(), Some(setting), "{json}: {error}");
    }
    for json in ["", "[]", "null", "{", "{} x"] {
        assert_eq!(Settings::from_json(json.as_bytes()).unwrap_err().code(), Code::Config, "{json}");
    }
}

#[tokio::test]
async fn errors_name_invalid_arguments_and_nothing_is_sent() {
    let server = RawServer::with_ids();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let accounts = client.accounts();
    let list = |options: &str| accounts.list().with_json(options.as_bytes()).and_then(|list| list.pages().map(drop));
    let results = [
        ("id", accounts.get("").await.map(drop)),
        ("id", accounts.delete("  ").await.map(drop)),
        ("record", accounts.create("Żubr").await.map(drop)),
        ("record", accounts.update(7, &json!({"id": 8, "name": "Żubr"})).await.map(drop)),
        ("action", accounts.call("a/b", &json!({})).await.map(drop)),
        ("entity", client.entity("Account/../x").map(drop)),
        ("order", list(r#"{"order": "up"}"#)),
        ("page_size", list(r#"{"page_size": 0}"#)),
        ("offset", list(r#"{"filters": {"offset": 5}}"#)),
        ("filters", list(r#"{"filters": {"city": {"of": "Kraków"}}}"#)),
        ("filters", list(r#"{"filters": {"city": [["Kraków"]]}}"#)),
        ("filters", list(r#"{"filters": {" ": "Kraków"}}"#)),
        ("city", list(r#"{"filters": {"city": null}}"#)),
        ("city", list(r#"{"filters": {"city": []}}"#)),
        ("city", accounts.list().filter("city", "").check()),
        ("type", client.dictionary("").check()),
        ("orderBy", list(r#"{"orderBy": "name"}"#)),
        ("options", list("{} x")),
        ("options", list(r#"[{"city": "Gdynia"}, "name"]"#)),
        ("timeout", client.with_options(br#"{"timeout": 0}"#).map(drop)),
        ("username", client.with_options(br#"{"username": "ala@firma"}"#).map(drop)),
    ];
    for (index, (setting, result)) in results.into_iter().enumerate() {
        let error = result.unwrap_err();
        let details = error.details();
        assert_eq!((error.code(), details.setting.as_deref()), (Code::Config, Some(setting)), "{index}: {error}");
    }
    assert_eq!(server.requests(), 0);
}

#[test]
fn a_token_that_is_invalid_in_a_header_is_an_unexpected_response() {
    let server = crate::sandbox::Server::start();
    let response = json!({"status": 200, "json": {"access_token": "zły\ntoken"}});
    server.control("POST", "faults", &json!({"on": {"action": "login"}, "response": response}));
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let error = client.accounts().create(&json!({"name": "Żubr"})).unwrap_err();
    assert_eq!((error.code(), server.journal("create").len()), (Code::UnexpectedResponse, 0), "{error:?}");
}

#[tokio::test]
async fn a_blocking_call_inside_an_async_runtime_is_rejected() {
    let server = RawServer::with_ids();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    assert_eq!(client.accounts().get(1).unwrap_err().code(), Code::Config);
    assert_eq!(server.requests(), 0);
}

#[test]
fn an_interrupted_call_ends_with_its_outcome() {
    let server = RawServer::start(|stream, _| crate::raw_server::await_client_close(stream));
    let sent = server.watch();
    let client = egito::binding::interruptible(server.settings(&json!({})), move || sent() > 0).unwrap();
    let error = client.accounts().create(&json!({})).unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::OutcomeUnknown, Some(Outcome::Unknown)), "{error:?}");
    server.await_close();
}

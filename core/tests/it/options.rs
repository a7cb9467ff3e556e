//! Calls with their own settings share the token and the counters of the client.

use crate::sandbox::Server;
use egito::{Code, blocking};
use serde_json::json;

#[test]
fn a_call_uses_its_own_settings_and_shares_the_token() {
    let server = Server::start();
    let client = blocking::Client::new(server.settings(&json!({"max_retries": 1, "backoff_base": 0.01}))).unwrap();
    server.control("POST", "faults", &json!({"on": {"action": "get"}, "times": 0, "response": {"status": 503}}));
    let once = client.with_options(br#"{"maxRetries": 0, "decimals": "string"}"#).unwrap();
    assert_eq!(once.accounts().get(1).unwrap_err().details().attempts, 1);
    assert_eq!(client.accounts().get(1).unwrap_err().details().attempts, 2, "the client itself keeps its settings");
    let twice = once.with_options(br#"{"max_retries": 2}"#).unwrap();
    assert_eq!(twice.accounts().get(1).unwrap_err().details().attempts, 3);
    assert_eq!(twice.accounts().get_many([1]).unwrap().to_vec()[0].error.as_ref().unwrap().details().attempts, 3);
    assert_eq!((server.journal("login").len(), client.stats().attempts), (1, 9));
}

#[test]
fn a_list_uses_the_options_of_its_client_also_for_prefetched_pages() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Offer": 40}}));
    let client = blocking::Client::new(server.settings(&json!({}))).unwrap();
    let small = client.with_options(br#"{"page_size": 10, "page_overlap": 0}"#).unwrap();
    let pages = small.entity("Offer").unwrap().list().pages().unwrap();
    assert_eq!(pages.map(|page| page.unwrap().len()).collect::<Vec<_>>(), [10; 4]);
}

#[tokio::test]
async fn settings_of_the_whole_client_are_rejected() {
    let server = Server::start();
    let client = egito::Client::new(server.settings(&json!({}))).unwrap();
    for (options, setting) in
        [(r#"{"password": "x"}"#, "password"), (r#"{"timeout": 0}"#, "timeout"), (r#"{"timeuot": 1}"#, "timeuot")]
    {
        let error = client.with_options(options.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(setting)));
    }
}

//! Calls that return their HTTP response: that of the last attempt, without secrets.

use crate::raw_server::RawServer;
use crate::sandbox::Server;
use egito::{Client, blocking};
use futures_util::TryStreamExt;
use serde_json::json;
use std::collections::BTreeSet;

/// Returns the response of a blocking `get` whose server sends these header lines.
fn response_with(headers: &str) -> egito::Response<egito::Record> {
    let text = format!("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n{headers}\r\n{{\"id\":7}}");
    let server = RawServer::responding(text);
    let client = blocking::Client::new(server.settings(&json!({}))).unwrap();
    client.accounts().with_response().get(7).unwrap()
}

fn texts<'r>(response: &'r egito::Response<egito::Record>, name: &str) -> Vec<&'r str> {
    response.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
}

#[test]
fn values_of_headers_with_credentials_are_removed() {
    let response = response_with(
        "Set-Cookie: JSESSIONID=31337\r\nset-cookie: remember=me\r\nWWW-Authenticate: Bearer realm=\"x\"\r\nX-Kind: Account\r\n",
    );
    assert_eq!(texts(&response, "set-cookie"), ["[removed]"; 2]);
    assert_eq!(texts(&response, "www-authenticate"), ["[removed]"]);
    assert_eq!(texts(&response, "x-kind"), ["Account"]);
}

#[test]
fn a_secret_in_the_value_of_a_header_is_removed() {
    let token: serde_json::Value = serde_json::from_str(crate::raw_server::TOKEN).unwrap();
    let token = token["access_token"].as_str().unwrap();
    let response = response_with(&format!("X-Echo: token {token}; ok\r\nX-Raw: zł\r\n"));
    assert_eq!(texts(&response, "x-echo"), ["token [removed]; ok"]);
    assert_eq!(response.headers["x-raw"].as_bytes(), "zł".as_bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_calls_return_their_own_responses() {
    let server = Server::start();
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let accounts = client.accounts().with_response();
    let calls = (1..=20).map(|id| {
        let accounts = accounts.clone();
        tokio::spawn(async move { (id, accounts.get(id).await.unwrap()) })
    });
    let mut numbers = BTreeSet::new();
    for call in calls.collect::<Vec<_>>() {
        let (id, response) = call.await.unwrap();
        assert_eq!((response.value.id(), response.status), (Some(id.into()), 200));
        numbers.insert(response.call_id);
    }
    assert_eq!(numbers.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_prefetched_page_has_its_own_response() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"records": {"Offer": 40}}));
    let client = Client::new(server.settings(&json!({"prefetch": 3, "page_overlap": 0}))).unwrap();
    let list = client.entity("Offer").unwrap().list().page_size(10);
    let pages: Vec<egito::Page> = list.clone().with_response().pages().unwrap().try_collect().await.unwrap();
    let numbers: BTreeSet<u64> = pages.iter().map(|page| page.response().unwrap().call_id).collect();
    assert_eq!((pages.len(), numbers.len()), (4, 4));
    let pages: Vec<egito::Page> = list.pages().unwrap().try_collect().await.unwrap();
    assert!(pages.iter().all(|page| page.response().is_none()));
}
